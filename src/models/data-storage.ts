import { sql } from "drizzle-orm";
import * as z from "zod/mini";
import { levelOn } from "../db/access.ts";
import { dataStorages } from "../db/schema/data-storages.ts";
import { sessionDataStorages } from "../db/schema/sessions.ts";
import { defineModel } from "../model/define.ts";
import { objectDetails } from "../model/details.ts";
import type { WritableField } from "../model/field.ts";
import * as field from "../model/fields.ts";
import { held, members, publicFlag } from "../model/held.ts";
import { dataStorageGroupLevels, dataStorageUserLevels } from "../model/membership.ts";
import type { Precondition } from "../model/precondition.ts";
import { boolean, expected, listOrOne, nameText, text } from "../model/schemas.ts";
import { OBJECTS_SCHEMA } from "../query/field.ts";
import { LEVEL_FOR } from "../values/permission.ts";

const protocol = z.strictObject(
  {
    protocol: nameText(200),
    path: z._default(text(1000), ""),
    is_public: z._default(boolean, false),
  },
  { error: expected("Expected an object with protocol, path and is_public") },
);

type Protocol = z.output<typeof protocol>;

/**
 * The protocols of a data storage. The public portal shows only the public protocols, and no path of the
 * others.
 */
function protocols(): WritableField<Protocol[]> {
  const column = dataStorages.dataProtocols;
  return {
    ...field.json<Protocol[]>(column, z._default(listOrOne(protocol), []), OBJECTS_SCHEMA),
    json: (caller) =>
      caller.kind === "public"
        ? sql`(SELECT json_group_array(json(value)) FROM json_each(${column})
            WHERE json_extract(value, '$.is_public') = 1)`
        : column,
  };
}

/**
 * No session uses the data storage. Only owners see this violation: other callers may not delete the storage
 * anyway.
 */
function noSessionUses(id: string): Precondition {
  const uses = sql`SELECT count(*) AS count FROM ${sessionDataStorages}
    WHERE ${sessionDataStorages.dataStorageId} = ${id}`;
  return (caller) => sql`SELECT json_object('kind', 'conflict', 'field', 'sessions', 'message',
      'Sessions that name this data storage: ' || count || '. Take it from them first.') AS fault
    FROM (${uses}) WHERE count > 0
    AND ${levelOn(caller, "datastorage", sql`${id}`)} >= ${LEVEL_FOR.own}`;
}

/** A data storage: a place that stores the data of sessions. */
export const dataStorage = defineModel({
  name: "datastorage",
  plural: "datastorages",
  title: "data storage",
  path: "/personal_attributes/datastorage",
  table: dataStorages,
  access: held({ owners: dataStorageUserLevels }),
  order: [dataStorages.name],
  search: { fields: ["name", "location", "description"] },
  fields: {
    id: field.id(dataStorages.id),
    name: field.uniqueName(dataStorages.name, dataStorages.nameFolded, {
      max: 100,
      title: "data storage",
    }),
    location: field.text(dataStorages.location, dataStorages.locationFolded, { max: 100 }),
    description: field.text(dataStorages.description, dataStorages.descriptionFolded, { max: 500 }),
    is_public: publicFlag(dataStorages.isPublic, "datastorage", dataStorages.id),
    data_organization: field.json<Record<string, unknown>[]>(
      dataStorages.dataOrganization,
      z._default(listOrOne(objectDetails), []),
      OBJECTS_SCHEMA,
    ),
    data_protocols: protocols(),
    users: members(dataStorageUserLevels),
    authenticated_groups: members(dataStorageGroupLevels),
    created_date: field.createdDate(dataStorages.createdDate),
    updated_date: field.updatedDate(dataStorages.updatedDate),
  },
  preconditions: { remove: (id) => [noSessionUses(id)] },
});
