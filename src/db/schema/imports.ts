import { sql } from "drizzle-orm";
import { check, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { instant } from "./columns.ts";

/**
 * The mark of an import: one row from its start to its end. While the row exists, the service answers no
 * request, so that the import is the only source of the data.
 */
export const imports = sqliteTable(
  "imports",
  {
    id: integer("id").primaryKey(),
    /** Identifies the import. An import that takes over from a dead one replaces it. */
    run: text("run").notNull(),
    startedDate: instant("started_date").notNull(),
    /** When it last wrote something. */
    aliveDate: instant("alive_date").notNull(),
  },
  (table) => [check("imports_has_one_row", sql`${table.id} = 1`)],
);
