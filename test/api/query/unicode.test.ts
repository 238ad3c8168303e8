import { beforeAll, describe, expect, test } from "vitest";
import {
  type BuiltUser,
  buildDataStorage,
  buildProject,
  buildUser,
} from "../../support/builders.ts";

// What was written by the API or by a builder is found whatever its case; each row is a text and
// others that differ from it in case alone.
const SAME: readonly (readonly [written: string, asked: readonly string[]])[] = [
  ["åse", ["ÅSE", "Åse", "åSE"]],
  ["Straße", ["STRASSE", "strasse", "STRAẞE"]],
  ["MASSE", ["maße"]],
  ["Οδυσσεύς", ["ΟΔΥΣΣΕΎΣ", "οδυσσεύσ"]],
  ["İzmir", ["i̇zmir", "İZMIR"]],
  ["ıspanak", ["ıSPANAK"]],
  ["ᏣᎳᎩ", ["ꮳꮃꭹ"]],
  ["ꭰꭱ", ["ᎠᎡ"]],
  ["ﬁbre", ["FIBRE", "Fibre"]],
  ["eﬄux", ["EFFLUX"]],
  ["\u212Ao", ["KO", "ko"]],
  ["𐐀𐐔", ["𐐨𐐼"]],
  ["Крыса", ["КРЫСА", "крыса"]],
  ["ŒUF", ["œuf"]],
  ["ǆungla", ["ǄUNGLA", "ǅungla"]],
];

const APART = [
  ["istanbul", "ıstanbul"],
  ["resume", "résumé"],
] as const;

let user: BuiltUser;

beforeAll(async () => {
  user = await buildUser();
});

/** How many sessions fit all of these filters. */
async function countOf(filters: readonly (readonly [filter: string, value: string])[]) {
  const search = new URLSearchParams(filters.map(([name, value]) => [`filter{${name}}`, value]));
  const { status, body } = await user.client.get(`/api/private/stem/session/?${search}`);
  expect(status).toBe(200);
  return body.count;
}

const count = (filter: string, value: string) => countOf([[filter, value]]);

const PATHS = [
  "name",
  "description",
  "tags",
  "extra_fields.note",
  "projects.name",
  "datastorage.name",
];

describe("a case-insensitive filter", () => {
  test.each(SAME)("finds %s", async (written, asked) => {
    const users = { contributor: [user] };
    const project = await buildProject({ name: `·${written}·`, users });
    const storage = await buildDataStorage({ name: `·${written}·`, users });
    const { status, body } = await user.client.post("/api/private/stem/session/", {
      name: `·${written}·`,
      description: `·${written}·`,
      tags: [`·${written}·`],
      extra_fields: { note: `·${written}·` },
      projects: [project.id],
      datastorage: [storage.id],
    });
    expect(status).toBe(201);
    const { session } = body;
    for (const text of [written, ...asked]) {
      for (const [operator, value] of [
        ["iexact", `·${text}·`],
        ["icontains", text],
        ["istartswith", `·${text}`],
        ["iendswith", `${text}·`],
      ] as const) {
        const filters = PATHS.map((path) => [`${path}.${operator}`, value] as const);
        expect(await countOf(filters), `${operator} ${text}`).toBe(1);
      }
    }
    // Of every field, no case but its own is equal.
    for (const text of asked) {
      for (const operator of ["", ".contains"]) {
        const filters = PATHS.map((path) => [`-${path}${operator}`, `·${text}·`] as const);
        expect(await countOf([["id", session.id], ...filters]), `${operator} ${text}`).toBe(1);
      }
    }
  });

  test("finds a name that was changed, and the old one no more", async () => {
    const project = await buildProject({ users: { contributor: [user] } });
    const made = await user.client.post("/api/private/stem/session/", {
      name: "vorher ÄÖ",
      projects: [project.id],
    });
    await user.client.patch(`/api/private/stem/session/${made.body.session.id}/`, {
      name: "nachher ÜẞÊ",
    });
    expect(await count("name.icontains", "VORHER äö")).toBe(0);
    expect(await count("name.icontains", "NACHHER üssê")).toBe(1);
  });

  test.each(APART)("keeps %s and %s apart", async (written, asked) => {
    const project = await buildProject({ users: { contributor: [user] } });
    await user.client.post("/api/private/stem/session/", {
      name: written,
      projects: [project.id],
    });
    expect(await count("name.iexact", written.toUpperCase())).toBe(1);
    expect(await count("name.iexact", asked)).toBe(0);
  });
});
