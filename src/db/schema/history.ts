import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { checkJson, createdDate, instant } from "./columns.ts";
import { users } from "./users.ts";

/**
 * The audit entries: who created, changed or deleted which record, and which fields changed. The batch of the
 * write inserts them.
 */
export const history = sqliteTable(
  "history",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    dateTime: instant("date_time").notNull(),
    /** The user who made the change; null for the administrator's command. */
    userId: text("user_id").references(() => users.id),
    action: text("action").notNull(),
    model: text("model").notNull(),
    recordId: text("record_id").notNull(),
    /** The record's projects at the time. Their managers may read the entry. */
    projects: text("projects").notNull().default("[]"),
    /** `{"<field>": {"from": ..., "to": ...}}` for each field that changed. */
    changes: text("changes").notNull(),
  },
  (table) => [
    // Serves the history of one record.
    index("history_record").on(table.recordId, table.id),
    check("history_action", sql`${table.action} IN ('create', 'change', 'delete')`),
    checkJson("history_projects_is_array", table.projects, "array"),
    checkJson("history_changes_is_object", table.changes, "object"),
  ],
);

/**
 * The answers to requests with an `Idempotency-Key`, stored for as long as a client may repeat the request.
 */
export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    key: text("key").notNull(),
    /** SHA-256 of the request: its path and its body. */
    requestHash: text("request_hash").notNull(),
    /** The created object, as JSON text. */
    answer: text("answer").notNull(),
    createdDate: createdDate(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.key] }),
    // Serves the deletion of expired keys.
    index("idempotency_keys_created_date").on(table.createdDate),
  ],
);
