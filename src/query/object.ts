import { type SQL, sql } from "drizzle-orm";
import type { Caller } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import { KeptPieces } from "../db/kept-pieces.ts";
import { renderOnce } from "../db/render.ts";
import { balanced } from "./balanced.ts";
import { quoteId } from "./field.ts";
import type { Selection } from "./parse.ts";
import type { ReadModel } from "./read-model.ts";

/** The service and its usual clients use far fewer selections. */
const kept = new KeptPieces(1000);

/**
 * The text before and after each value of an object: none, or what turns the value into the change of a
 * field.
 */
type Frame = readonly [before: string, after: string];

const PLAIN: Frame = ["", ""];
const APPEARS: Frame = ['{"from":null,"to":', "}"];
const DISAPPEARS: Frame = ['{"from":', ',"to":null}'];

/**
 * The JSON text of one row, with its keys in the order of the field table. It is the longest part of most
 * statements and binds no values, so it is built once for each selection of fields.
 */
export function objectJson(model: ReadModel, caller: Caller, selection: Selection): SQL {
  return framedJson(model, caller, selection, PLAIN);
}

/** As `objectJson`, with each field as a change from null: the changes of a row that is created. */
export function appearanceJson(model: ReadModel, caller: Caller, selection: Selection): SQL {
  return framedJson(model, caller, selection, APPEARS);
}

export function disappearanceJson(model: ReadModel, caller: Caller, selection: Selection): SQL {
  return framedJson(model, caller, selection, DISAPPEARS);
}

function framedJson(model: ReadModel, caller: Caller, selection: Selection, frame: Frame): SQL {
  const names = [selection.include, selection.exclude].map((list) => [...list].sort().join());
  const key = [model.name, caller.kind, ...names, selection.names !== undefined, frame[0]].join(
    " ",
  );
  return kept.get(key, () => renderOnce(makeObjectJson(model, caller, selection, frame)));
}

function makeObjectJson(
  model: ReadModel,
  caller: Caller,
  selection: Selection,
  [before, after]: Frame,
): SQL {
  const parts: SQL[] = [];
  for (const [name, field] of Object.entries(model.fields)) {
    if (field.json === undefined || selection.exclude.includes(name)) continue;
    if (field.isConstant && before + after !== "") continue;
    const { include = "none" } = field;
    const value =
      include !== "none" && selection.include.includes(name)
        ? include.list(embedded(include.model(), caller, selection.names !== undefined), caller)
        : (namedValue(model, name, caller, selection) ?? field.json(caller));
    const member = sql`${quote(`${parts.length === 0 ? "{" : ","}"${name}":${before}`)} || ${value}
      ${after === "" ? sql`` : sql`|| ${quote(after)}`}`;
    // The id comes first and is never left out. An optional field is left out together with the comma before
    // it.
    parts.push(field.isOptional ? sql`coalesce(${member}, '')` : member);
  }
  return sql`${balanced(parts, sql`||`)} || '}'`;
}

/** A string literal of SQL. The text comes from the declarations and contains no quotes. */
const quote = (text: string) => sql.raw(`'${text}'`);

/**
 * A related object; only its id when the caller may not read it.
 *
 * @param namesOnly whether it has only its id and its name, or the type of a record without a name
 */
function embedded(model: ReadModel, caller: Caller, namesOnly: boolean): SQL {
  const title = Object.hasOwn(model.fields, "name") ? "name" : "type";
  const exclude = Object.entries(model.fields)
    .filter(([name, field]) =>
      namesOnly ? name !== "id" && name !== title : field.omittedWhenIncluded,
    )
    .map(([name]) => name);
  return sql`CASE WHEN ${model.readable(caller)}
    THEN ${makeObjectJson(model, caller, { include: [], exclude }, PLAIN)}
    ELSE '{"id":' || ${quoteId(model.id)} || '}' END`;
}

/**
 * The value of a reference with the name of the record, as `{"id", "name"}`; only with its id when the caller may
 * not read the record. Undefined where the selection asks for no names, and for any other field.
 */
function namedValue(
  model: ReadModel,
  name: string,
  caller: Caller,
  { names }: Selection,
): Expression | undefined {
  const { named, json } = model.fields[name] ?? {};
  if (names === undefined || json === undefined) return undefined;
  if (named !== undefined) return named;
  const target = names.get(name);
  const title = target?.fields.name?.json?.(caller);
  // A row cannot be looked up beside another row of the same table, whose columns have the same names.
  if (target === undefined || title === undefined || target.table === model.table) return undefined;
  const value = json(caller);
  return sql`coalesce((SELECT CASE WHEN ${target.readable(caller)}
      THEN json_object('id', ${target.id}, 'name', json(${title})) ELSE json_object('id', ${target.id}) END
    FROM ${target.table} WHERE ${target.id} = (${value}) ->> '$'), ${value})`;
}
