import { env } from "cloudflare:workers";
import type { SQL } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import type { Caller } from "../../../src/db/access.ts";
import { render } from "../../../src/db/render.ts";
import { session } from "../../../src/models/session/session.ts";
import { compileDetail, compileList } from "../../../src/query/compile.ts";
import { OPERATORS } from "../../../src/query/operators.ts";
import { parseQuery } from "../../../src/query/parse.ts";
import { vocabularyOf } from "../../../src/query/read-model.ts";

const caller: Caller = { kind: "bearer", tokenHash: "0".repeat(64), now: "2026-01-01T00:00:00" };

/** How SQLite would answer the first statement of a list, one step a line. */
async function planOfList(query: string): Promise<string> {
  const parsed = parseQuery(new URLSearchParams(query), "list", vocabularyOf(session), OPERATORS);
  if (parsed.query === undefined) throw new Error(parsed.faults.join(" "));
  return planOf(compileList(session, caller, parsed.query));
}

async function planOf(statement: SQL): Promise<string> {
  const { text, values } = render(statement);
  const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${text}`)
    .bind(...values)
    .all<{ detail: string }>();
  return plan.results.map(({ detail }) => detail).join("\n");
}

describe("SQLite", () => {
  test("finds the caller by the hash of the token", async () => {
    expect(await planOfList("")).toContain("access_tokens USING INDEX access_tokens_token_hash");
  });

  test.each([
    ["the default order", "", "name", "name_project_set"],
    ["names backwards", "sort[]=-name", "name", "name_project_set"],
    ["the oldest first", "sort[]=date_time", "date_time", "date_time"],
    ["the newest first", "sort[]=-date_time", "date_time", "date_time"],
    ["the last changed first", "sort[]=-updated_date", "updated_date", "updated_date"],
  ])("answers %s from one index for few sets and another for many", async (_, query, few, many) => {
    const plan = await planOfList(query);
    expect(plan).toMatch(
      new RegExp(`SEARCH sessions USING (COVERING )?INDEX sessions_project_set_${few} `),
    );
    expect(plan).toMatch(
      new RegExp(`SCAN sessions USING (COVERING )?INDEX sessions_${many}$`, "m"),
    );
    expect(plan).not.toMatch(/^SCAN sessions$/m);
  });

  test("walks the index over all names for a deep page", async () => {
    expect(await planOfList("offset=90000")).toContain(
      "SCAN sessions USING COVERING INDEX sessions_name_project_set",
    );
  });

  test("finds the sessions with a storage or a text by the index of the search, and an empty tag by its own", async () => {
    for (const query of [
      `filter{datastorage}=${crypto.randomUUID()}`,
      "filter{tags}=CA1",
      "filter{name.icontains}=abc",
    ]) {
      const plan = await planOfList(query);
      expect(plan).toMatch(/SCAN session_search VIRTUAL TABLE/);
      expect(plan).toMatch(/SEARCH sessions USING INTEGER PRIMARY KEY/);
    }
    expect(await planOfList("filter{tags}=")).toContain("session_tags_tag (tag=?)");
  });

  test("reads one object by its key, and its relations by theirs", async () => {
    const plan = await planOf(compileDetail(session, caller, crypto.randomUUID()));
    expect(plan).toContain("sessions USING INDEX sqlite_autoindex_sessions_1 (id=?)");
    expect(plan).not.toMatch(/SCAN (?!caller|\(subquery)/);
  });

  test("takes the records and the storages of a session in their order from an index", async () => {
    const plan = await planOf(compileDetail(session, caller, crypto.randomUUID()));
    const kinds = ["epochs", "data_acquisitions", "behaviors", "manipulations"];
    for (const kind of kinds) expect(plan).toContain(`${kind} USING COVERING INDEX ${kind}_order`);
    expect(plan).toContain(
      "session_data_storages USING COVERING INDEX session_data_storages_order",
    );
    // The few tags are sorted.
    expect(plan.match(/TEMP B-TREE/g)).toHaveLength(1);
  });
});
