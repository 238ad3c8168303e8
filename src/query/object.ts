import { type SQL, sql } from "drizzle-orm";
import type { Viewer } from "../db/access.ts";
import { constantSql } from "../db/constant-sql.ts";
import { quoteId } from "./field.ts";
import type { Selection } from "./parse.ts";
import type { Resource } from "./resource.ts";

/** The JSON text of one row, its keys in the order of the field table. */
export function objectJson(resource: Resource, viewer: Viewer, selection: Selection): SQL {
  const names = [selection.include, selection.exclude].map((list) => [...list].sort().join());
  const key = `object ${resource.name} ${viewer.kind} ${names.join(" ")}`;
  return constantSql(key, () => makeObjectJson(resource, viewer, selection));
}

function makeObjectJson(resource: Resource, viewer: Viewer, selection: Selection): SQL {
  const parts: SQL[] = [];
  for (const [name, field] of Object.entries(resource.fields)) {
    if (field.json === undefined || selection.exclude.includes(name)) continue;
    const lead = sql.raw(`'${parts.length === 0 ? "{" : ","}"${name}":'`);
    const { include = "none" } = field;
    const value =
      include !== "none" && selection.include.includes(name)
        ? include.list(embedded(include.resource(), viewer), viewer)
        : field.json(viewer);
    parts.push(sql`${lead} || ${value}`);
  }
  return sql`${balanced(parts)} || '}'`;
}

/** A related object, or no more than its id where the viewer may not read it. */
function embedded(resource: Resource, viewer: Viewer): SQL {
  const fields = Object.entries(resource.fields);
  const exclude = fields.filter(([, field]) => field.omittedWhenIncluded).map(([name]) => name);
  return sql`CASE WHEN ${resource.readable(viewer)} THEN ${makeObjectJson(resource, viewer, { include: [], exclude })}
    ELSE '{"id":' || ${quoteId(resource.id)} || '}' END`;
}

/** Concatenates as a balanced tree: D1 allows expressions a depth of 100. */
function balanced(parts: readonly SQL[]): SQL {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const middle = Math.ceil(parts.length / 2);
  return sql`(${balanced(parts.slice(0, middle))} || ${balanced(parts.slice(middle))})`;
}
