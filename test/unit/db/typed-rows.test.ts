import { sql } from "drizzle-orm";
import { expect, expectTypeOf, test } from "vitest";
import { render } from "../../../src/db/render.ts";
import { accessTokens, users } from "../../../src/db/schema/users.ts";
import { selectList, typedRows } from "../../../src/db/typed-rows.ts";

const SELECTED = {
  id: users.id,
  isActive: users.isActive,
  lastUsedDate: accessTokens.lastUsedDate,
  total: sql<number>`count(*)`,
};

test("a list names each column by its key, with its table", () => {
  expect(render(selectList(SELECTED)).text).toBe(
    '"users"."id" AS "id", "users"."is_active" AS "isActive", ' +
      '"access_tokens"."last_used_date" AS "lastUsedDate", count(*) AS "total"',
  );
});

test("rows have the values and the types of their columns", () => {
  const rows = typedRows(SELECTED, [
    { id: "a", isActive: 1, lastUsedDate: null, total: 2 },
    { id: "b", isActive: 0, lastUsedDate: "2026-01-01T00:00:00", total: 0 },
  ]);
  expect(rows).toEqual([
    { id: "a", isActive: true, lastUsedDate: null, total: 2 },
    { id: "b", isActive: false, lastUsedDate: "2026-01-01T00:00:00", total: 0 },
  ]);
  expectTypeOf(rows).toEqualTypeOf<
    readonly {
      readonly id: string;
      readonly isActive: boolean;
      readonly lastUsedDate: string | null;
      readonly total: number;
    }[]
  >();
});

test("a key that was not selected does not compile", () => {
  const [row] = typedRows({ id: users.id }, [{ id: "a" }]);
  // @ts-expect-error The row has no such key.
  expect(row?.email).toBeUndefined();
});
