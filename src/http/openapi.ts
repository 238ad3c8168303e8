import * as z from "zod/mini";
import { OPERATORS } from "../query/operators.ts";
import { LIMIT } from "../query/parse.ts";
import { findFilter, type JsonSchema, type Resource, vocabularyOf } from "../query/resource.ts";
import type { Portal, Route } from "./route.ts";

/** What is said of the service as a whole. */
const INFO = {
  title: "BrainSTEM Session API",
  version: "1.0.0",
  description:
    "Sessions of neuroscience experiments: one recording each, the projects that it belongs to, where its data lies, what was recorded, done and observed.",
  license: { name: "MIT", identifier: "MIT" },
};

const DETAIL: JsonSchema = {
  type: "object",
  properties: { detail: { type: "string" } },
  required: ["detail"],
};

const FIELD_ERRORS: JsonSchema = {
  type: "object",
  additionalProperties: { type: "array", items: { type: "string" } },
};

/** The OpenAPI 3.1 document of the declared routes: what validates them also describes them. */
export function describeApi(routes: readonly Route[]): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  const resources = new Map<string, Resource>();
  for (const route of routes) {
    collect(route.resource, resources);
    for (const portal of route.portals) {
      const path = `/api/${portal}${route.path.replace(/:(\w+)/g, "{$1}")}/`;
      paths[path] = { ...paths[path], [route.method]: describeRoute(route, portal) };
    }
  }
  const objects = [...resources.values()].map((resource) => [resource.name, describe(resource)]);
  return {
    openapi: "3.1.0",
    info: INFO,
    servers: [{ url: "/" }],
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
      schemas: { ...Object.fromEntries(objects), Detail: DETAIL, FieldErrors: FIELD_ERRORS },
    },
  };
}

/** A resource and all that its answers can include. */
function collect(resource: Resource, resources: Map<string, Resource>): void {
  if (resources.has(resource.name)) return;
  resources.set(resource.name, resource);
  for (const { include } of Object.values(resource.fields)) {
    if (include !== undefined && include !== "none") collect(include.resource(), resources);
  }
}

function describeRoute(route: Route, portal: Portal): JsonSchema {
  return {
    operationId: operationId(route, portal),
    summary: route.summary,
    tags: [route.resource.title],
    security: portal === "private" ? [{ bearer: [] }] : [],
    parameters: [...pathParameters(route), ...queryParameters(route)],
    ...(route.body && { requestBody: describeBody(route.body.declaration.shape, route.body.mode) }),
    responses: describeResponses(route, portal),
  };
}

/** `private_session_list`, `private_sessiondatastorage_reorder` */
function operationId({ method, path, resource }: Route, portal: Portal): string {
  const last = path.split("/").at(-1) ?? "";
  const onOne = path.includes("/:id");
  const verbs = {
    get: onOne ? "detail" : "list",
    post: "add",
    put: "replace",
    patch: "change",
    delete: "delete",
  };
  const isVerb = last === ":id" || path.split("/").length === 3;
  return `${portal}_${resource.name}_${isVerb ? verbs[method] : `${last}_${method}`}`;
}

function describeBody(shape: z.core.$ZodShape, mode: string): JsonSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(z.object(shape), {
    io: "input",
    unrepresentable: "any",
  });
  const { required, ...optional } = schema;
  return {
    required: true,
    content: { "application/json": { schema: mode === "change" ? optional : schema } },
  };
}

function describeResponses(route: Route, portal: Portal): JsonSchema {
  const errors: [number, string, JsonSchema][] = [
    [400, "What is wrong, field by field, or in one sentence", oneOf("FieldErrors", "Detail")],
    ...(portal === "private"
      ? ([
          [401, "No valid token", ref("Detail")],
          [403, "A permission is missing", ref("Detail")],
        ] as [number, string, JsonSchema][])
      : []),
    [404, "No such object", ref("Detail")],
    ...(route.body
      ? ([
          [413, "The body is too large", ref("Detail")],
          [415, "The body is not JSON", ref("Detail")],
        ] as [number, string, JsonSchema][])
      : []),
    [500, "The server failed; the message shows a request id", ref("Detail")],
  ];
  return {
    [route.answers.status]: describeAnswer(route),
    ...Object.fromEntries(
      errors.map(([status, description, schema]) => [
        status,
        { description, content: json(schema) },
      ]),
    ),
  };
}

function describeAnswer({ answers, resource }: Route): JsonSchema {
  if (answers.with === "nothing") return { description: "Done" };
  const one = ref(resource.name);
  if (answers.with === "one") {
    return {
      description: `The ${resource.title}`,
      content: json(exactly({ [resource.name]: one })),
    };
  }
  const count = { type: "integer", minimum: 0 };
  const address = { type: ["string", "null"], format: "uri" };
  const list = exactly({
    [resource.listName]: { type: "array", items: one },
    count,
    next: address,
    previous: address,
    meta: exactly({ page: count, per_page: count, total_results: count, total_pages: count }),
  });
  return { description: "One page", content: json(list) };
}

/** The object that a resource's answers show. `exclude[]` may leave any field out but `id`. */
function describe(resource: Resource): JsonSchema {
  const shown = Object.entries(resource.fields).filter(([, field]) => field.json !== undefined);
  const properties = shown.map(([name, { schema = {}, include = "none" }]) => [
    name,
    include === "none" ? schema : { anyOf: [schema, embedded(include.resource())] },
  ]);
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required: ["id"],
    additionalProperties: false,
  };
}

/** A relation under `include[]`: whole objects, of which those that the caller may not read are an id. */
function embedded(resource: Resource): JsonSchema {
  return { type: "array", items: ref(resource.name) };
}

function pathParameters({ path }: Route): readonly JsonSchema[] {
  if (!path.includes("/:id")) return [];
  return [{ name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } }];
}

function queryParameters({ resource, query }: Route): readonly JsonSchema[] {
  const format = parameter("format", { type: "string", enum: ["json"] }, "Changes nothing.");
  if (query === "none") return [format];
  const { includes, excludes, sorts, filters } = vocabularyOf(resource);
  const names = (name: string, values: readonly string[], description: string) =>
    values.length === 0
      ? []
      : [parameter(name, { type: "array", items: { type: "string", enum: values } }, description)];
  const selection = [
    ...names("include[]", includes, "Relations to show as whole objects."),
    ...names("exclude[]", excludes, "Fields to leave out."),
    format,
  ];
  if (query === "detail") return selection;
  const limit = { type: "integer", minimum: 1, maximum: LIMIT.most, default: LIMIT.default };
  return [
    ...filters.map((path) => describeFilter(resource, path)),
    ...names(
      "sort[]",
      [...sorts, ...sorts.map((key) => `-${key}`)],
      "Sort keys; `-` for descending.",
    ),
    parameter("limit", limit, "How many objects a page has."),
    parameter("offset", { type: "integer", minimum: 0, default: 0 }, "How many objects to skip."),
    ...selection,
  ];
}

function describeFilter(resource: Resource, path: string): JsonSchema {
  const type = findFilter(resource, path.replace("<key>", "key"))?.type;
  const fitting = [...OPERATORS].filter(
    ([, { fits }]) => type !== undefined && fits.includes(type),
  );
  const operators = fitting.map(([name]) => name).join(", ");
  const description = `Also filter{${path}.operator}, and filter{-${path}.operator} for its opposite. Operators: ${operators}.`;
  return parameter(`filter{${path}}`, { type: "array", items: { type: "string" } }, description);
}

function parameter(name: string, schema: JsonSchema, description: string): JsonSchema {
  const lists = schema.type === "array" ? { style: "form", explode: true } : {};
  return { name, in: "query", required: false, description, schema, ...lists };
}

const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

const oneOf = (...names: readonly string[]): JsonSchema => ({ anyOf: names.map(ref) });

const json = (schema: JsonSchema): JsonSchema => ({ "application/json": { schema } });

/** An object with these properties, all of them and no others. */
function exactly(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return {
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
}
