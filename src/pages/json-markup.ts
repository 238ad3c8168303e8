import type { Model, Portal } from "../model/define.ts";
import type { Field } from "../model/field.ts";
import { models } from "../models/all.ts";
import type { ReadModel } from "../query/read-model.ts";
import { parseUuid } from "../values/uuid.ts";

/** JSON as markup: indented, coloured by classes, with ids and addresses as links. */
export interface JsonMarkup {
  readonly html: string;
  /** How much of the text the markup shows, in UTF-16 units. */
  readonly shown: number;
}

/** What a JSON text is about, and how long its markup may be. */
export interface JsonSubject {
  /** The model of the objects in the answer; undefined when it has none. */
  readonly model: ReadModel | undefined;
  readonly portal: Portal;
  /** The address of the rows that follow a cursor. */
  readonly after: (cursor: string) => string;
  /** The most UTF-16 units of markup, give or take one value. */
  readonly most: number;
}

/** How much of one text is shown. */
const MOST_OF_TEXT = 1_000;

/** An object or a list that is open, and the model of its objects or of its ids. */
interface Frame {
  readonly isObject: boolean;
  readonly model: ReadModel | undefined;
}

/**
 * The markup of a JSON text. The text is not parsed: numbers stay as they were sent, and of a large answer
 * only the beginning is read.
 */
export function jsonMarkup(
  text: string,
  { model: root, portal, after, most }: JsonSubject,
): JsonMarkup {
  const frames: Frame[] = [];
  let html = "";
  let shown = 0;
  let previous = "";
  let target: ReadModel | undefined;
  /** Whether the next value is the cursor in the `meta` of a list. */
  let isCursor = false;
  const line = () => `\n${"  ".repeat(frames.length)}`;
  for (const { token, end } of tokensOf(text)) {
    if (html.length >= most) break;
    shown = end;
    const frame = frames.at(-1);
    const isFirst = previous === "{" || previous === "[";
    const isKey = frame?.isObject === true && previous !== ":";
    const isValue = !"}],:".includes(token);
    if (isValue && (isFirst || previous === ",")) html += line();
    if (token === "}" || token === "]") {
      frames.pop();
      html += isFirst ? token : line() + token;
    } else if (token === ":") {
      html += ": ";
    } else if (isValue && isKey) {
      target = targetOf(token.slice(1, -1), frame.model, frames.length === 1 ? root : undefined);
      isCursor = token === '"cursor"' && frames.length === 2 && frame.model === undefined;
      html += `<b>${markup(token)}</b>`;
    } else if (isCursor && token.startsWith('"')) {
      html += link(after(JSON.parse(token)), token);
      isCursor = false;
    } else {
      if (frame?.isObject === false) target = frame.model;
      if (token === "{" || token === "[") frames.push({ isObject: token === "{", model: target });
      html += valueMarkup(token, target, portal);
    }
    previous = token;
  }
  return { html, shown };
}

const WORD = /[^\s,\]}]+/y;

/** The tokens of a JSON text, and where each ends. A text is one token, with its quotes. */
function* tokensOf(text: string): Generator<{ readonly token: string; readonly end: number }> {
  let place = 0;
  while (place < text.length) {
    const sign = text.charAt(place);
    if (/\s/.test(sign)) {
      place += 1;
      continue;
    }
    const end = endOfToken(text, place, sign);
    yield { token: text.slice(place, end), end };
    place = end;
  }
}

function endOfToken(text: string, place: number, sign: string): number {
  if ("{}[],:".includes(sign)) return place + 1;
  if (sign !== '"') {
    WORD.lastIndex = place;
    return place + (WORD.exec(text)?.[0].length ?? 1);
  }
  // Not a regular expression: a text can have millions of characters.
  for (let end = text.indexOf('"', place + 1); end > 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return end + 1;
  }
  return text.length;
}

/** The model whose records a key holds, as ids or as objects; undefined for any other key. */
function targetOf(
  key: string,
  model: ReadModel | undefined,
  root: ReadModel | undefined,
): ReadModel | undefined {
  if (root !== undefined) return key === root.name || key === root.listName ? root : undefined;
  if (model === undefined || !Object.hasOwn(model.fields, key)) return undefined;
  if (key === "id") return model;
  // The fields of every model are declared with what they refer to.
  const { include = "none", refersTo } = model.fields[key] as Field<unknown>;
  if (include !== "none") return include.model();
  return refersTo === undefined ? undefined : models.find(({ table }) => table === refersTo);
}

/** A sign, a number, a word or a text; a text is a link where it is the id of a record or an address. */
function valueMarkup(written: string, target: ReadModel | undefined, portal: Portal): string {
  if ("{[,".includes(written)) return written;
  if (!written.startsWith('"')) return `<i>${markup(written)}</i>`;
  const address = addressIn(written, target, portal);
  return address === undefined ? markup(shorten(written)) : link(address, written);
}

function link(address: string, written: string): string {
  const rel = address.startsWith("/") ? "" : ' rel="nofollow noopener noreferrer"';
  return `<a href="${markup(address)}"${rel}>${markup(shorten(written))}</a>`;
}

function addressIn(
  written: string,
  target: ReadModel | undefined,
  portal: Portal,
): string | undefined {
  const text = written.slice(1, -1);
  if (target !== undefined && parseUuid(text) !== undefined) {
    const model = models.find(({ name }) => name === target.name);
    return model && recordAddress(model, text, portal);
  }
  // Any other scheme, such as javascript:, is text.
  if (!/^(https?|ftp):\/\//i.test(text) || written.length > MOST_OF_TEXT) return undefined;
  const address: unknown = JSON.parse(written);
  return typeof address === "string" && URL.canParse(address) ? address : undefined;
}

/** The address of a record in the API, in this portal if its model is there. */
function recordAddress({ path, portals, verbs }: Model, id: string, portal: Portal) {
  if (!verbs.includes("detail")) return undefined;
  return `/api/${portals.includes(portal) ? portal : "private"}${path}/${id}/`;
}

function shorten(written: string): string {
  if (written.length <= MOST_OF_TEXT) return written;
  const rest = written.length - MOST_OF_TEXT;
  return `${written.slice(0, MOST_OF_TEXT).replace(/[\ud800-\udbff]$/, "")}… (${rest} more characters)"`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as markup. */
const markup = (text: string) => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
