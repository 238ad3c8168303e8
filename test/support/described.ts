import { type OutputUnit, type Schema, Validator } from "@cfworker/json-schema";
import { describeApi } from "../../src/api/openapi.ts";
import { routes } from "../../src/routes.ts";
import type { Answer } from "./client.ts";

// The OpenAPI document and the running service agree: every answer that a test gets is held against
// what the document says of it.

interface Operation {
  readonly responses: Readonly<Record<string, Described>>;
}

interface Described {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Schema;
}

// A copy, because the validator writes into the schemas that it is given.
const document: Document = JSON.parse(JSON.stringify(describeApi(routes)));

/** With or without the closing slash. */
const pieces = (path: string) => path.replace(/\/$/, "").split("/");

const templates = Object.keys(document.paths).map((path) => ({ path, pieces: pieces(path) }));

/** The path of the document that a request's path is one of; a path with a word comes before one with an id. */
function findPath(pathname: string): string | undefined {
  const asked = pieces(pathname);
  const found = templates.filter(
    (template) =>
      template.pieces.length === asked.length &&
      template.pieces.every((piece, index) =>
        piece.startsWith("{") ? asked[index] !== "" : piece === asked[index],
      ),
  );
  return (found.find(({ path }) => !path.includes("{")) ?? found[0])?.path;
}

const validators = new Map<string, Validator>();

/** The validator of a schema of the document, under the key by which it is known. */
function validatorOf(key: string, schema: Schema): Validator {
  const known = validators.get(key);
  if (known !== undefined) return known;
  const made = new Validator({ ...schema, components: document.components }, "2020-12");
  validators.set(key, made);
  return made;
}

const DETAIL: Schema = { $ref: "#/components/schemas/Detail" };

const REFUSAL = { content: { json: { schema: DETAIL } } };

/** What is no operation of the document counts against a limit, too. */
const NOT_FOUND: Operation = { responses: { 404: REFUSAL, 429: REFUSAL } };

const NOT_ALLOWED: Operation = { responses: { 405: REFUSAL, 429: REFUSAL } };

const OPTIONS: Operation = { responses: { 204: {}, 429: REFUSAL } };

/** What the document says of an operation; of one that it does not know, that there is no such thing. */
function operationOf(path: string | undefined, method: string): Operation {
  if (path === undefined) return NOT_FOUND;
  if (method === "OPTIONS") return OPTIONS;
  const verb = method === "HEAD" ? "get" : method.toLowerCase();
  return document.paths[path]?.[verb] ?? NOT_ALLOWED;
}

/** @throws Error for an answer that the document does not have, or has otherwise */
export function requireDescribed(method: string, url: URL, answer: Answer): void {
  const path = findPath(url.pathname);
  const place = `${method} ${path ?? url.pathname}`;
  const operation = operationOf(path, method);
  const described = operation.responses[answer.status];
  if (described === undefined) {
    // Where a GET writes, its HEAD is not offered.
    if (method === "HEAD" && answer.status === 405) return;
    throw new Error(
      `${place} does not describe its ${answer.status}: ${answer.text.slice(0, 300)}`,
    );
  }
  const schema = Object.values(described.content ?? {})[0]?.schema;
  if (schema === undefined || method === "HEAD") {
    if (answer.text !== "") throw new Error(`${place} answers ${answer.status} with a body`);
    return;
  }
  if (!answer.headers.get("Content-Type")?.startsWith("application/json")) {
    throw new Error(`${place} answers ${answer.status} with ${answer.headers.get("Content-Type")}`);
  }
  const { valid, errors } = validatorOf(`${place} ${answer.status}`, schema).validate(
    wellFormed(answer),
  );
  if (!valid) throw new Error(`${place} answers ${answer.status} otherwise: ${problemOf(errors)}`);
}

/** The body with its surrogates replaced: the validator cannot bear one that stands alone. */
function wellFormed({ text, body }: Answer): unknown {
  const escaped = /\\(?:\\|ud[89a-f][0-9a-f]{2})/gi;
  if (!text.includes("\\ud")) return body ?? null;
  return JSON.parse(text.replace(escaped, (found) => (found === "\\\\" ? found : "?")));
}

/** The deepest problem is the one that tells most. */
function problemOf(errors: readonly OutputUnit[]): string {
  const depth = ({ instanceLocation }: OutputUnit) => instanceLocation.split("/").length;
  const [deepest] = [...errors].sort((a, b) => depth(b) - depth(a));
  return `${deepest?.instanceLocation} ${deepest?.error}`;
}
