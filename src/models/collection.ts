import { collectionSessions, collections, collectionTags } from "../db/schema/collections.ts";
import { projects } from "../db/schema/projects.ts";
import { sessions } from "../db/schema/sessions.ts";
import { defineModel } from "../model/define.ts";
import * as field from "../model/fields.ts";
import { sortedWithin, throughShared } from "../model/in-shared.ts";
import { listIsOfProject } from "../model/of-one-project.ts";
import { manyToMany, type Related, reference, tags } from "../model/relations.ts";
import { DEFAULT_ORDER } from "../query/read-model.ts";
import { historyOf } from "./history-entry.ts";
import { project } from "./project.ts";
import { session } from "./session/session.ts";

const links = {
  table: collectionSessions,
  recordId: collectionSessions.collectionId,
  relatedId: collectionSessions.sessionId,
  id: collections.id,
};

const byName = sortedWithin(collections.projectId, "name");

/** A collection: a named list of sessions of one project. */
export const collection = defineModel({
  name: "collection",
  plural: "collections",
  help: "A named list of sessions of one project, such as those of a figure.",
  path: "/stem/collection",
  table: collections,
  access: throughShared({
    name: "project",
    kind: "project",
    id: collections.projectId,
    count: projects.collectionCount,
    orders: { [DEFAULT_ORDER]: byName, name: byName },
  }),
  order: [collections.name, collections.id],
  search: { fields: ["name", "tags", "description"] },
  fields: {
    id: field.id(collections.id),
    name: field.name(collections.name, collections.nameFolded, {
      max: 100,
      help: "What the collection is called, such as Sessions of figure 2.",
    }),
    description: field.text(collections.description, collections.descriptionFolded, {
      max: 100_000,
      help: "What the sessions have in common.",
    }),
    project: reference(collections.projectId, {
      table: projects,
      name: { column: projects.name, folded: projects.nameFolded },
      model: (): Related => project,
      help: "The project that the collection belongs to; it says who may read and change it.",
    }),
    sessions: manyToMany(links, (): Related => session, {
      isCheckedByModel: true,
      max: 2_000,
      omittedWhenIncluded: true,
      readForEach: 24,
      help: "The sessions of the project that are in it, in their order.",
    }),
    tags: tags({ table: collectionTags, recordId: collectionTags.recordId, id: collections.id }),
    created_date: field.createdDate(collections.createdDate),
    updated_date: field.updatedDate(collections.updatedDate),
  },
  preconditions: listIsOfProject(links, "sessions", sessions),
  subLists: [historyOf("collection")],
});
