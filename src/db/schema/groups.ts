import { sql } from "drizzle-orm";
import { index, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import {
  checkLength,
  checkLevel,
  checkUuid,
  createdDate,
  id,
  level,
  updatedDate,
} from "./columns.ts";
import { users } from "./users.ts";

/** A lab or a team. Its members share the permissions that the group has. */
export const groups = sqliteTable(
  "groups",
  {
    id: id(),
    name: text("name").notNull().unique(),
    nameFolded: text("name_folded").notNull(),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    checkUuid("groups_id_is_uuid", table.id),
    checkLength("groups_name_length", table.name, 1, 100),
  ],
);

/** The members of a group, as member (1), manager (3) or owner (4). `recordId` is the group, as in `levels.ts`. */
export const groupMembers = sqliteTable(
  "group_members",
  {
    recordId: text("group_id")
      .notNull()
      .references(() => groups.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    level: level(),
  },
  (table) => [
    primaryKey({ columns: [table.recordId, table.userId] }),
    // Serves the step from a caller to the caller's groups, in every permission check.
    index("group_members_user_id").on(table.userId, table.recordId),
    checkLevel("group_members_level", table.level, sql`1, 3, 4`),
  ],
);
