import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import page from "../../../docs/asking.md?raw";
import { models } from "../../../src/models/all.ts";
import { session } from "../../../src/models/session/session.ts";
import { OPERATORS } from "../../../src/query/operators.ts";
import { vocabularyOf } from "../../../src/query/read-model.ts";
import {
  type BuiltUser,
  buildDataStorage,
  buildListOfProject,
  buildProject,
  buildSubject,
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

/** What an example sends. */
interface Request {
  readonly method: string;
  readonly url: URL;
  readonly body?: unknown;
}

function requestOfCurl(curl: string): Request {
  const url = new URL(/"\$URL([^"]*)"/.exec(curl)?.[1] ?? "", ORIGIN);
  for (const [, parameter = ""] of curl.matchAll(/--data-urlencode '([^']*)'/g)) {
    const equals = parameter.indexOf("=");
    url.searchParams.append(parameter.slice(0, equals), parameter.slice(equals + 1));
  }
  const [, method = "GET"] = /-X (\w+)/.exec(curl) ?? [];
  const [, body] = /-d '([^']*)'/.exec(curl) ?? [];
  return { method, url, ...(body !== undefined && { body: JSON.parse(body) }) };
}

/** The address of a list, or of one record, of a model by the name that the clients have for it. */
function addressOf(name: string, portal: string, id = "", rest = ""): URL {
  const model = models.find(({ path }) => path.endsWith(`/${name}`));
  if (model === undefined) throw new Error(`There is no model ${name}.`);
  return new URL(`/api/${portal}${model.path}/${id && `${id}/`}${rest}`, ORIGIN);
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
  readonly data?: unknown;
}

/** What the client adds in `load_session` and `load_subject`: the filters of its arguments, and the includes. */
const LOADERS: Readonly<Record<string, { filters: Record<string, string>; include: string[] }>> = {
  session: {
    filters: { projects: "projects.id", datastorage: "datastorage.id" },
    include: ["dataacquisition", "behaviors", "manipulations", "epochs"],
  },
  subject: { filters: { name: "name.icontains" }, include: ["procedures", "subjectlogs"] },
};

/** The arguments of a call, whose literals JSON knows once their quotes are changed. */
function readArguments(named: string, loader?: (typeof LOADERS)[string]): Arguments {
  const json = named.replaceAll("'", '"').replaceAll("True", "true");
  const given = JSON.parse(`{${json.replace(/(^|,\s*)(\w+)=/g, '$1"$2":')}}`);
  if (loader === undefined) return given;
  const own = Object.entries(loader.filters).filter(([name]) => name in given);
  const filters = Object.fromEntries(own.map(([name, filter]) => [filter, given[name]]));
  return { filters, include: loader.include, ...given };
}

/** What the public client sends first for a call such as `client.load('session', limit=50)`. */
function requestOfPython(python: string): Request {
  const [, verb, loaded, named = "", rest = ""] =
    /client\.(load|save)(?:_(\w+))?\((?:'(\w+)'(?:, )?)?([\s\S]*)\)/.exec(python) ?? [];
  const call = readArguments(rest, LOADERS[loaded ?? ""]);
  const { id, portal = "private", options = "", filters = {}, load_all } = call;
  const url = addressOf(loaded ?? named, portal, id, options);
  if (verb === "save") return { method: id ? "PATCH" : "POST", url, body: call.data };
  for (const [key, value] of Object.entries(filters)) {
    for (const one of [value].flat()) url.searchParams.append(`filter{${key}}`, String(one));
  }
  for (const key of call.sort ?? []) url.searchParams.append("sort[]", key);
  for (const name of call.include ?? []) url.searchParams.append("include[]", `${name}.*`);
  const limit = call.limit ?? (load_all ? 100 : undefined);
  if (limit !== undefined) url.searchParams.append("limit", String(limit));
  if (call.offset !== undefined) url.searchParams.append("offset", String(call.offset));
  return { method: "GET", url };
}

/** What the MATLAB client sends first. Its cells are lists, of names and values in turn. */
function requestOfMatlab(matlab: string): Request {
  const inner = /\(([\s\S]*)\);/.exec(matlab)?.[1] ?? "";
  const literals = inner
    .replaceAll(/\.\.\.\n/g, "")
    .replaceAll("'", '"')
    .replaceAll("{", "[")
    .replaceAll("}", "]");
  const [model, ...given] = JSON.parse(`[${literals}]`);
  const call: Record<string, string & readonly string[]> = Object.fromEntries(
    given.flatMap((name: string, place: number) => (place % 2 ? [] : [[name, given[place + 1]]])),
  );
  const { portal = "private", id, filter = [], sort = [], include = [] } = call;
  const url = addressOf(model, portal, id);
  for (let place = 0; place < filter.length; place += 2) {
    url.searchParams.append(`filter{${filter[place]}}`, String(filter[place + 1]));
  }
  for (const key of sort) url.searchParams.append("sort[]", key);
  for (const name of include) url.searchParams.append("include[]", `${name}.*`);
  if (call.load_all) url.searchParams.append("limit", "100");
  return { method: "GET", url };
}

const parametersOf = ({ url }: Request) => [...url.searchParams].toSorted();

let user: BuiltUser;

beforeAll(async () => {
  user = await buildUser();
  const sharing = { isPublic: true, users: { contributor: [user] } };
  const project = await buildProject({
    id: "1a827c68-19b4-4cec-8ae5-e13c8f1de900",
    name: "Hippocampus",
    ...sharing,
  });
  const subject = await buildSubject({ name: "Rat_7", projects: [project] });
  await env.DB.prepare("INSERT INTO subject_logs (id, type, subject_id) VALUES (?, 'Weighing', ?)")
    .bind("9e3f1a60-5d0c-4f63-9f5d-0c8f7a1f4f10", subject.id)
    .run();
  await buildDataStorage({ id: "2b938d79-2ac5-4dfd-9bf6-f24d9f2ef011", ...sharing });
  await writeSessions([
    sessionRow({
      id: "3ca49e8a-3bd6-4e0e-8c07-035eaf3ff122",
      name: "Rat 7, linear track",
      projects: [project.id],
      behaviors: [crypto.randomUUID()],
      subjects: [subject.id],
      dataStorages: ["2b938d79-2ac5-4dfd-9bf6-f24d9f2ef011"],
      dateTime: "2023-03-20T15:30:00",
      tags: ["REM"],
      extraFields: { depth_mm: 2.1, strain: "Long-Evans" },
    }),
  ]);
  await buildListOfProject("collections", project, {
    name: "Figure 2",
    members: ["3ca49e8a-3bd6-4e0e-8c07-035eaf3ff122"],
  });
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
      const sent = requestOfCurl(curl);
      const client = curl.includes("Authorization") ? user.client : clientFor();
      const { method, url, body: data } = sent;
      const { status, body } = await client.send(method, url.href, data);
      expect(status, JSON.stringify(body)).toBe(200);
      expect(body.count ?? 1).toBe(1);
      for (const same of [python && requestOfPython(python), matlab && requestOfMatlab(matlab)]) {
        if (!same) continue;
        expect([same.method, same.url.pathname]).toEqual([method, url.pathname]);
        expect(parametersOf(same)).toEqual(parametersOf(sent));
        expect(same.body).toEqual(data);
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
