import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { type Browser, buildBrowserSession } from "../../support/browser.ts";
import { buildProject, buildUser, unique } from "../../support/builders.ts";
import { countedDatabase } from "../../support/d1-binding.ts";
import { sessionRow, writeSessions } from "../../support/session-rows.ts";

let browser: Browser;
let user: { readonly id: string };

beforeAll(async () => {
  const built = await buildUser();
  user = built;
  const project = await buildProject({ users: { contributor: [built] } });
  const hidden = await buildProject();
  const tagged = (projects: readonly string[], tags: readonly string[]) =>
    sessionRow({ name: unique("tagged"), projects: [...projects], tags: [...tags] });
  await writeSessions([
    tagged([project.id], ["Neuropixels 2.0", "Øre", "pixel art"]),
    tagged([hidden.id], ["Pixelated secret"]),
    ...Array.from({ length: 60 }, () => tagged([project.id], ["aaa"])),
  ]);
  ({ browser } = await buildBrowserSession(built));
});

/** The tags that a form offers for a text. */
async function offered(model: string, text: string): Promise<readonly string[]> {
  const path = `/private/stem/${model}/new/`;
  await browser.open(path);
  const page = await browser.submit(path, { "tags.add": text, form_do: "tags.search" });
  return [...page.text.matchAll(/value="tags\.add\.([^"]+)"/g)].map(([, tag = ""]) => tag);
}

describe("the tags that a form offers", () => {
  test("are found in any case and inside words, those that begin with the text first", async () => {
    expect(await offered("session", "PIXEL")).toEqual(["pixel art", "Neuropixels 2.0"]);
    expect(await offered("session", "øRE")).toEqual(["Øre"]);
  });

  test("are all different ones before anybody has typed, however often one of them is there", async () => {
    expect(await offered("session", "")).toEqual(["Neuropixels 2.0", "aaa", "pixel art", "Øre"]);
  });

  test("cost as much as there are different tags, and not records that have them", async () => {
    const { binding, cost } = countedDatabase();
    const counted = await buildBrowserSession(user, { bindings: { DB: binding } });
    const rowsToOpen = async () => {
      const before = cost.rowsRead;
      await counted.browser.open("/private/stem/session/new/");
      return cost.rowsRead - before;
    };
    const few = await rowsToOpen();
    await env.DB.prepare(
      `INSERT INTO session_tags (session_id, tag, tag_folded, position)
       SELECT sessions.id, n.value, n.value, 50 + n.key FROM sessions, json_each('["xxx","zzz"]') AS n`,
    ).run();
    expect((await rowsToOpen()) - few).toBeLessThan(40);
  });
});
