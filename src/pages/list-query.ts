import type { Caller } from "../db/access.ts";
import type { Connection, Row, Statement } from "../db/connection.ts";
import type { Model, Portal } from "../model/define.ts";
import { pageOf, readAs } from "../model/read.ts";
import { compileList } from "../query/compile.ts";
import { OPERATORS } from "../query/operators.ts";
import { NO_QUERY, parseQuery, type Query } from "../query/parse.ts";
import { vocabularyOf } from "../query/read-model.ts";
import type { ListAddress } from "./list-address.ts";
import { type Column, offeredColumns, titleField, usualColumns } from "./list-columns.ts";
import type { Options } from "./list-filters.ts";

// A list page as queries: that of the API for its address, and what the page itself needs beside it.

/** What the address of a list asks for. */
export interface AskedList {
  /** The query of the API; that of the whole list when the address has faults. */
  readonly query: Query;
  /** What is wrong with the address, in the words of the API. */
  readonly faults: readonly string[];
  readonly columns: readonly Column[];
  /** Whether the address names its columns. */
  readonly isNarrow: boolean;
}

/** A list that an address asks for. */
export interface List {
  readonly model: Model;
  readonly portal: Portal;
  readonly address: ListAddress;
  readonly asked: AskedList;
}

/** Reads the address of a list. */
export function askedList(model: Model, portal: Portal, { parameters }: ListAddress): AskedList {
  const asked = new URLSearchParams(parameters);
  asked.delete("format");
  const { query = NO_QUERY, faults } = parseQuery(asked, "list", vocabularyOf(model), OPERATORS);
  const isNarrow = parameters.has("only[]");
  const usual = usualColumns(model, portal);
  const columns = offeredColumns(model).filter(
    ({ name }) => (isNarrow || usual.includes(name)) && !query.exclude.includes(name),
  );
  return { query, faults, columns, isNarrow };
}

/** The query of the API for these columns alone, with the names of related records where they have some. */
export function withColumns(model: Model, query: Query, columns: readonly Column[]): Query {
  const shown = [titleField(model), ...columns.map(({ name }) => name)];
  const related = columns.filter(
    ({ field: { include = "none" } }) =>
      include !== "none" && Object.hasOwn(include.model().fields, "name"),
  );
  return {
    ...query,
    include: related.map(({ name }) => name),
    exclude: Object.entries(model.fields)
      .filter(([name, { json }]) => json !== undefined && name !== "id" && !shown.includes(name))
      .map(([name]) => name),
    namesOnly: true,
  };
}

/** The rows of a list, for `pageOf`. */
export type ListRows = readonly (readonly Row[])[];

/** The answers to several lists, in one round trip. */
export async function readLists(
  connection: Connection,
  caller: Caller,
  lists: readonly (readonly Statement[])[],
): Promise<readonly ListRows[]> {
  const answers = [...(await readAs(connection, caller, lists.flat()))];
  return lists.map(({ length }) => answers.splice(0, length));
}

/** How many records of a relation the form offers by name. */
const MOST_OFFERED = 100;

/** The statements that find the records of a relation by name. */
export function compileOptions(related: Model, caller: Caller) {
  const query = withColumns(related, { ...NO_QUERY, limit: MOST_OFFERED }, []);
  return compileList(related, caller, query);
}

/** The choices from the answer to `compileOptions`. */
export function optionsOf(rows: ListRows): Options {
  const { bodies, count } = pageOf(rows);
  const records = bodies.map((body) => JSON.parse(body) as { id: string; name: string });
  return {
    choices: records.map(({ id, name }) => ({ value: id, label: name })),
    hasMore: count > records.length,
  };
}
