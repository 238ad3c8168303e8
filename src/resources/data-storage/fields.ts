import { levelOn, readableIds } from "../../db/access.ts";
import { sql } from "../../db/sql.ts";
import { dataStorages } from "../../db/tables.ts";
import { once } from "../../domain/once.ts";
import {
  askedInstant,
  booleanField,
  idField,
  jsonField,
  OBJECTS_SCHEMA,
  textField,
} from "../../query/field.ts";
import type { Field, Resource } from "../../query/resource.ts";
import {
  dataStorageGroupLevels,
  dataStorageUserLevels,
  membersField,
} from "../../record/membership.ts";

/** The public portal shows the protocols that are public, and no path of the others. */
const protocolsField = (): Field => ({
  schema: OBJECTS_SCHEMA,
  json: (viewer) =>
    viewer.kind === "public"
      ? sql`(SELECT json_group_array(json(value)) FROM json_each(${dataStorages.dataProtocols})
          WHERE json_extract(value, '$.is_public') = 1)`
      : dataStorages.dataProtocols,
});

/** A data storage: where the data of sessions lies. */
export const dataStorage: Resource = {
  name: "datastorage",
  listName: "datastorages",
  title: "data storage",
  viewPermission: "view_datastorage",
  table: dataStorages,
  id: dataStorages.id,
  fields: once(() => ({
    id: idField(dataStorages.id),
    name: textField(dataStorages.name, dataStorages.nameFolded),
    location: textField(dataStorages.location, dataStorages.locationFolded),
    description: textField(dataStorages.description, dataStorages.descriptionFolded),
    is_public: booleanField(dataStorages.isPublic),
    data_organization: jsonField(dataStorages.dataOrganization, OBJECTS_SCHEMA),
    data_protocols: protocolsField(),
    users: membersField(dataStorageUserLevels),
    authenticated_groups: membersField(dataStorageGroupLevels),
    created_date: askedInstant(dataStorages.createdDate),
    updated_date: askedInstant(dataStorages.updatedDate),
  })),
  defaultOrder: [dataStorages.name],
  visible: (viewer) => sql`${dataStorages.id} IN ${readableIds(viewer, "datastorage")}`,
  readable: (viewer) => sql`${levelOn(viewer, "datastorage", dataStorages.id)} > 0`,
};
