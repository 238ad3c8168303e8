import { and, eq, type SQL, sql } from "drizzle-orm";
import { alias, SQLiteAsyncDialect } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import { type Caller, OPERATOR } from "../../../src/db/access.ts";
import { builder } from "../../../src/db/builder.ts";
import { condense, render, renderOnce } from "../../../src/db/render.ts";
import { users } from "../../../src/db/schema/users.ts";
import { models } from "../../../src/models/all.ts";
import { session } from "../../../src/models/session/session.ts";
import { compileDetail, compileList } from "../../../src/query/compile.ts";
import { NO_QUERY, type Query } from "../../../src/query/parse.ts";

const ID = "00000000-0000-4000-8000-000000000001";
const NOW = "2026-01-01T00:00:00";

const CALLERS: readonly Caller[] = [
  { kind: "bearer", tokenHash: "a".repeat(64), now: NOW },
  { kind: "public" },
  { kind: "operator" },
];

const dialect = new SQLiteAsyncDialect();

function expectAsDialect(statement: SQL): void {
  const { sql: text, params } = dialect.sqlToQuery(statement);
  expect(render(statement)).toEqual({ text, values: params });
  expect(render(condense(statement)), "condensed").toEqual({ text, values: params });
}

test.each(models.map((model) => [model.name, model] as const))(
  "%s is read with the text and the values of Drizzle's dialect",
  (_, model) => {
    for (const caller of CALLERS) {
      expectAsDialect(compileDetail(model, caller, ID));
      expectAsDialect(compileList(model, caller, NO_QUERY));
    }
  },
);

test("a session is written with the text and the values of Drizzle's dialect", () => {
  const input = {
    name: "n",
    description: "",
    projects: [ID],
    date_time: null,
    datastorage: [ID],
    extra_fields: { depth: 1.5 },
    download_links: [],
    tags: ["CA1"],
  };
  for (const caller of CALLERS) {
    const intent = { caller, now: NOW };
    for (const plan of [
      session.writes.create(ID, input, intent),
      session.writes.change(ID, input, intent),
      session.writes.remove(ID, intent),
    ]) {
      for (const statement of plan.transaction(intent)) expectAsDialect(statement);
    }
  }
});

test.each([
  ["an alias", sql`SELECT ${alias(users, "other").email} FROM ${users} AS other`],
  ["a name with a quote", sql`SELECT 1 AS ${sql.identifier('a"b')}`],
  ["a list", sql`SELECT 1 WHERE 1 IN ${[1, 2, null]}`],
  ["nothing", sql`SELECT ${undefined} 1`],
  ["text as it is", sql`SELECT ${sql.raw("'?'")}`],
  ["a typed value", sql`SELECT ${sql.param(true, users.isActive)}`],
  ["a query in a query", sql`SELECT ${builder.select({ id: users.id }).from(users)}`],
  [
    "an update of the builder",
    builder
      .update(users)
      .set({ isActive: false, firstName: "Åse" })
      .where(and(eq(users.id, ID), eq(users.isActive, true)))
      .getSQL(),
  ],
])("%s is rendered as by Drizzle's dialect", (_, statement) => expectAsDialect(statement));

test("a piece that binds a value is not kept", () => {
  expect(() => renderOnce(sql`SELECT ${1}`)).toThrow("binds 1 values");
});

test("a condensed statement has one piece of text between two values", () => {
  const statement = sql`SELECT ${sql`${users.email}, ${1}`} FROM ${users} WHERE ${sql`${users.id} = ${ID}`}`;
  expect(condense(statement).queryChunks).toHaveLength(5);
});

test("a list that is kept for many requests has nothing of the caller for whom it was made", () => {
  const other: Caller = { kind: "bearer", tokenHash: "b".repeat(64), now: "2026-02-02T00:00:00" };
  for (const model of models) {
    const [first, second] = [CALLERS[0] ?? other, other].map((caller) =>
      render(compileList(model, caller, NO_QUERY)),
    );
    expect(second?.text).toBe(first?.text);
    expect(second?.values.slice(0, 2)).toEqual([other.tokenHash, other.now]);
    expect(second?.values.slice(2)).toEqual(first?.values.slice(2));
    expect(first?.values.slice(2).every((value) => typeof value === "number")).toBe(true);
  }
});

test("lists that differ in their limit, order, selection or kind of caller are not taken for each other", () => {
  const [bearer = OPERATOR, ...others] = CALLERS;
  const list = (caller: Caller, query: Partial<Query>) =>
    JSON.stringify(render(compileList(session, caller, { ...NO_QUERY, ...query })));
  const statements = [
    list(bearer, {}),
    list(bearer, { limit: 5 }),
    list(bearer, { sort: [{ field: "name", descending: true }] }),
    list(bearer, { include: ["projects"] }),
    list(bearer, { exclude: ["tags"] }),
    list(bearer, { offset: 20 }),
    list(bearer, { after: ["a"] }),
    list(bearer, { words: ["theta"] }),
    ...others.map((caller) => list(caller, {})),
  ];
  expect(new Set(statements).size).toBe(statements.length);
});
