import { getTableColumns, getTableName, isTable } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import * as dataStorageTables from "../../../src/db/schema/data-storages.ts";
import * as groupTables from "../../../src/db/schema/groups.ts";
import * as historyTables from "../../../src/db/schema/history.ts";
import * as moduleTables from "../../../src/db/schema/modules.ts";
import * as projectTables from "../../../src/db/schema/projects.ts";
import * as sessionTables from "../../../src/db/schema/sessions.ts";
import * as userTables from "../../../src/db/schema/users.ts";
import * as names from "../../../src/db/tables.ts";

const declared = Object.entries({
  ...dataStorageTables,
  ...groupTables,
  ...historyTables,
  ...moduleTables,
  ...projectTables,
  ...sessionTables,
  ...userTables,
}).filter(([, table]) => isTable(table));

const named: Readonly<Record<string, unknown>> = names;

describe("the names of", () => {
  test.each(declared)("%s are those that the schema declares", (key, table) => {
    const own = named[key] as names.Table & Record<string, names.Column>;
    expect(own.text).toBe(`"${getTableName(table)}"`);
    for (const [column, { name }] of Object.entries(getTableColumns(table))) {
      expect(own[column]).toMatchObject({ name, text: `"${getTableName(table)}"."${name}"` });
      expect(own[column]?.table).toBe(own);
    }
  });
});

test("there are names for every table, and for no other", () => {
  const tables = Object.keys(named).filter((key) => named[key] instanceof names.Table);
  expect(tables.sort()).toEqual(declared.map(([key]) => key).sort());
});
