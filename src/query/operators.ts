import { type SQL, sql } from "drizzle-orm";
import type { Expression } from "../db/expression.ts";
import { foldCase } from "../values/fold.ts";
import { writeJson } from "../values/json.ts";
import type { Arity, Scalar, Value, ValueType } from "./parse.ts";

/** What an operator compares: a column, and for text the same column with its case folded. */
export interface Target {
  readonly column: Expression;
  readonly folded?: Expression;
}

/** One operator of the query language: how many values it takes, which types it fits, and its SQL. */
export interface Operator {
  readonly takes: Arity;
  readonly fits: readonly ValueType[];
  readonly compile: (target: Target, values: readonly Value[]) => SQL;
}

const TEXTUAL: readonly ValueType[] = ["text", "scalar"];
const ORDERED: readonly ValueType[] = ["text", "scalar", "instant", "day", "integer", "number"];
const EVERY: readonly ValueType[] = [...ORDERED, "id", "boolean"];

/** All operators, by name. A value reaches SQL only as a bound parameter. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ["eq", { takes: "one", fits: EVERY, compile: compileEqual }],
  ["iexact", textual(true, (column, text) => sql`${column} = ${text}`)],
  ["contains", textual(false, contains)],
  ["icontains", textual(true, contains)],
  ["startswith", textual(false, startsWith)],
  ["istartswith", textual(true, startsWith)],
  ["endswith", textual(false, endsWith)],
  ["iendswith", textual(true, endsWith)],
  ["gt", ordered(sql`>`)],
  ["gte", ordered(sql`>=`)],
  ["lt", ordered(sql`<`)],
  ["lte", ordered(sql`<=`)],
  ["in", { takes: "many", fits: EVERY, compile: compileIn }],
  ["range", { takes: "two", fits: ORDERED, compile: compileRange }],
  ["isnull", { takes: "truth", fits: EVERY, compile: compileIsNull }],
]);

function isScalar(value: Value | undefined): value is Scalar {
  return typeof value === "object";
}

/** A text operator. In a field that holds texts and numbers, a number never matches. */
function textual(folds: boolean, compile: (column: Expression, text: string) => SQL): Operator {
  return {
    takes: "one",
    fits: TEXTUAL,
    compile: ({ column, folded = column }, [value]) => {
      const text = isScalar(value) ? value.text : String(value);
      const condition = folds ? compile(folded, foldCase(text)) : compile(column, text);
      return isScalar(value) ? sql`(typeof(${column}) = 'text' AND ${condition})` : condition;
    },
  };
}

// Not LIKE: its patterns end at 50 bytes in D1, it folds ASCII alone, and % and _ are wildcards in it.
function contains(column: Expression, text: string): SQL {
  return sql`instr(${column}, ${text}) > 0`;
}

function startsWith(column: Expression, text: string): SQL {
  return sql`substr(${column}, 1, length(${text})) = ${text}`;
}

function endsWith(column: Expression, text: string): SQL {
  // substr from -0 is the whole text, so the empty text needs its own case.
  return text === ""
    ? sql`${column} IS NOT NULL`
    : sql`substr(${column}, -length(${text})) = ${text}`;
}

function ordered(comparison: Expression): Operator {
  return {
    takes: "one",
    fits: ORDERED,
    compile: ({ column }, [value]) => compare(column, comparison, value),
  };
}

/**
 * A number compares with numbers and a text with texts. SQLite alone would sort every text above every
 * number.
 */
function compare(column: Expression, comparison: Expression, value: Value | undefined): SQL {
  if (!isScalar(value)) return sql`${column} ${comparison} ${value ?? null}`;
  return value.number === undefined
    ? sql`(typeof(${column}) = 'text' AND ${column} ${comparison} ${value.text})`
    : sql`(typeof(${column}) <> 'text' AND ${column} ${comparison} ${readAsStored(value.number)})`;
}

/** A number as SQLite reads it from the stored JSON, so that equal numbers compare as equal. */
function readAsStored(number: number): SQL {
  return sql`json_extract(${writeJson(number)}, '$')`;
}

function compileEqual({ column }: Target, values: readonly Value[]): SQL {
  const [value] = values;
  if (!isScalar(value)) return sql`${column} = ${value ?? null}`;
  return compileIn({ column }, values);
}

/** The values are bound as one JSON list: D1 binds at most 100 parameters to a statement. */
function compileIn({ column }: Target, values: readonly Value[]): SQL {
  const plain = values.flatMap((value) =>
    isScalar(value) ? [value.text, ...(value.number === undefined ? [] : [value.number])] : [value],
  );
  return sql`${column} IN (SELECT value FROM json_each(${writeJson(plain)}))`;
}

function compileRange({ column }: Target, [from, to]: readonly Value[]): SQL {
  return sql`(${compare(column, sql`>=`, from)} AND ${compare(column, sql`<=`, to)})`;
}

function compileIsNull({ column }: Target, [truth]: readonly Value[]): SQL {
  return truth === 1 ? sql`${column} IS NULL` : sql`${column} IS NOT NULL`;
}
