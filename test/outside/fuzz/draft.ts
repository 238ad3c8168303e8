import type { Sent } from "../service/send.ts";
import type { Pair } from "./query.ts";

/** A request that can still be changed piece by piece. */
export interface Draft {
  readonly method: string;
  readonly path: string;
  readonly query: readonly Pair[];
  /** Whether the names in the query go out as they are, with their braces and brackets. */
  readonly rawNames: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** The fields of the body, their values as JSON text. */
  readonly fields: readonly Pair[];
  /** Set where something else is sent in place of the fields. */
  readonly body?: string | Uint8Array;
  /** Set where the query goes out as it is. */
  readonly rawQuery?: string;
}

export function encode(draft: Draft): Sent {
  const { method, path, headers } = draft;
  const query = draft.rawQuery ?? encodeQuery(draft);
  const body = draft.body ?? (headers["Content-Type"] === undefined ? undefined : bodyOf(draft));
  return {
    method,
    path: printable(query === "" ? path : `${path}?${query}`),
    headers,
    body: body === undefined ? undefined : Buffer.from(body),
  };
}

function encodeQuery({ query, rawNames }: Draft): string {
  return query
    .map(([name, value]) => `${rawNames ? name : encodeText(name)}=${encodeText(value)}`)
    .join("&");
}

const encodeText = (text: string) => encodeURIComponent(text.toWellFormed());

function bodyOf({ fields }: Draft): string {
  return `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`;
}

/** What else is no address to what runs the Worker: it comes no further. */
function printable(path: string): string {
  return path.replace(/[^\x21-\x7e]+|[<>"#]/g, encodeText);
}
