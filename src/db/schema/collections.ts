import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import {
  checkLength,
  checkUuid,
  createdDate,
  id,
  parentIndexes,
  tagTable,
  updatedDate,
} from "./columns.ts";
import { projects } from "./projects.ts";
import { sessions } from "./sessions.ts";

/** A named list of sessions of one project. */
export const collections = sqliteTable(
  "collections",
  {
    id: id(),
    name: text("name").notNull(),
    nameFolded: text("name_folded").notNull(),
    description: text("description").notNull().default(""),
    descriptionFolded: text("description_folded").notNull().default(""),
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    checkUuid("collections_id_is_uuid", table.id),
    checkLength("collections_name_length", table.name, 1, 100),
    index("collections_parent_name").on(table.projectId, table.name, table.id),
    index("collections_name").on(table.name, table.id),
    ...parentIndexes("collections", table.projectId, table),
  ],
);

export const collectionSessions = sqliteTable(
  "collection_sessions",
  {
    collectionId: text("collection_id")
      .notNull()
      .references(() => collections.id, { onDelete: "cascade" }),
    sessionId: text("session_id")
      .notNull()
      .references(() => sessions.id, { onDelete: "cascade" }),
    position: integer("position").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.collectionId, table.sessionId] }),
    index("collection_sessions_session_id").on(table.sessionId, table.collectionId),
    // Gives the sessions in their order, and how many there are at most from the last of them.
    index("collection_sessions_place").on(table.collectionId, table.position, table.sessionId),
  ],
);

export const collectionTags = tagTable("collection", () => collections.id);
