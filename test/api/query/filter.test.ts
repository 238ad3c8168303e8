import { beforeAll, describe, expect, test } from "vitest";
import { session } from "../../../src/models/session/session.ts";
import { OPERATORS } from "../../../src/query/operators.ts";
import type { ValueType } from "../../../src/query/parse.ts";
import { vocabularyOf } from "../../../src/query/read-model.ts";
import {
  type BuiltUser,
  buildDataStorage,
  buildListOfProject,
  buildProject,
  buildSubject,
  buildUser,
} from "../../support/builders.ts";
import { type SessionRow, sessionRow, writeSessions } from "../../support/session-rows.ts";

// Four sessions: A, B and C have a value in every field that can be filtered, D has none where that is
// possible. Each case says which of them an operator finds.

const TEXTS = { A: "Rat One", B: "rat two", C: "zebra" } as const;
const DAYS = {
  A: "2023-03-20T00:00:00",
  B: "2023-03-20T15:30:00.250000",
  C: "2023-04-01T08:00:00",
} as const;
const LETTERS = ["A", "B", "C"] as const;

type Letter = (typeof LETTERS)[number];

interface Case {
  readonly operator: string;
  readonly values: readonly string[];
  readonly found: string;
}

const on = (operator: string, values: string | readonly string[], found: string): Case => ({
  operator,
  values: typeof values === "string" ? [values] : values,
  found,
});

const TEXT_CASES: readonly Case[] = [
  on("eq", "Rat One", "A"),
  on("eq", "rat one", ""),
  on("eq", "", ""),
  on("iexact", "RAT ONE", "A"),
  on("iexact", "rat", ""),
  on("contains", "at", "AB"),
  on("contains", "Rat", "A"),
  on("contains", "", "ABC"),
  on("icontains", "RAT", "AB"),
  on("icontains", "", "ABC"),
  on("startswith", "rat", "B"),
  on("startswith", "at", ""),
  on("startswith", "", "ABC"),
  on("istartswith", "RAT", "AB"),
  on("endswith", "One", "A"),
  on("endswith", "Rat", ""),
  on("endswith", "", "ABC"),
  on("iendswith", "ONE", "A"),
  on("gt", "Rat One", "BC"),
  on("gte", "Rat One", "ABC"),
  on("lt", "rat two", "A"),
  on("lte", "rat two", "AB"),
  on("in", ["Rat One", "zebra", "nothing"], "AC"),
  on("in", "Rat One", "A"),
  on("range", ["Rat", "rat two"], "AB"),
  on("range", ["z", "a"], ""),
  on("isnull", "false", "ABC"),
  on("isnull", "true", ""),
];

const INSTANT_CASES: readonly Case[] = [
  on("eq", "2023-03-20", "A"),
  on("eq", "2023-03-20T17:30:00.25+02:00", "B"),
  on("eq", "2023-03-20T15:30:00", ""),
  on("gt", "2023-03-20", "BC"),
  on("gte", "2023-03-20", "ABC"),
  on("lt", "2023-03-20T15:30:00.250001Z", "AB"),
  on("lte", "2023-03-20T15:30:00.25", "AB"),
  on("lt", "2023-03-20T15:30:00.25Z", "A"),
  on("in", ["2023-03-20", "2023-04-01T10:00+02:00"], "AC"),
  on("range", ["2023-03-20T00:00:01", "2023-04-01"], "B"),
  on("isnull", "false", "ABC"),
  on("isnull", "true", ""),
];

/** A key holds 5, 12.5 and "12": numbers compare with numbers, text with text. */
const SCALAR_CASES: readonly Case[] = [
  on("eq", "5", "A"),
  on("eq", "5.0", "A"),
  on("eq", "12", "C"),
  on("eq", "1.25e1", "B"),
  on("in", ["5", "12"], "AC"),
  on("gt", "5", "B"),
  on("gte", "5", "AB"),
  on("lt", "12.5", "A"),
  on("lte", "12.5", "AB"),
  on("gt", "a", ""),
  on("lt", "a", "C"),
  on("range", ["4", "12"], "A"),
  on("range", ["4", "z"], ""),
  on("iexact", "12", "C"),
  on("contains", "2", "C"),
  on("icontains", "5", ""),
  on("startswith", "1", "C"),
  on("istartswith", "1", "C"),
  on("endswith", "2", "C"),
  on("iendswith", "2", "C"),
  on("isnull", "false", "ABC"),
];

/** Ids are not known before the fixture is built: `A` stands for that of A. */
const ID_CASES: readonly Case[] = [
  on("eq", "A", "A"),
  on("in", ["A", "C"], "AC"),
  on("isnull", "false", "ABC"),
  on("isnull", "true", ""),
];

const CASES: Readonly<Partial<Record<ValueType, readonly Case[]>>> = {
  text: TEXT_CASES,
  instant: INSTANT_CASES,
  id: ID_CASES,
};

/** Every path of the field table; a key of extra_fields stands for all. */
const PATHS = vocabularyOf(session).filters.flatMap((path) =>
  path === "extra_fields.<key>" ? ["extra_fields.note", "extra_fields.depth"] : [path],
);

const casesOf = (path: string): readonly Case[] => {
  if (path === "extra_fields.note") return TEXT_CASES;
  if (path === "extra_fields.depth") return SCALAR_CASES;
  return CASES[typeOf(path)] ?? [];
};

function typeOf(path: string): ValueType {
  const type = vocabularyOf(session).filterType(path);
  if (type === undefined) throw new Error(`no filter ${path}`);
  return type;
}

let reader: BuiltUser;
const collections: Partial<Record<Letter, string>> = {};
let rows: Readonly<Record<Letter | "D", SessionRow>>;

beforeAll(async () => {
  reader = await buildUser();
  const users = { member: [reader] };
  const build = async (letter: Letter, depth: string | number) => {
    const projects = [
      (await buildProject({ name: TEXTS[letter], users })).id,
      (await buildProject({ users: {} })).id,
    ];
    const dataStorages = [
      (await buildDataStorage({ name: TEXTS[letter], users })).id,
      (await buildDataStorage()).id,
    ];
    const [project = ""] = projects;
    const subject = await buildSubject({ name: TEXTS[letter], projects: [{ id: project }] });
    return sessionRow({
      name: TEXTS[letter],
      description: TEXTS[letter],
      nameUsedInStorage: TEXTS[letter],
      tags: [TEXTS[letter]],
      extraFields: { letter, note: TEXTS[letter], depth },
      dateTime: DAYS[letter],
      createdDate: DAYS[letter],
      updatedDate: DAYS[letter],
      projects,
      dataStorages,
      epochs: [crypto.randomUUID(), crypto.randomUUID()],
      dataAcquisitions: [crypto.randomUUID()],
      behaviors: [crypto.randomUUID()],
      manipulations: [crypto.randomUUID()],
      subjects: [subject.id],
    });
  };
  const nothing = await buildProject({ name: "~", users });
  rows = {
    A: await build("A", 5),
    B: await build("B", 12.5),
    C: await build("C", "12"),
    D: sessionRow({ name: "~", extraFields: { letter: "D" }, projects: [nothing.id] }),
  };
  await writeSessions(Object.values(rows));
  for (const letter of LETTERS) {
    const { id, projects } = rows[letter];
    const [own = "", hidden = ""] = projects;
    collections[letter] = (
      await buildListOfProject("collections", { id: own }, { name: TEXTS[letter], members: [id] })
    ).id;
    // The caller does not see this one.
    await buildListOfProject("collections", { id: hidden }, { name: "Rat One", members: [id] });
  }
});

/** The id that a field holds in one of the sessions. */
function idIn(letter: Letter, path: string): string {
  const row = rows[letter];
  const ids: Readonly<Record<string, string | undefined>> = {
    id: row.id,
    projects: row.projects[0],
    datastorage: row.dataStorages[0],
    epochs: row.epochs[1],
    dataacquisition: row.dataAcquisitions[0],
    behaviors: row.behaviors[0],
    manipulations: row.manipulations[0],
    subjects: row.subjects[0],
    collections: collections[letter],
  };
  return ids[path.replace(".id", "")] ?? "";
}

const filterOf = (name: string, values: readonly string[]) =>
  values.map((value) => `filter{${name}}=${encodeURIComponent(value)}`).join("&");

/** Which of the sessions a query finds, as letters in their order. */
async function find(query: string, among: readonly (Letter | "D")[] = LETTERS): Promise<string> {
  const { status, body } = await reader.client.get(
    `/api/private/stem/session/?${query}&${filterOf("extra_fields.letter.in", among)}`,
  );
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body.count).toBe(body.sessions.length);
  const found = new Set(body.sessions.map(({ id }: { id: string }) => id));
  return among.filter((letter) => found.has(rows[letter].id)).join("");
}

const complement = (found: string) => LETTERS.filter((letter) => !found.includes(letter)).join("");

const valuesOf = (path: string, { operator, values }: Case) =>
  typeof values[0] === "string" && operator !== "isnull" && casesOf(path) === ID_CASES
    ? values.map((letter) => idIn(letter as Letter, path))
    : values;

describe("GET /api/private/stem/session/?filter{...}", () => {
  describe.each(PATHS)("on %s", (path) => {
    test.each(
      casesOf(path).map((each) => [each.operator, each.values.join(" and "), each] as const),
    )("%s %s finds what it says, and negated all else", async (operator, _, each) => {
      const values = valuesOf(path, each);
      const name = operator === "eq" ? path : `${path}.${operator}`;
      expect(await find(filterOf(name, values))).toBe(each.found);
      expect(await find(filterOf(`-${path}.${operator}`, values))).toBe(complement(each.found));
    });

    test("every operator that fits is covered, every other is refused with those that fit", async () => {
      const type = path.startsWith("extra_fields.") ? "scalar" : typeOf(path);
      const fitting = [...OPERATORS].filter(([, { fits }]) => fits.includes(type));
      const covered = new Set(casesOf(path).map(({ operator }) => operator));
      expect([...covered].sort()).toEqual(fitting.map(([name]) => name).sort());
      for (const operator of OPERATORS.keys()) {
        if (covered.has(operator)) continue;
        const { status, body } = await reader.client.get(
          `/api/private/stem/session/?filter{${path}.${operator}}=1`,
        );
        expect(status).toBe(400);
        for (const [name] of fitting) expect(body.detail).toContain(name);
      }
    });
  });

  test.each([
    "date_time",
    "datastorage",
    "datastorage.id",
    "datastorage.name",
    "tags",
    "epochs",
    "dataacquisition",
    "behaviors",
    "manipulations",
    "extra_fields.note",
  ])("isnull finds the session without any %s", async (path) => {
    const all = [...LETTERS, "D"] as const;
    expect(await find(`filter{${path}.isnull}=true`, all)).toBe("D");
    expect(await find(`filter{${path}.isnull}=false`, all)).toBe("ABC");
    expect(await find(`filter{-${path}.isnull}=true`, all)).toBe("ABC");
    expect(await find(`filter{-${path}.isnull}=false`, all)).toBe("D");
  });

  test("a missing value is no match, and negated it is one", async () => {
    const all = [...LETTERS, "D"] as const;
    expect(await find("filter{date_time.gt}=2000-01-01", all)).toBe("ABC");
    expect(await find("filter{-date_time.gt}=2000-01-01", all)).toBe("D");
    expect(await find("filter{-tags.icontains}=ONE", all)).toBe("BCD");
    expect(await find("filter{-extra_fields.nowhere}=1", all)).toBe("ABCD");
  });

  test("several filters must all hold, also on one field", async () => {
    expect(await find("filter{name.icontains}=rat&filter{date_time.gt}=2023-03-20")).toBe("B");
    expect(await find("filter{name.icontains}=rat&filter{name.icontains}=one")).toBe("A");
    expect(await find("filter{tags.icontains}=RA&filter{tags}=zebra")).toBe("C");
    expect(await find("filter{-tags}=zebra&filter{-name.icontains}=ONE")).toBe("B");
  });

  test("conditions on a relation may be met by different records", async () => {
    const [first, second] = rows.A.projects;
    expect(await find(`filter{projects}=${first}&filter{projects}=${second}`)).toBe("A");
  });

  test("many matches on one session neither repeat nor count it again", async () => {
    const ids = rows.A.projects.concat(rows.A.projects);
    const { body } = await reader.client.get(
      `/api/private/stem/session/?${filterOf("projects.in", ids)}&filter{epochs.isnull}=false&filter{tags.contains}=&include[]=epochs`,
    );
    expect(body.count).toBe(1);
    expect(body.sessions).toHaveLength(1);
    expect(body.meta.total_results).toBe(1);
  });

  test("the name of a project or storage that the caller may not read finds nothing", async () => {
    const other = await buildUser();
    const hidden = await buildProject({ name: "Hidden rats", users: { owner: [other] } });
    const attic = await buildDataStorage({ name: "Hidden attic", users: { owner: [other] } });
    const [own = ""] = rows.A.projects;
    const shared = sessionRow({ projects: [own, hidden.id], dataStorages: [attic.id] });
    await writeSessions([shared]);
    const countFor = async (user: BuiltUser, filter: string) =>
      (await user.client.get(`/api/private/stem/session/?${filter}`)).body.count;
    for (const filter of [
      "filter{projects.name}=Hidden rats",
      "filter{projects.name.istartswith}=HIDDEN",
      "filter{datastorage.name}=Hidden attic",
      "filter{datastorage.name.in}=Hidden attic",
    ]) {
      expect(await countFor(reader, filter)).toBe(0);
      expect(await countFor(other, filter)).toBe(1);
    }
    // The ids are shown to whoever sees the session, and so they can be asked for.
    expect(await countFor(reader, `filter{projects}=${hidden.id}`)).toBe(1);
    expect(await countFor(reader, `filter{datastorage.id}=${attic.id}`)).toBe(1);
  });

  test.each([
    ["unknown field", "filter{subject}=x", ["subject", "projects.name", "extra_fields.<key>"]],
    ["unknown operator", "filter{name.like}=x", ["like", "icontains"]],
    ["dot with nothing after it", "filter{name.}=x", ["name.", 'unknown operator ""']],
    ["dot with nothing after it", "filter{projects.}=x", ["projects.", "projects.id"]],
    ["value", "filter{date_time.gt}=tomorrow", ["tomorrow", "2023-03-20T15:30:00Z"]],
    ["id", "filter{projects}=rats", ["rats", "UUID"]],
    ["parameter", "name=x", ["name", "filter{...}"]],
  ])("a wrong %s is a 400 that says what would be right", async (_, query, parts) => {
    const { status, body } = await reader.client.get(`/api/private/stem/session/?${query}`);
    expect(status).toBe(400);
    expect(Object.keys(body)).toEqual(["detail"]);
    for (const part of parts) expect(body.detail).toContain(part);
  });

  test("a wrong query of someone unknown is a 401", async () => {
    const response = await reader.client.send("GET", "/api/private/stem/session/?x=1", undefined, {
      Authorization: "Bearer nobody",
    });
    expect(response.status).toBe(401);
  });
});

describe("any text as the value of a filter", () => {
  const NAMES = [
    "50% done",
    "50 done",
    "a_b",
    "axb",
    "it's",
    'say "hi"',
    "back\\slash",
    "'; DROP TABLE sessions; --",
    "?1 :name @x $y",
    "*[a-z]?",
    "line\nbreak\ttab",
    "rat 🐀 𐐀",
    "{name}",
    "a&b=c#d;e+f",
    "\u2028\u0001\u007f",
    "x".repeat(100),
    "😀".repeat(100),
  ];
  let project: { readonly id: string };

  beforeAll(async () => {
    project = await buildProject({ users: { member: [reader] } });
    await writeSessions(
      NAMES.map((name) =>
        sessionRow({
          name,
          description: `<${name}>`,
          tags: [name],
          extraFields: { note: name },
          projects: [project.id],
        }),
      ),
    );
  });

  async function names(...filters: string[]): Promise<string[]> {
    const query = [`filter{projects}=${project.id}`, "limit=100", ...filters].join("&");
    const { status, body } = await reader.client.get(`/api/private/stem/session/?${query}`);
    expect(status, JSON.stringify(body)).toBe(200);
    return body.sessions.map((found: { name: string }) => found.name);
  }

  test.each(NAMES)("%j is plain text to every operator", async (name) => {
    for (const path of ["name", "tags", "extra_fields.note"]) {
      const operators = ["eq", "iexact", "in", "startswith", "istartswith", "endswith"];
      const all = operators.map((operator) => filterOf(`${path}.${operator}`, [name]));
      // Each of them must hold.
      expect(await names(...all)).toContain(name);
      expect(await names(filterOf(path, [name]))).toEqual([name]);
      expect(await names(filterOf(`${path}.icontains`, [name]))).toEqual([name]);
      expect(await names(filterOf(`-${path}.contains`, [name]))).not.toContain(name);
    }
    expect(await names(filterOf("description.contains", [`<${name}>`]))).toEqual([name]);
  });

  test("percent, underscore, star and question mark stand for themselves", async () => {
    expect(await names("filter{name.contains}=%25")).toEqual(["50% done"]);
    expect(await names("filter{name.icontains}=_")).toEqual(["a_b"]);
    expect(await names("filter{name.startswith}=a_")).toEqual(["a_b"]);
    expect(await names("filter{name.endswith}=?")).toEqual(["*[a-z]?"]);
    expect(await names("filter{name.contains}=\\")).toEqual(["back\\slash"]);
  });

  test("a value of 200 characters is compared whole", async () => {
    const long = `${"å".repeat(198)}.`;
    const row = sessionRow({ description: long, projects: [project.id] });
    await writeSessions([row]);
    for (const operator of ["eq", "iexact", "contains", "icontains", "endswith", "istartswith"]) {
      expect(await names(filterOf(`description.${operator}`, [long]))).toEqual([row.name]);
      expect(await names(filterOf(`description.${operator}`, [`${long}x`]))).toEqual([]);
    }
    expect(await names(filterOf("description.icontains", ["Å".repeat(150)]))).toEqual([row.name]);
    expect(await names(filterOf("name.icontains", ["x".repeat(200)]))).toEqual([]);
  });

  test("bytes that are no UTF-8 find nothing and break nothing", async () => {
    expect(await names("filter{name.contains}=%FF%FE")).toEqual([]);
    expect(await names("filter{name.contains}=%ED%A0%80")).toEqual([]);
  });
});

describe("as many filters as a query takes", () => {
  test.each([
    "extra_fields.k#.range",
    "extra_fields.k#.startswith",
    "extra_fields.k#.iendswith",
    "-extra_fields.k#.in",
    "projects.name.istartswith",
    "datastorage.name.iendswith",
    "-tags.icontains",
    "date_time.gt",
  ])("%s ten times", async (name) => {
    const each = (index: number) => {
      const day = `2023-01-${String(index + 1).padStart(2, "0")}`;
      const values = name.endsWith("range") ? [day, "2023-02-01"] : [day];
      return filterOf(name.replace("#", String(index)), values);
    };
    const filters = Array.from({ length: 10 }, (_, index) => each(index)).join("&");
    const includes = vocabularyOf(session)
      .includes.map((field) => `include[]=${field}`)
      .join("&");
    const sorts = vocabularyOf(session)
      .sorts.map((field) => `sort[]=-${field}`)
      .join("&");
    const { status } = await reader.client.get(
      `/api/private/stem/session/?${filters}&${includes}&${sorts}&offset=1`,
    );
    expect(status).toBe(200);
  });

  test("a hundred values for one of them", async () => {
    const ids = [rows.B.id, ...Array.from({ length: 99 }, () => crypto.randomUUID())];
    expect(await find(filterOf("id.in", ids))).toBe("B");
  });
});

describe("numbers under a key of extra_fields", () => {
  test.each([0.1, 1e-300, 1e300, 123_456_789.125, 4704598156755795000, 2 ** 53 - 1, -5, 1e21])(
    "%d is equal to itself, and neither more nor less",
    async (number) => {
      const [project = ""] = rows.A.projects;
      const row = sessionRow({ projects: [project], extraFields: { exact: number } });
      await writeSessions([row]);
      const count = async (operator: string, values: readonly unknown[] = [number]) => {
        const filter = filterOf(`extra_fields.exact.${operator}`, values.map(String));
        const own = `filter{id}=${row.id}`;
        return (await reader.client.get(`/api/private/stem/session/?${own}&${filter}`)).body.count;
      };
      for (const operator of ["eq", "in", "gte", "lte"]) expect(await count(operator)).toBe(1);
      for (const operator of ["gt", "lt"]) expect(await count(operator)).toBe(0);
      expect(await count("range", [number, number])).toBe(1);
    },
  );
});
