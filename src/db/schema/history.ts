import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { checkJson, createdDate, instant } from "./columns.ts";
import { users } from "./users.ts";

/** Who made, changed and deleted which record, and what of it: written by the batch that did it. */
export const history = sqliteTable(
  "history",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    dateTime: instant("date_time").notNull(),
    /** Null for the administrator's command. */
    userId: text("user_id").references(() => users.id),
    action: text("action").notNull(),
    model: text("model").notNull(),
    recordId: text("record_id").notNull(),
    /** The projects that the record was in, so that their managers can read this. */
    projects: text("projects").notNull().default("[]"),
    /** `{"<field>": {"from": ..., "to": ...}}` for each field that is not what it was. */
    changes: text("changes").notNull(),
  },
  (table) => [
    // The history of one record, newest first.
    index("history_record").on(table.recordId, table.id),
    check("history_action", sql`${table.action} IN ('create', 'change', 'delete')`),
    checkJson("history_projects_is_array", table.projects, "array"),
    checkJson("history_changes_is_object", table.changes, "object"),
  ],
);

/** The answers to requests that carried an `Idempotency-Key`, for as long as a client may repeat them. */
export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    key: text("key").notNull(),
    /** SHA-256 of what was asked: the path and the body. */
    requestHash: text("request_hash").notNull(),
    /** The object that was made, as JSON text. */
    answer: text("answer").notNull(),
    createdDate: createdDate(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.key] }),
    // The keys that have had their day.
    index("idempotency_keys_created_date").on(table.createdDate),
  ],
);
