import type { Query } from "../query/parse.ts";
import type { Resource } from "../query/resource.ts";
import type { Page } from "../record/service.ts";

/** An answer as status and JSON text; the text comes from the database as it is and is not parsed again. */
export type Answer =
  | { readonly status: 200 | 201; readonly json: string }
  | { readonly status: 204 };

/** `{"session": {...}}` */
export function answerOne(resource: Resource, body: string, status: 200 | 201 = 200): Answer {
  return { status, json: `{"${resource.name}":${body}}` };
}

export const NOTHING: Answer = { status: 204 };

/** `{"sessions": [...], "count": n, "next": ..., "previous": ..., "meta": {...}}`, the list first. */
export function answerList(
  resource: Resource,
  { bodies, count }: Page,
  { limit, offset }: Pick<Query, "limit" | "offset">,
  url: URL,
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
    },
  };
  const list = `{"${resource.listName}":[${bodies.join(",")}],`;
  return { status: 200, json: list + JSON.stringify(about).slice(1) };
}

/** The address of another page of the same query. */
function pageAddress(url: URL, limit: number, offset: number): string {
  const address = new URL(url);
  address.searchParams.set("limit", String(limit));
  address.searchParams.set("offset", String(offset));
  return address.href;
}
