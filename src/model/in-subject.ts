import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { subjects } from "../db/schema/subjects.ts";
import type { Belonging } from "./in-parent.ts";
import type { InProjectSet } from "./project-set.ts";

/** How the records of a table belong to subjects. */
export const toSubject = <Table extends InProjectSet & Readonly<Record<"subjectId", SQLiteColumn>>>(
  table: Table,
): Belonging<"subject", Table> => ({
  table,
  name: "subject",
  parentId: table.subjectId,
  parent: subjects,
});
