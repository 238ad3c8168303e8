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

async function count(filter: string, value: string): Promise<number> {
  const { status, body } = await user.client.get(
    `/api/private/stem/session/?filter{${filter}}=${encodeURIComponent(value)}`,
  );
  expect(status).toBe(200);
  return body.count;
}

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
    const { status } = await user.client.post("/api/private/stem/session/", {
      name: `·${written}·`,
      description: `·${written}·`,
      tags: [`·${written}·`],
      extra_fields: { note: `·${written}·` },
      projects: [project.id],
      datastorage: [storage.id],
    });
    expect(status).toBe(201);
    for (const path of PATHS) {
      for (const text of [written, ...asked]) {
        expect(await count(`${path}.iexact`, `·${text}·`)).toBe(1);
        expect(await count(`${path}.icontains`, text)).toBe(1);
        expect(await count(`${path}.istartswith`, `·${text}`)).toBe(1);
        expect(await count(`${path}.iendswith`, `${text}·`)).toBe(1);
      }
      for (const text of asked) {
        expect(await count(path, `·${text}·`)).toBe(0);
        expect(await count(`${path}.contains`, `·${text}·`)).toBe(0);
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
