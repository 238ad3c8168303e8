import { sql } from "drizzle-orm";
import { check, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { instant } from "./columns.ts";

/**
 * The mark of an import that fills the database: one row from its first moment to its last. While it is
 * there the service answers no request, so that all there is was written by the import.
 */
export const imports = sqliteTable(
  "imports",
  {
    id: integer("id").primaryKey(),
    /** Which import it is: another one that takes over has another. */
    run: text("run").notNull(),
    startedDate: instant("started_date").notNull(),
    /** When it last wrote something. */
    aliveDate: instant("alive_date").notNull(),
  },
  (table) => [check("imports_has_one_row", sql`${table.id} = 1`)],
);
