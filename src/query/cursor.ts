import * as z from "zod/mini";

/** The values of a row's sort keys, the first key first: where the row stands in the order of a list. */
export type Position = readonly PositionValue[];

export type PositionValue = string | number | null;

/** A position, and the `sort[]` of the list that it belongs to. */
export interface Cursor {
  readonly sort: string;
  readonly position: Position;
}

const MOST_KEYS = 20;

const value = z.union([z.string(), z.number(), z.null()]);

const shape = z.tuple([z.string(), z.array(value).check(z.minLength(1), z.maxLength(MOST_KEYS))]);

/** The opaque text of a cursor: base64url of JSON, so that it stands in an address as it is. */
export function writeCursor({ sort, position }: Cursor): string {
  const bytes = new TextEncoder().encode(JSON.stringify([sort, position]));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

/** The cursor in a text; undefined when the text is none. */
export function readCursor(text: string): Cursor | undefined {
  const parsed = shape.safeParse(parseJson(text));
  return parsed.success ? { sort: parsed.data[0], position: parsed.data[1] } : undefined;
}

function parseJson(text: string): unknown {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
