import type { Context } from "hono";
import type { Environment } from "../auth/environment.ts";
import type { Page } from "../model/read.ts";
import { writeCursor } from "../query/cursor.ts";
import { LIMIT, type Query, sortText } from "../query/parse.ts";
import type { ReadModel } from "../query/read-model.ts";
import { hash } from "../values/hash.ts";
import { tellBookmark } from "./bookmarks.ts";

/**
 * An answer: its status and JSON text. The database builds the text of the objects, which is not parsed
 * again.
 */
export type Answer = Shown | { readonly status: 204 };

/** An answer with a body. */
export interface Shown {
  readonly status: 200 | 201;
  readonly json: string;
  readonly entityTag?: string;
}

/** `{"session": {...}}` with an entity tag, which a client sends back in `If-Match`. */
export async function answerOne(
  model: ReadModel,
  body: string,
  status: 200 | 201 = 200,
): Promise<Shown> {
  return { status, json: `{"${model.name}":${body}}`, entityTag: await entityTag(body) };
}

/**
 * An object under `include[]`, `exclude[]` or `only[]`. It does not have the entity tag of the object, because
 * `If-Match` compares whole objects.
 */
export function answerSelection(model: ReadModel, body: string): Shown {
  return { status: 200, json: `{"${model.name}":${body}}` };
}

export function respond(context: Context<Environment>, answer: Answer): Response {
  tellBookmark(context);
  if (answer.status === 204) return context.body(null, 204);
  if (answer.entityTag !== undefined) context.header("ETag", answer.entityTag);
  return context.body(answer.json, answer.status, { "Content-Type": "application/json" });
}

/** The answer to a read whose result the client has already. */
export function respondNotModified(context: Context<Environment>, tag: string): Response {
  tellBookmark(context);
  context.header("ETag", tag);
  return context.body(null, 304);
}

/**
 * Whether an `If-None-Match` names the tag. The comparison is the weak one of RFC 9110, because a proxy that
 * compresses an answer may weaken its tag.
 */
export function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = [...ifNoneMatch.matchAll(/"[^"]*"/g)].map(([each]) => each);
  return ifNoneMatch.trim() === "*" || tags.includes(tag);
}

/**
 * The entity tag of a JSON text: the first 32 hexadecimal digits of its SHA-256, in quotes. The tag of an
 * object is that of its own text, and the tag of any other answer is that of the answer's text. These texts
 * never begin alike, so the tag of a list or a selection is never one of an object.
 */
export async function entityTag(body: string): Promise<string> {
  return `"${(await hash(body)).slice(0, 32)}"`;
}

export const NOTHING: Answer = { status: 204 };

/** `{"sessions": [...], "count": n, "next": ..., "previous": ..., "meta": {...}}`, with the list first. */
export function answerList(
  model: ReadModel,
  page: Page,
  { limit, offset, after }: Pick<Query, "limit" | "offset" | "after">,
  url: string,
): Shown {
  const { bodies, count } = page;
  const address = new URL(url);
  const cursor = cursorOf(page, address);
  const about = {
    count,
    ...(after === undefined
      ? {
          next: page.hasMore ? pageAddress(address, { limit, offset: offset + limit }) : null,
          previous:
            offset > 0
              ? pageAddress(address, { limit, offset: Math.max(0, offset - limit) })
              : null,
        }
      : {
          next: cursor === null ? null : pageAddress(address, { limit, after: cursor }),
          previous: null,
        }),
    meta: {
      // A cursor does not say how many rows stand before it.
      page: after === undefined ? Math.floor(offset / limit) + 1 : null,
      per_page: limit,
      total_results: count,
      total_pages: Math.ceil(count / limit),
      cursor,
      ...(page.isAtLeast && { total_is_at_least: true }),
    },
  };
  const list = `{"${model.listName}":[${bodies.join(",")}],`;
  return { status: 200, json: list + JSON.stringify(about).slice(1) };
}

/** The cursor of the rows that follow a page, or null. */
function cursorOf({ hasMore, position }: Page, { searchParams }: URL): string | null {
  if (!hasMore || position === undefined) return null;
  return writeCursor({ sort: sortText(searchParams), position });
}

/** A whole list on one page. */
export function answerPage(model: ReadModel, page: Page, url: string): Answer {
  return answerList(model, page, { limit: Math.max(page.count, LIMIT.default), offset: 0 }, url);
}

/** The address of another page of the same query. */
function pageAddress(list: URL, parameters: Readonly<Record<string, string | number>>): string {
  const address = new URL(list);
  for (const [name, value] of Object.entries(parameters)) {
    address.searchParams.set(name, String(value));
  }
  return address.href;
}
