import type { SQL } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type * as z from "zod/mini";
import type { Value } from "../db/connection.ts";
import type { Description, Field as ReadField } from "../query/read-model.ts";
import type { Precondition } from "./precondition.ts";

/** One column of a record's own row and its value, or SQL that computes the value. */
export type Cell = readonly [column: SQLiteColumn, value: Value | SQL];

/** The record that a value is written to. */
export interface Target {
  readonly id: string;
  /** Set when the record is being created. */
  readonly isNew: boolean;
}

/** How a client writes a field. `Value` is the type to which the schema parses the JSON. */
export interface Writing<Value> {
  /** Validates and parses the JSON value. It gives an absent value its default. */
  readonly schema: z.core.$ZodType<Value>;
  /** The preconditions of the value. `name` is the name of the field in messages. */
  preconditions?(value: Value, target: Target, name: string): readonly Precondition[];
  /**
   * Statements for rows of other tables that the record's own row refers to. They run before it is written.
   */
  before?(value: Value): readonly SQL[];
  /** The columns of the record's own row that store the value. */
  cells?(value: Value): readonly Cell[];
  /** Statements for rows of other tables that refer to the record. They run after it is written. */
  after?(value: Value, target: Target): readonly SQL[];
}

/** What a declaration says of a field in words. The label is derived from the field's name when absent. */
export type About = Pick<Description, "help"> & Partial<Pick<Description, "label">>;

/** The input of a field in a form, or the form in which a page shows the value. */
export type FormInput =
  | "text"
  | "long-text"
  | "number"
  | "flag"
  | "instant"
  | "day"
  | "choice"
  | "tags"
  | "key-values"
  | "object"
  | "links"
  | "reference"
  | "references"
  | "members"
  | "rows"
  | "json"
  | "read-only";

/** One part of each object in a list of objects, for a form with a row for each object, or a table of them. */
export interface RowPart {
  /** The key in the object. */
  readonly name: string;
  readonly label: string;
  /** Forms have texts and flags alone. */
  readonly kind: "text" | "flag" | "instant" | "object";
  /** Texts that a form proposes; any other text is taken too. */
  readonly proposed?: readonly string[];
}

/**
 * One field of a model, declared once: how it is read (see `query/read-model.ts`), how it is written, and what
 * people read of it. A field without `write` is read-only: a client may send it back as it read it, and the
 * service ignores it.
 */
export interface Field<Value = never> extends ReadField {
  readonly label?: string;
  readonly help: string;
  readonly input: FormInput;
  /** The terms of a `choice`, or the repositories of `links`. */
  readonly choices?: readonly string[];
  /** The parts of `rows`, or of what the service writes. Objects may have other keys, which a form keeps. */
  readonly parts?: readonly RowPart[];
  /**
   * The values of `tags` in which a text occurs in any case, as a bounded SELECT of `value` and `rank`, and for each
   * value the `id` of some records that have it. Whoever uses it leaves out what the caller may not see.
   */
  readonly vocabulary?: (part: string) => {
    readonly values: SQL;
    records(value: SQL): SQL;
  };
  /**
   * The table of the record that a `reference` names. It is absent for a record outside this service, and for
   * `references`, whose model `include` has.
   */
  readonly refersTo?: SQLiteTable;
  readonly write?: Writing<Value>;
  /** Set for a column that the service fills with the instant of the creation, or of the last change. */
  readonly stamp?: { readonly on: "create" | "change"; readonly column: SQLiteColumn };
  /** Another name for the field, for clients that cannot use its own name. */
  readonly alias?: string;
  /** Set for a field that no answer shows and that a client may send; the service ignores it. */
  readonly isIgnoredWhenSent?: true;
}

/** Fields by wire name, in the order in which an answer shows them. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

/** The fields of a model, each with a label. */
export type Labelled<F extends Fields> = {
  readonly [Name in keyof F]: F[Name] & Description;
};

/** The parsed body of a request: the values of the writable fields, by wire name. */
export type InputOf<F extends Fields> = {
  readonly [Name in keyof F as F[Name] extends { readonly write: Writing<unknown> }
    ? Name
    : never]: F[Name] extends { readonly write: Writing<infer Value> } ? Value : never;
};

/** A field that a client can write. */
export type WritableField<Value> = Field<Value> & { readonly write: Writing<Value> };
