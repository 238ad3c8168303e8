import { sql } from "drizzle-orm";
import {
  type AnySQLiteColumn,
  index,
  primaryKey,
  sqliteTable,
  text,
} from "drizzle-orm/sqlite-core";
import { checkLevel, level } from "./columns.ts";
import { groups } from "./groups.ts";
import { users } from "./users.ts";

// The levels of users and of groups on the records that are shared with members: two tables for each kind of records.

/**
 * What users may do with the records of a kind, each at one of the four permission levels.
 *
 * @param record the name of the records: `setup` gives the table `setup_users`
 */
export const userLevels = (record: string, ofRecord: () => AnySQLiteColumn) =>
  sqliteTable(
    `${record}_users`,
    {
      recordId: text(`${record}_id`).notNull().references(ofRecord, { onDelete: "cascade" }),
      userId: text("user_id")
        .notNull()
        .references(() => users.id, { onDelete: "cascade" }),
      level: level(),
    },
    (table) => [
      primaryKey({ columns: [table.recordId, table.userId] }),
      // Serves the step from a caller to what the caller may read, in every list and every permission check.
      index(`${record}_users_user_id`).on(table.userId, table.recordId, table.level),
      checkLevel(`${record}_users_level`, table.level, sql`1, 2, 3, 4`),
    ],
  );

/** As `userLevels`, for groups. */
export const groupLevels = (record: string, ofRecord: () => AnySQLiteColumn) =>
  sqliteTable(
    `${record}_groups`,
    {
      recordId: text(`${record}_id`).notNull().references(ofRecord, { onDelete: "cascade" }),
      groupId: text("group_id")
        .notNull()
        .references(() => groups.id, { onDelete: "cascade" }),
      level: level(),
    },
    (table) => [
      primaryKey({ columns: [table.recordId, table.groupId] }),
      index(`${record}_groups_group_id`).on(table.groupId, table.recordId, table.level),
      checkLevel(`${record}_groups_level`, table.level, sql`1, 2, 3, 4`),
    ],
  );
