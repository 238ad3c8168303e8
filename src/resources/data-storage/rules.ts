import { levelOn } from "../../db/access.ts";
import { sql } from "../../db/sql.ts";
import { dataStorages, sessionDataStorages } from "../../db/tables.ts";
import { LEVEL_FOR } from "../../domain/permission.ts";
import { type Check, holdsOn, targetIsVisible, valueIsFree } from "../../record/checks.ts";
import { ownersPublish } from "../../record/membership-rules.ts";
import type { RecordRules } from "../../record/service.ts";
import { dataStorage } from "./fields.ts";
import type { DataStorageInput } from "./schemas.ts";

/** What must hold for a data storage to be written, beside what its members ask for. */
export const dataStorageRules: RecordRules<DataStorageInput> = {
  create: ({ name }) => nameRules(name),
  change: (id, { name, isPublic }) => [
    targetIsVisible(dataStorage, id, "view_datastorage"),
    holdsOn("change", "datastorage", [id]),
    ...nameRules(name, id),
    ...ownersPublish("datastorage", id, isPublic),
  ],
  remove: (id) => [
    targetIsVisible(dataStorage, id, "view_datastorage"),
    holdsOn("own", "datastorage", [id]),
    noSessionUses(id),
  ],
};

function nameRules(name: string | undefined, id?: string): readonly Check[] {
  if (name === undefined) return [];
  return [valueIsFree("name", dataStorages.name, name, dataStorage.title, id)];
}

/** No session has its data there. Told to owners alone: the others may not anyway. */
function noSessionUses(id: string): Check {
  const uses = sql`SELECT count(*) AS count FROM ${sessionDataStorages}
    WHERE ${sessionDataStorages.dataStorageId} = ${id}`;
  return (viewer) => sql`SELECT json_object('kind', 'conflict', 'field', 'sessions', 'message',
      'Sessions that name this data storage: ' || count || '. Take it from them first.') AS fault
    FROM (${uses}) WHERE count > 0
    AND ${levelOn(viewer, "datastorage", sql`${id}`)} >= ${LEVEL_FOR.own}`;
}
