import * as z from "zod/mini";
import { BOOKMARK_FORM } from "../db/bookmark.ts";
import type { Portal } from "../model/define.ts";
import { descriptionOf } from "../model/described-by.ts";
import type { InputDeclaration, InputMode } from "../model/input.ts";
import { OPERATORS } from "../query/operators.ts";
import { LIMIT, MAX, MIN_WORD } from "../query/parse.ts";
import {
  type Description,
  findFilter,
  type Inclusion,
  type JsonSchema,
  type ReadModel,
  vocabularyOf,
} from "../query/read-model.ts";
import { MAX_RESULTS } from "../query/search.ts";
import { BOOKMARK_HEADER } from "./bookmarks.ts";
import { DEVICE_INPUT } from "./device.ts";
import type { Route } from "./route.ts";

/** The description of the service as a whole. */
const INFO = {
  title: "BrainSTEM Session API",
  version: "1.0.0",
  description:
    "Sessions of neuroscience experiments: one recording each, the projects that it belongs to, where its data lies, what was recorded, done and observed.",
  license: { name: "MIT", identifier: "MIT" },
};

const DETAIL: JsonSchema = exactly({ detail: { type: "string" } });

const FIELDS_OR_DETAIL: JsonSchema = oneOf("FieldErrors", "Detail");

const FIELD_ERRORS: JsonSchema = {
  type: "object",
  additionalProperties: { type: "array", items: { type: "string" } },
};

/** The OpenAPI 3.1 document of the declared routes. The schemas that validate requests also describe them. */
export function describeApi(routes: readonly Route[]): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  const models = new Map<string, ReadModel>();
  for (const route of routes) {
    collect(route.model, models);
    for (const portal of route.portals) {
      const path = `/api/${portal}${route.path.replace(/:(\w+)/g, "{$1}")}/`;
      paths[path] = { ...paths[path], [route.method]: describeRoute(route, portal) };
    }
  }
  const objects = [...models.values()].map((model) => [schemaName(model.name), describe(model)]);
  return {
    openapi: "3.1.0",
    info: INFO,
    servers: [{ url: "/" }],
    paths: { ...paths, ...SERVICE_PATHS },
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        browserSession: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-brainstem",
          description: "The cookie of somebody who has signed in with a browser. It only reads.",
        },
      },
      schemas: { ...Object.fromEntries(objects), Detail: DETAIL, FieldErrors: FIELD_ERRORS },
    },
  };
}

/** A model and all models that its answers can include. */
function collect(model: ReadModel, models: Map<string, ReadModel>): void {
  if (models.has(model.name)) return;
  models.set(model.name, model);
  for (const { include } of Object.values(model.fields)) {
    if (include !== undefined && include !== "none") collect(include.model(), models);
  }
}

function describeRoute(route: Route, portal: Portal): JsonSchema {
  return {
    operationId: operationId(route, portal),
    summary: route.summary,
    tags: [route.model.title],
    security: securityOf(route, portal),
    parameters: [
      ...pathParameters(route),
      ...queryParameters(route),
      ...headerParameters(route, portal),
    ],
    ...("input" in route &&
      route.input && { requestBody: describeBody(route.input.declaration, route.input.mode) }),
    responses: describeResponses(route, portal),
  };
}

/** A browser session reads and never writes. */
function securityOf({ kind }: Route, portal: Portal): readonly JsonSchema[] {
  if (portal === "public") return [];
  return [{ bearer: [] }, ...(kind === "read" ? [{ browserSession: [] }] : [])];
}

/** The id of an operation, such as `private_session_list` or `private_sessiondatastorage_reorder`. */
function operationId(route: Route, portal: Portal): string {
  const { method, path, model, answers, operationName = model.name } = route;
  const last = path.split("/").at(-1) ?? "";
  const verbs = {
    get: answers.with === "one" ? "detail" : "list",
    post: "add",
    put: "replace",
    patch: "change",
    delete: "delete",
  };
  // An action says itself what it does: `add_entry`.
  const isVerb = last === ":id" || path.split("/").length === 3;
  return `${portal}_${schemaName(operationName)}_${isVerb ? verbs[method] : `${last}_${method}`}`;
}

/** A schema with the words that people read of it. */
const withWords = ({ label, help }: Description, schema: JsonSchema): JsonSchema => ({
  title: label,
  description: help,
  ...schema,
});

/** A Zod schema as JSON Schema, for what a client sends. */
function describeInput(input: z.core.$ZodType): z.core.JSONSchema.BaseSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(input, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      const instead = descriptionOf(zodSchema);
      if (instead !== undefined) Object.assign(jsonSchema, describeInput(instead));
    },
  });
  return schema;
}

function describeBody({ shape, descriptions = {} }: InputDeclaration, mode: InputMode): JsonSchema {
  const { required, properties = {}, ...schema } = describeInput(z.object(shape));
  const withTheirWords = Object.entries(properties).map(([name, property]) => {
    const words = descriptions[name];
    const isPlain = words === undefined || typeof property === "boolean";
    return [name, isPlain ? property : withWords(words, property)];
  });
  const described = { ...schema, properties: Object.fromEntries(withTheirWords) };
  return {
    required: true,
    content: {
      "application/json": {
        schema:
          mode === "change" || required === undefined ? described : { ...described, required },
      },
    },
  };
}

/** An error that a route can answer with. */
type Answered = readonly [status: number, description: string, schema?: JsonSchema];

/** The errors that any request can be answered with. */
const ALWAYS: readonly Answered[] = [
  [429, "Too many requests: wait as long as `Retry-After` says"],
  [500, "The server failed; the message shows a request id"],
  [503, "The database did not answer: try again; the message shows a request id"],
];

function describeResponses(route: Route, portal: Portal): JsonSchema {
  const isRead = route.kind === "read";
  const onOne = route.path.includes("/:id");
  const when = (holds: boolean, ...errors: readonly Answered[]) => (holds ? errors : []);
  return {
    [route.answers.status]: { ...describeAnswer(route), headers: describeHeaders(route, portal) },
    ...(isRead && { 304: { description: "Not changed since the `ETag` in `If-None-Match`" } }),
    ...describeErrors([
      [400, "What is wrong, field by field, or in one sentence", FIELDS_OR_DETAIL],
      ...when(portal === "private", [401, "No valid token"]),
      ...when(portal === "private" && (onOne || !isRead), [403, "A permission is missing"]),
      ...when(onOne, [404, "No such object"]),
      ...when(takesKey(route), [404, "What this `Idempotency-Key` made has been deleted"]),
      ...when(takesKey(route), [409, "A request with this `Idempotency-Key` is under way"]),
      ...when(takesTag(route), [412, "The object has changed since it was read (`If-Match`)"]),
      ...when(
        "input" in route && route.input !== undefined,
        [413, "The body is too large"],
        [415, "The body is not JSON"],
      ),
      ...when(takesKey(route), [422, "This `Idempotency-Key` was used for another request"]),
      ...ALWAYS,
    ]),
  };
}

const BOOKMARK: JsonSchema = { type: "string", pattern: BOOKMARK_FORM.source };

/** The headers of an answer that clients send back. A list in the answer to a write has no tag. */
function describeHeaders({ kind, answers }: Route, portal: Portal): JsonSchema {
  const hasTag = kind === "read" || answers.with === "one";
  const header = (description: string, schema: JsonSchema) => ({ description, schema });
  return {
    ...(hasTag && {
      ETag: header("For `If-None-Match`, and for `If-Match` if it is of a whole object", TAG),
    }),
    ...(portal === "private" && {
      [BOOKMARK_HEADER]: header("The state that the answer shows or has made", BOOKMARK),
    }),
  };
}

function describeErrors(errors: readonly Answered[]): JsonSchema {
  return Object.fromEntries(
    errors.map(([status, description, schema = ref("Detail")]) => [
      status,
      { description, content: json(schema) },
    ]),
  );
}

/** The paths in addition to the declared routes. */
const SERVICE_PATHS = {
  "/api/health": {
    get: {
      operationId: "health",
      summary: "Say whether the database answers",
      tags: ["service"],
      security: [],
      responses: {
        200: {
          description: "It does; `schema` is its last migration",
          content: json(exactly({ status: { const: "ok" }, schema: { type: ["string", "null"] } })),
        },
        ...describeErrors(ALWAYS),
      },
    },
  },
  "/api/auth/device/": {
    post: {
      operationId: "device_begin",
      summary: "Ask for a token that a person approves in a browser",
      tags: ["signing in"],
      security: [],
      requestBody: { ...describeBody(DEVICE_INPUT, "create"), required: false },
      responses: {
        200: {
          description:
            "What to open in a browser, or to show with the code, and what to ask for the token with",
          content: json(
            exactly({
              session_id: { type: "string", format: "uuid" },
              device_code: { type: "string" },
              user_code: { type: "string", pattern: "^[A-Z]{4}-[0-9]{4}$" },
              verification_uri: { type: "string", format: "uri" },
              verification_uri_complete: { type: "string", format: "uri" },
              interval: { type: "integer", description: "Seconds between two questions." },
              expires_in: { type: "integer", description: "Seconds until it expires." },
            }),
          ),
        },
        ...describeErrors([
          [400, "What is wrong, field by field, or in one sentence", FIELDS_OR_DETAIL],
          [413, "The body is too large"],
          [415, "The body is not JSON"],
          ...ALWAYS,
        ]),
      },
    },
  },
  "/api/auth/device/token/": {
    post: {
      operationId: "device_token",
      summary: "Ask whether a person has approved, and for the token",
      tags: ["signing in"],
      security: [],
      requestBody: {
        required: true,
        content: json({
          type: "object",
          properties: {
            device_code: {
              title: "Device code",
              description: "The `device_code` of the answer that began the request.",
              type: "string",
            },
          },
          required: ["device_code"],
        }),
      },
      responses: {
        200: {
          description: "How it stands; the token is shown once",
          content: json({
            anyOf: [
              exactly({ status: { const: "authorization_pending" } }),
              exactly({ status: { const: "success" }, token: { type: "string" } }),
              exactly({
                error: {
                  enum: ["access_denied", "already_used", "expired_token", "invalid_request"],
                },
              }),
            ],
          }),
        },
        ...describeErrors(ALWAYS),
      },
    },
  },
  "/api/openapi.json": {
    get: {
      operationId: "openapi",
      summary: "Read this document",
      tags: ["service"],
      security: [],
      responses: {
        200: { description: "OpenAPI 3.1", content: json({ type: "object" }) },
        ...describeErrors(ALWAYS),
      },
    },
  },
};

function describeAnswer({ answers, model }: Route): JsonSchema {
  const beside = "beside" in answers ? answers.beside : {};
  if (answers.with === "nothing") return { description: "Done" };
  const one = ref(model.name);
  if (answers.with === "one") {
    return {
      description: `The ${model.title}`,
      content: json(exactly({ [model.name]: one, ...beside })),
    };
  }
  const count = { type: "integer", minimum: 0 };
  const address = { type: ["string", "null"], format: "uri" };
  const list = exactly({
    [model.listName]: { type: "array", items: one },
    count,
    next: address,
    previous: address,
    meta: describeMeta(model, count),
  });
  return { description: "One page, of at most 16 MiB", content: json(list) };
}

function describeMeta({ search }: ReadModel, count: JsonSchema): JsonSchema {
  const always = {
    page: { type: ["integer", "null"], minimum: 1, description: "Null under `after`." },
    per_page: count,
    total_results: count,
    total_pages: count,
    cursor: {
      type: ["string", "null"],
      description: "Send it as `after` for the rows that follow; null when none do.",
    },
  };
  if (search?.index === undefined) return exactly(always);
  const total_is_at_least = {
    const: true,
    description: `A search has more than ${MAX_RESULTS} results: it counts and shows no more of them.`,
  };
  return { ...exactly(always), properties: { ...always, total_is_at_least } };
}

/** The object in a model's answers. `exclude[]` and `only[]` may leave out any field but `id`. */
function describe(model: ReadModel): JsonSchema {
  const shown = Object.entries(model.fields).filter(([, field]) => field.json !== undefined);
  const properties = shown.map(([name, { schema = {}, include = "none", ...words }]) => [
    name,
    withWords(words, include === "none" ? schema : { anyOf: [schema, embedded(include)] }),
  ]);
  return withWords(model, {
    type: "object",
    properties: Object.fromEntries(properties),
    required: ["id"],
    additionalProperties: false,
  });
}

/** A relation under `include[]`: whole objects, and only the id of an object that the caller may not read. */
function embedded({ model, isOne }: Inclusion): JsonSchema {
  const object = ref(model().name);
  return isOne ? object : { type: "array", items: object };
}

function pathParameters({ path }: Route): readonly JsonSchema[] {
  if (!path.includes("/:id")) return [];
  return [{ name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } }];
}

/** Whether a route supports `Idempotency-Key`. */
const takesKey = ({ kind, answers }: Route) => kind === "write" && answers.status === 201;

/** Whether a route supports `If-Match`. */
const takesTag = ({ kind, path }: Route) => kind === "write" && path.includes("/:id");

const TAG: JsonSchema = { type: "string" };

function headerParameters(route: Route, portal: Portal): readonly JsonSchema[] {
  const header = (name: string, schema: JsonSchema, description: string): JsonSchema => ({
    name,
    in: "header",
    required: false,
    description,
    schema,
  });
  const key = { type: "string", minLength: 1, maxLength: 255 };
  const isRead = route.kind === "read";
  return [
    ...(isRead
      ? [header("If-None-Match", TAG, "The `ETag` that was read: the same answer again is a 304.")]
      : []),
    ...(isRead && portal === "private"
      ? [
          header(
            BOOKMARK_HEADER,
            { type: "string" },
            "The one of an earlier answer: this one is at least as new. Any other text counts as absent.",
          ),
        ]
      : []),
    ...(takesKey(route)
      ? [header("Idempotency-Key", key, "The same key and body again gets the first answer.")]
      : []),
    ...(takesTag(route)
      ? [header("If-Match", TAG, "The `ETag` that was read: a stale write is a 412.")]
      : []),
  ];
}

function queryParameters(route: Route): readonly JsonSchema[] {
  const format = parameter("format", { type: "string", enum: ["json"] }, "Changes nothing.");
  if (route.kind === "write") return [format];
  const { model, query } = route;
  const { includes, excludes, sorts, filters, searched } = vocabularyOf(model);
  const names = (name: string, values: readonly string[], description: string) =>
    values.length === 0
      ? []
      : [parameter(name, { type: "array", items: { type: "string", enum: values } }, description)];
  const selection = [
    ...names("include[]", includes, "Relations to show as whole objects."),
    ...names("exclude[]", excludes, "Fields to leave out."),
    ...names("only[]", ["id", ...excludes], "The fields to show with the id. Not with exclude[]."),
    format,
  ];
  if (query === "detail") return selection;
  const limit = { type: "integer", minimum: 1, maximum: LIMIT.most, default: LIMIT.default };
  return [
    ...filters.map((path) => describeFilter(model, path)),
    ...(searched.length === 0 ? [] : [describeSearch(searched)]),
    ...names(
      "sort[]",
      [...sorts, ...sorts.map((key) => `-${key}`)],
      "Sort keys; `-` for descending.",
    ),
    parameter("limit", limit, "How many objects a page has."),
    parameter("offset", { type: "integer", minimum: 0, default: 0 }, "How many objects to skip."),
    parameter(
      "after",
      { type: "string" },
      "The `meta.cursor` of the page before, in place of `offset`. A page deep in a list costs no more.",
    ),
    ...selection,
  ];
}

function describeFilter(model: ReadModel, path: string): JsonSchema {
  const type = findFilter(model, path.replace("<key>", "key"))?.type;
  const fitting = [...OPERATORS].filter(
    ([, { fits }]) => type !== undefined && fits.includes(type),
  );
  const operators = fitting.map(([name]) => name).join(", ");
  const description = `Also filter{${path}.operator}, and filter{-${path}.operator} for its opposite. Operators: ${operators}.`;
  return parameter(`filter{${path}}`, { type: "array", items: { type: "string" } }, description);
}

function describeSearch(fields: readonly string[]): JsonSchema {
  const description = `Words of at least ${MIN_WORD} characters, each of which occurs somewhere in ${fields.join(", ")}. Case is ignored; the best match comes first.`;
  return parameter("search", { type: "string", maxLength: MAX.valueLength }, description);
}

function parameter(name: string, schema: JsonSchema, description: string): JsonSchema {
  const lists = schema.type === "array" ? { style: "form", explode: true } : {};
  return { name, in: "query", required: false, description, schema, ...lists };
}

/** The name of the schema of a model: a name of OpenAPI has no spaces. */
function schemaName(name: string): string {
  return name.replaceAll(" ", "_");
}

function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${schemaName(name)}` };
}

function oneOf(...names: readonly string[]): JsonSchema {
  return { anyOf: names.map(ref) };
}

function json(schema: JsonSchema): JsonSchema {
  return { "application/json": { schema } };
}

/** An object with exactly these properties, all of them required. */
function exactly(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return {
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
}
