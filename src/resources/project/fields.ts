import { sql } from "drizzle-orm";
import { levelOn, readableIds } from "../../db/access.ts";
import { projects, projectTags } from "../../db/schema/projects.ts";
import {
  askedInstant,
  booleanField,
  idField,
  jsonField,
  jsonList,
  OBJECT_SCHEMA,
  TAGS_SCHEMA,
  textField,
} from "../../query/field.ts";
import type { Resource } from "../../query/resource.ts";

/** A project: what sessions belong to and permissions are held on. */
export const project: Resource = {
  name: "project",
  listName: "projects",
  title: "project",
  viewPermission: "view_project",
  table: sql`${projects}`,
  id: sql`${projects.id}`,
  fields: {
    id: idField(projects.id),
    name: textField(projects.name, projects.nameFolded),
    description: textField(projects.description, projects.descriptionFolded),
    extra_fields: jsonField(projects.extraFields, OBJECT_SCHEMA),
    is_public: booleanField(projects.isPublic),
    tags: {
      schema: TAGS_SCHEMA,
      json: () =>
        jsonList(
          sql`json_quote(${projectTags.tag})`,
          sql`${projectTags.position}`,
          sql`${projectTags} WHERE ${projectTags.projectId} = ${projects.id}`,
        ),
    },
    created_date: askedInstant(projects.createdDate),
    updated_date: askedInstant(projects.updatedDate),
  },
  defaultOrder: [sql`${projects.name}`],
  visible: (viewer) => sql`${projects.id} IN ${readableIds(viewer, "project")}`,
  readable: (viewer) => sql`${levelOn(viewer, "project", sql`${projects.id}`)} > 0`,
};
