import type { Context } from "hono";
import type { Environment } from "../auth/environment.ts";
import type { Page } from "../model/read.ts";
import { LIMIT, type Query } from "../query/parse.ts";
import type { ReadModel } from "../query/read-model.ts";
import { hash } from "../values/hash.ts";

/**
 * An answer: its status and JSON text. The database builds the text of the objects, which is not parsed
 * again.
 */
export type Answer =
  | { readonly status: 200 | 201; readonly json: string; readonly entityTag?: string }
  | { readonly status: 204 };

/** `{"session": {...}}` with an entity tag, which a client sends back in `If-Match`. */
export async function answerOne(
  model: ReadModel,
  body: string,
  status: 200 | 201 = 200,
): Promise<Answer> {
  return { status, json: `{"${model.name}":${body}}`, entityTag: await entityTag(body) };
}

/**
 * An object under `include[]` or `exclude[]`. It has no entity tag, because `If-Match` compares whole
 * objects.
 */
export function answerSelection(model: ReadModel, body: string): Answer {
  return { status: 200, json: `{"${model.name}":${body}}` };
}

export function respond(context: Context<Environment>, answer: Answer): Response {
  if (answer.status === 204) return context.body(null, 204);
  if (answer.entityTag !== undefined) context.header("ETag", answer.entityTag);
  return context.body(answer.json, answer.status, { "Content-Type": "application/json" });
}

/**
 * The entity tag of an object: the first 32 hexadecimal digits of the SHA-256 of its JSON text, in quotes.
 */
export async function entityTag(body: string): Promise<string> {
  return `"${(await hash(body)).slice(0, 32)}"`;
}

export const NOTHING: Answer = { status: 204 };

/** `{"sessions": [...], "count": n, "next": ..., "previous": ..., "meta": {...}}`, with the list first. */
export function answerList(
  model: ReadModel,
  { bodies, count, isAtLeast }: Page,
  { limit, offset }: Pick<Query, "limit" | "offset">,
  url: string,
): Answer {
  const about = {
    count,
    next: offset + limit < count ? pageAddress(url, limit, offset + limit) : null,
    previous: offset > 0 ? pageAddress(url, limit, Math.max(0, offset - limit)) : null,
    meta: {
      page: Math.floor(offset / limit) + 1,
      per_page: limit,
      total_results: count,
      total_pages: Math.ceil(count / limit),
      ...(isAtLeast && { total_is_at_least: true }),
    },
  };
  const list = `{"${model.listName}":[${bodies.join(",")}],`;
  return { status: 200, json: list + JSON.stringify(about).slice(1) };
}

/** A whole list on one page. */
export function answerPage(model: ReadModel, page: Page, url: string): Answer {
  return answerList(model, page, { limit: Math.max(page.count, LIMIT.default), offset: 0 }, url);
}

/** The address of another page of the same query. */
function pageAddress(url: string, limit: number, offset: number): string {
  const address = new URL(url);
  address.searchParams.set("limit", String(limit));
  address.searchParams.set("offset", String(offset));
  return address.href;
}
