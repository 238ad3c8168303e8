import type { SQL } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type * as z from "zod/mini";
import type { Value } from "../db/connection.ts";
import type { Field as ReadField } from "../query/resource.ts";
import type { Precondition } from "./precondition.ts";

/** One column of a record's own row, and what goes into it: a value, or SQL that finds it. */
export type Cell = readonly [column: SQLiteColumn, value: Value | SQL];

/** The record that a value is written to. */
export interface Target {
  readonly id: string;
  /** Set when the record is being created. */
  readonly isNew: boolean;
}

/** How a client writes a field; `Value` is what the schema makes of the JSON that was sent. */
export interface Writing<Value> {
  /** Reads the JSON value, says what is wrong with it, and gives an absent one its default. */
  readonly schema: z.core.$ZodType<Value>;
  /** What must hold for the value to be written, under the name of the field. */
  preconditions?(value: Value, target: Target, name: string): readonly Precondition[];
  /** Rows of other tables that the record's own row refers to. */
  before?(value: Value): readonly SQL[];
  /** The columns of the record's own row that hold the value. */
  cells?(value: Value): readonly Cell[];
  /** Rows of other tables that refer to the record. */
  after?(value: Value, target: Target): readonly SQL[];
}

/**
 * One field of a model, declared once: how it is read (see `query/resource.ts`) and how it is written.
 * A field without `write` is read-only: a client may send it back as it was read, and it is ignored.
 */
export interface Field<Value = never> extends ReadField {
  readonly write?: Writing<Value>;
  /** Set for a column that the service fills with the instant of a creation, or of every change too. */
  readonly stamp?: { readonly on: "create" | "change"; readonly column: SQLiteColumn };
  /** Another name for the field, for clients that cannot spell its own. */
  readonly alias?: string;
  /** Set for a field that no answer shows and that a client may send all the same; it is ignored. */
  readonly isIgnoredWhenSent?: true;
}

/** Fields by wire name, in the order in which an object shows them. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

/** What a body becomes: the values of the fields that can be written, by wire name. */
export type InputOf<F extends Fields> = {
  readonly [Name in keyof F as F[Name] extends { readonly write: Writing<unknown> }
    ? Name
    : never]: F[Name] extends { readonly write: Writing<infer Value> } ? Value : never;
};

/** A field that a client can write. */
export type WritableField<Value> = Field<Value> & { readonly write: Writing<Value> };
