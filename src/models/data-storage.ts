import { sql } from "drizzle-orm";
import * as z from "zod/mini";
import { levelOn } from "../db/access.ts";
import { dataStorages, dataStorageTags } from "../db/schema/data-storages.ts";
import { sessionDataStorages } from "../db/schema/sessions.ts";
import { defineModel } from "../model/define.ts";
import { objectDetails } from "../model/details.ts";
import type { WritableField } from "../model/field.ts";
import * as field from "../model/fields.ts";
import type { Precondition } from "../model/precondition.ts";
import { tags } from "../model/relations.ts";
import { boolean, expected, listOrOne, nameText, text } from "../model/schemas.ts";
import {
  groupsWithAccess,
  publicFlag,
  sharedWithMembers,
  usersWithAccess,
} from "../model/shared-with-members.ts";
import { OBJECTS_SCHEMA } from "../query/field.ts";
import { LEVEL_FOR, SHARED_TITLES } from "../values/permission.ts";

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
    ...field.rows<Protocol[]>(column, z._default(listOrOne(protocol), []), {
      shown: OBJECTS_SCHEMA,
      parts: [
        {
          name: "protocol",
          label: "Protocol",
          kind: "text",
          proposed: ["SMB", "NFS", "SFTP", "S3", "HTTPS", "Globus", "Local"],
        },
        { name: "path", label: "Path", kind: "text" },
        { name: "is_public", label: "Public", kind: "flag" },
      ],
      help: "How to reach the data: a protocol, its path, and whether it is public, such as SMB and //server/data. The public portal shows the public ones only.",
    }),
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
      'Sessions that name this data storage: ' || count || '. Take it from them first.') AS violation
    FROM (${uses}) WHERE count > 0
    AND ${levelOn(caller, "datastorage", sql`${id}`)} >= ${LEVEL_FOR.own}`;
}

/** A data storage: a place that stores the data of sessions. */
export const dataStorage = defineModel({
  name: "datastorage",
  plural: "datastorages",
  title: SHARED_TITLES.datastorage,
  help: "A place where the data of sessions lies, such as a server, a cloud bucket or an archive.",
  path: "/personal_attributes/datastorage",
  table: dataStorages,
  access: sharedWithMembers("datastorage"),
  order: [dataStorages.name],
  search: { fields: ["name", "tags", "location", "description"] },
  fields: {
    id: field.id(dataStorages.id),
    name: field.uniqueName(dataStorages.name, dataStorages.nameFolded, {
      max: 100,
      title: SHARED_TITLES.datastorage,
      help: "A name that no other data storage has, such as lab-server-1.",
    }),
    location: field.text(dataStorages.location, dataStorages.locationFolded, {
      max: 100,
      help: "Where the storage is, such as a building, an institution or a cloud region.",
    }),
    description: field.text(dataStorages.description, dataStorages.descriptionFolded, {
      max: 500,
      help: "What the storage is for, and whom to ask about it.",
    }),
    is_public: publicFlag("datastorage", {
      label: "Public",
      help: "Whether anyone may see the data storage without a token; only an owner changes it.",
    }),
    data_organization: field.rows<Record<string, unknown>[]>(
      dataStorages.dataOrganization,
      z._default(listOrOne(objectDetails), []),
      {
        shown: OBJECTS_SCHEMA,
        parts: [
          {
            name: "elements",
            label: "Folders",
            kind: "text",
            proposed: ["Projects", "Subjects", "Cohorts", "Collections", "Sessions", "Years"],
          },
        ],
        help: "How folders are arranged, from the top one down: what those of each level are named after, such as Projects, Subjects and Sessions.",
      },
    ),
    data_protocols: protocols(),
    users: usersWithAccess("datastorage"),
    authenticated_groups: groupsWithAccess("datastorage"),
    tags: tags({ table: dataStorageTags, recordId: dataStorageTags.recordId, id: dataStorages.id }),
    created_date: field.createdDate(dataStorages.createdDate),
    updated_date: field.updatedDate(dataStorages.updatedDate),
  },
  preconditions: { remove: (id) => [noSessionUses(id)] },
});
