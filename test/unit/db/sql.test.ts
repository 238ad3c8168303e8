import { describe, expect, test } from "vitest";
import { sql } from "../../../src/db/sql.ts";
import { alias, sessions } from "../../../src/db/tables.ts";

describe("an SQL template", () => {
  test("writes tables and columns of the schema as their names", () => {
    const { text, values } = sql`SELECT ${sessions.nameFolded} FROM ${sessions}`;
    expect(text).toBe('SELECT "sessions"."name_folded" FROM "sessions"');
    expect(values).toEqual([]);
  });

  test("names an alias of a table as such", () => {
    const other = alias(sessions, "other");
    expect(sql`${other}, ${other.id}`.text).toBe('"other", "other"."id"');
  });

  test.each(["text", "'; DROP TABLE sessions; --", 1.5, null])("binds %j", (value) => {
    const { text, values } = sql`SELECT ${value}`;
    expect(text).toBe("SELECT ?");
    expect(values).toEqual([value]);
  });

  test("keeps values in the order of their question marks, however pieces are nested", () => {
    const inner = sql`b = ${2} AND c = ${3}`;
    const { text, values } = sql`a = ${1} AND (${inner}) AND d = ${4}`;
    expect(text).toBe("a = ? AND (b = ? AND c = ?) AND d = ?");
    expect(values).toEqual([1, 2, 3, 4]);
  });

  test("joins pieces with their values", () => {
    const joined = sql.join([sql`a = ${1}`, sql`b = ${2}`], sql` OR `);
    expect(sql`${joined} ORDER BY ${sql.identifier("id")}`).toMatchObject({
      text: 'a = ? OR b = ? ORDER BY "id"',
      values: [1, 2],
    });
    expect(sql.join([], sql`, `).text).toBe("");
  });

  test("doubles a quote within a name", () => {
    expect(sql.identifier('a"b').text).toBe('"a""b"');
  });

  test("refuses a separator that binds a value", () => {
    expect(() => sql.join([sql`a`, sql`b`], sql`${1}`)).toThrow("binds");
  });
});
