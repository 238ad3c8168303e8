import { describe, expect, test } from "vitest";
import { SHARED_TABLES } from "../../../src/db/shared-tables.ts";
import { models } from "../../../src/models/all.ts";
import { SHARED_KINDS, SHARED_TITLES, titleOf } from "../../../src/values/permission.ts";

// A kind of records that are shared with members has a title, its tables, and a model of its name.

describe.each(SHARED_KINDS)("%s", (kind) => {
  const model = models.find(({ name }) => name === kind);
  const { records, groups } = SHARED_TABLES[kind];

  test("is a model with the title and the records of the kind", () => {
    expect(model?.table).toBe(records);
    expect(model?.title).toBe(SHARED_TITLES[kind]);
    expect(model?.viewPermission).toBe(`view_${kind}`);
    expect(titleOf(`change_${kind}`)).toBe(model?.title);
  });

  test("shows its members in a field of users and, where groups have levels, one of groups", () => {
    const shown = Object.entries(model?.fields ?? {}).filter(
      ([, { input }]) => input === "members",
    );
    const names = shown.map(([name]) => name);
    if (groups === undefined) expect(names).toEqual(["users"]);
    else expect(names).toEqual(["users", kind === "project" ? "groups" : "authenticated_groups"]);
  });
});

test("every model with members is a kind", () => {
  const shared = models.filter(({ fields }) =>
    Object.values(fields).some(({ input }) => input === "members"),
  );
  expect(shared.map(({ name }) => name).sort()).toEqual([...SHARED_KINDS].sort());
});
