import type { Caller } from "../db/access.ts";
import type { Connection } from "../db/connection.ts";
import type { Model, Portal } from "../model/define.ts";
import { type Page, pageOf, readAs } from "../model/read.ts";
import { nameFieldOf } from "../model/related.ts";
import { compileList } from "../query/compile.ts";
import { OPERATORS } from "../query/operators.ts";
import { NO_QUERY, parseQuery, type Query } from "../query/parse.ts";
import { vocabularyOf } from "../query/read-model.ts";
import { BadRequestError } from "../values/errors.ts";
import type { ListAddress } from "./list-address.ts";
import { type Column, namedTarget, offeredColumns, usualColumns } from "./list-columns.ts";
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
  const shown = [nameFieldOf(model), ...columns.map(({ name }) => name)];
  const related = columns.filter(
    ({ field: { include = "none" } }) =>
      include !== "none" && nameFieldOf(include.model()) !== undefined,
  );
  return {
    ...query,
    include: related.map(({ name }) => name),
    exclude: Object.entries(model.fields)
      .filter(([name, { json }]) => json !== undefined && name !== "id" && !shown.includes(name))
      .map(([name]) => name),
    names: namedTargets(model),
  };
}

/** The models of the references of a model whose records have a name, by field. */
const namedTargets = ({ fields }: Model): ReadonlyMap<string, Model> =>
  new Map(
    Object.entries(fields).flatMap(([name, field]) => {
      const target = namedTarget(field);
      return target === undefined ? [] : [[name, target] as const];
    }),
  );

/** A list that a page reads. */
export interface ReadList {
  readonly model: Model;
  readonly caller: Caller;
  readonly query: Query;
}

/**
 * Several lists in one round trip, each as its page or the error of the API that refuses it.
 *
 * @throws UnauthenticatedError, and AnswerTooLargeError for one object that cannot be read
 */
export async function tryLists(
  connection: Connection,
  caller: Caller,
  lists: readonly ReadList[],
): Promise<readonly (Page | BadRequestError)[]> {
  const statements = lists.map((list) => compileList(list.model, list.caller, list.query));
  const answers = await readAs(connection, caller, statements);
  return lists.map(({ model, query }, index) => {
    try {
      return pageOf(model, query, [answers[index] ?? []]);
    } catch (error) {
      if (error instanceof BadRequestError) return error;
      throw error;
    }
  });
}

/**
 * Several lists in one round trip.
 *
 * @throws UnauthenticatedError, and BadRequestError for a list that the API refuses
 */
export async function readLists(...given: Parameters<typeof tryLists>): Promise<readonly Page[]> {
  return (await tryLists(...given)).map((page) => {
    if (page instanceof Error) throw page;
    return page;
  });
}

/** How many records of a relation the form offers by name. */
const MOST_OFFERED = 100;

/** The list of the records of a relation by name, as far as the form offers them. */
export const offeredList = (model: Model, caller: Caller): ReadList => ({
  model,
  caller,
  query: withColumns(model, { ...NO_QUERY, limit: MOST_OFFERED }, []),
});

/** The choices from the page of an `offeredList`. */
export function optionsOf({ bodies, hasMore }: Page): Options {
  const records = bodies.map((body) => JSON.parse(body) as { id: string; name: string });
  return { choices: records.map(({ id, name }) => ({ value: id, label: name })), hasMore };
}
