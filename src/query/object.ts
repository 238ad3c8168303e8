import { type SQL, sql } from "drizzle-orm";
import type { Caller } from "../db/access.ts";
import { renderOnce } from "../db/render.ts";
import { quoteId } from "./field.ts";
import type { Selection } from "./parse.ts";
import type { ReadModel } from "./resource.ts";

const made = new Map<string, SQL>();

/** More than the service's own code and its clients' habits make, and few enough to keep. */
const MAX_MADE = 1000;

/** What stands around each value of an object: nothing, or what makes of it a change of a field. */
type Frame = readonly [before: string, after: string];

const PLAIN: Frame = ["", ""];
const APPEARS: Frame = ['{"from":null,"to":', "}"];
const DISAPPEARS: Frame = ['{"from":', ',"to":null}'];

/**
 * The JSON text of one row, its keys in the order of the field table. It is the longest piece of most
 * statements and binds no values, so it is put together once for each selection of fields.
 */
export function objectJson(resource: ReadModel, caller: Caller, selection: Selection): SQL {
  return framedJson(resource, caller, selection, PLAIN);
}

/** As `objectJson`, with each field as the change that it is when the row appears or disappears. */
export function appearanceJson(resource: ReadModel, caller: Caller, selection: Selection): SQL {
  return framedJson(resource, caller, selection, APPEARS);
}

export function disappearanceJson(resource: ReadModel, caller: Caller, selection: Selection): SQL {
  return framedJson(resource, caller, selection, DISAPPEARS);
}

function framedJson(resource: ReadModel, caller: Caller, selection: Selection, frame: Frame): SQL {
  const names = [selection.include, selection.exclude].map((list) => [...list].sort().join());
  const key = [resource.name, caller.kind, ...names, frame[0]].join(" ");
  const known = made.get(key);
  if (known !== undefined) return known;
  const json = renderOnce(makeObjectJson(resource, caller, selection, frame));
  // A client may ask for ever new selections of fields.
  if (made.size >= MAX_MADE) made.clear();
  made.set(key, json);
  return json;
}

function makeObjectJson(
  resource: ReadModel,
  caller: Caller,
  selection: Selection,
  [before, after]: Frame,
): SQL {
  const parts: SQL[] = [];
  for (const [name, field] of Object.entries(resource.fields)) {
    if (field.json === undefined || selection.exclude.includes(name)) continue;
    if (field.isConstant && before + after !== "") continue;
    const { include = "none" } = field;
    const value =
      include !== "none" && selection.include.includes(name)
        ? include.list(embedded(include.resource(), caller), caller)
        : field.json(caller);
    const member = sql`${quote(`${parts.length === 0 ? "{" : ","}"${name}":${before}`)} || ${value}
      ${after === "" ? sql`` : sql`|| ${quote(after)}`}`;
    // The id, which no object leaves out, comes first: what is left out is left out with its comma.
    parts.push(field.isOptional ? sql`coalesce(${member}, '')` : member);
  }
  return sql`${balanced(parts)} || '}'`;
}

/** Text of our own as a literal: it has no quotes in it. */
const quote = (text: string) => sql.raw(`'${text}'`);

/** A related object, or no more than its id where the caller may not read it. */
function embedded(resource: ReadModel, caller: Caller): SQL {
  const fields = Object.entries(resource.fields);
  const exclude = fields.filter(([, field]) => field.omittedWhenIncluded).map(([name]) => name);
  return sql`CASE WHEN ${resource.readable(caller)}
    THEN ${makeObjectJson(resource, caller, { include: [], exclude }, PLAIN)}
    ELSE '{"id":' || ${quoteId(resource.id)} || '}' END`;
}

/** Concatenates as a balanced tree: D1 allows expressions a depth of 100. */
function balanced(parts: readonly SQL[]): SQL {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const middle = Math.ceil(parts.length / 2);
  return sql`(${balanced(parts.slice(0, middle))} || ${balanced(parts.slice(middle))})`;
}
