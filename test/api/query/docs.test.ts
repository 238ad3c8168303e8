import { beforeAll, describe, expect, test } from "vitest";
import page from "../../../docs/asking.md?raw";
import { session } from "../../../src/models/session/session.ts";
import { OPERATORS } from "../../../src/query/operators.ts";
import { vocabularyOf } from "../../../src/query/read-model.ts";
import {
  type BuiltUser,
  buildDataStorage,
  buildProject,
  buildUser,
} from "../../support/builders.ts";
import { clientFor, ORIGIN } from "../../support/client.ts";
import { sessionRow, writeSessions } from "../../support/session-rows.ts";

// Every example of the page for scientists is run; where it is there for Python and MATLAB too, all must ask the
// same.

interface Example {
  readonly title: string;
  readonly curl: string;
  readonly python: string | undefined;
  readonly matlab: string | undefined;
}

const BLOCK = /(?:```python\n([^`]+)```\n\n)?(?:```matlab\n([^`]+)```\n\n)?```sh\n(curl[^`]+)```/g;

const EXAMPLES: readonly Example[] = [...page.matchAll(BLOCK)].map(
  ([, python, matlab, curl = ""], index) => ({
    title: titleOf(python ?? curl, index),
    curl,
    python,
    matlab,
  }),
);

function titleOf(block: string, index: number): string {
  return `${index + 1}: ${block.split("\n")[0]}`;
}

/** The address that curl asks. */
function addressOfCurl(curl: string): URL {
  const url = new URL(/"\$URL([^"]*)"/.exec(curl)?.[1] ?? "", ORIGIN);
  for (const [, parameter = ""] of curl.matchAll(/--data-urlencode '([^']*)'/g)) {
    const equals = parameter.indexOf("=");
    url.searchParams.append(parameter.slice(0, equals), parameter.slice(equals + 1));
  }
  return url;
}

interface Arguments {
  readonly id?: string;
  readonly portal?: string;
  readonly options?: string;
  readonly filters?: Readonly<Record<string, unknown>>;
  readonly sort?: readonly string[];
  readonly include?: readonly string[];
  readonly limit?: number;
  readonly offset?: number;
  readonly load_all?: boolean;
  readonly projects?: string;
  readonly datastorage?: string;
}

/** The arguments of a call, whose literals JSON knows once their quotes are changed. */
function readArguments(python: string): Arguments {
  const inner = /\(([\s\S]*)\)/.exec(python)?.[1] ?? "";
  const named = inner
    .replace(/^'session', /, "")
    .replaceAll("'", '"')
    .replaceAll("True", "true");
  return JSON.parse(`{${named.replace(/(^|,\s*)(\w+)=/g, '$1"$2":')}}`);
}

/** What the client adds when it is asked by `load_session`. */
function asLoad({ projects, datastorage, ...given }: Arguments): Arguments {
  return {
    filters: {
      ...(projects !== undefined && { "projects.id": projects }),
      ...(datastorage !== undefined && { "datastorage.id": datastorage }),
    },
    include: ["dataacquisition", "behaviors", "manipulations", "epochs"],
    ...given,
  };
}

/** The address that the public client asks first for these arguments. */
function addressOfPython(python: string): URL {
  const given = readArguments(python);
  const call = python.startsWith("client.load_session") ? asLoad(given) : given;
  const { id, portal = "private", options = "", filters = {}, load_all } = call;
  const url = new URL(`/api/${portal}/stem/session/${id ? `${id}/` : ""}${options}`, ORIGIN);
  for (const [key, value] of Object.entries(filters)) {
    for (const one of [value].flat()) url.searchParams.append(`filter{${key}}`, String(one));
  }
  for (const key of call.sort ?? []) url.searchParams.append("sort[]", key);
  for (const name of call.include ?? []) url.searchParams.append("include[]", `${name}.*`);
  const limit = call.limit ?? (load_all ? 100 : undefined);
  if (limit !== undefined) url.searchParams.append("limit", String(limit));
  if (call.offset !== undefined) url.searchParams.append("offset", String(call.offset));
  return url;
}

/** The address that the MATLAB client asks first. Its cells are lists, of names and values in turn. */
function addressOfMatlab(matlab: string): URL {
  const inner = /\(([\s\S]*)\);/.exec(matlab)?.[1] ?? "";
  const literals = inner
    .replaceAll(/\.\.\.\n/g, "")
    .replaceAll("'", '"')
    .replaceAll("{", "[")
    .replaceAll("}", "]");
  const [, ...given] = JSON.parse(`[${literals}]`);
  const call: Record<string, string & readonly string[]> = Object.fromEntries(
    given.flatMap((name: string, place: number) => (place % 2 ? [] : [[name, given[place + 1]]])),
  );
  const { portal = "private", id, filter = [], sort = [], include = [] } = call;
  const url = new URL(`/api/${portal}/stem/session/${id === undefined ? "" : `${id}/`}`, ORIGIN);
  for (let place = 0; place < filter.length; place += 2) {
    url.searchParams.append(`filter{${filter[place]}}`, String(filter[place + 1]));
  }
  for (const key of sort) url.searchParams.append("sort[]", key);
  for (const name of include) url.searchParams.append("include[]", `${name}.*`);
  if (call.load_all) url.searchParams.append("limit", "100");
  return url;
}

let user: BuiltUser;

beforeAll(async () => {
  user = await buildUser();
  const sharing = { isPublic: true, users: { member: [user] } };
  await buildProject({
    id: "1a827c68-19b4-4cec-8ae5-e13c8f1de900",
    name: "Hippocampus",
    ...sharing,
  });
  await buildDataStorage({ id: "2b938d79-2ac5-4dfd-9bf6-f24d9f2ef011", ...sharing });
  await writeSessions([
    sessionRow({
      id: "3ca49e8a-3bd6-4e0e-8c07-035eaf3ff122",
      name: "Rat 7, linear track",
      projects: ["1a827c68-19b4-4cec-8ae5-e13c8f1de900"],
      dataStorages: ["2b938d79-2ac5-4dfd-9bf6-f24d9f2ef011"],
      dateTime: "2023-03-20T15:30:00",
      tags: ["REM"],
      extraFields: { depth_mm: 2.1, strain: "Long-Evans" },
    }),
  ]);
});

describe("docs/asking.md", () => {
  test("has examples", () => {
    expect(EXAMPLES.length).toBeGreaterThanOrEqual(10);
    expect(EXAMPLES.filter(({ python }) => python !== undefined).length).toBeGreaterThan(8);
    expect(EXAMPLES.filter(({ matlab }) => matlab !== undefined).length).toBeGreaterThan(8);
  });

  test.each(EXAMPLES.map((example) => [example.title, example] as const))(
    "%s",
    async (_, { curl, python, matlab }) => {
      const address = addressOfCurl(curl);
      const client = curl.includes("Authorization") ? user.client : clientFor();
      const { status, body } = await client.get(address.href);
      expect(status, JSON.stringify(body)).toBe(200);
      expect(body.count ?? 1).toBe(1);
      const asked = [
        ...(python === undefined ? [] : [addressOfPython(python)]),
        ...(matlab === undefined ? [] : [addressOfMatlab(matlab)]),
      ];
      for (const { pathname, searchParams } of asked) {
        expect(pathname).toBe(address.pathname);
        expect([...searchParams].toSorted()).toEqual([...address.searchParams].toSorted());
      }
    },
  );

  test("names every operator, field, sort key and relation that there is", () => {
    const { filters, sorts, includes } = vocabularyOf(session);
    const fields = filters.filter((path) => !path.endsWith(".id"));
    for (const name of [...OPERATORS.keys(), ...fields, ...sorts, ...includes]) {
      expect(page).toContain(`\`${name}\``);
    }
  });
});
