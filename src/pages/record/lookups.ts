import type { Caller } from "../../db/access.ts";
import type { Row, Statement } from "../../db/connection.ts";
import type { Model } from "../../model/define.ts";
import type { Field } from "../../model/field.ts";
import { idsIn, MAX_OFFERED, namesOf, offeredRecords, proposedTags } from "../../model/related.ts";
import { models } from "../../models/all.ts";
import type { ReadModel } from "../../query/read-model.ts";
import { type Form, formFields } from "./form-values.ts";

/** What a form shows of other records in one of its fields. */
export interface Lookup {
  /** The name of each record that the field has, by id; null for one that the caller may not read. */
  readonly names: ReadonlyMap<string, string | null>;
  /** What the field may have besides: records by id, or tags. */
  readonly offers: readonly { readonly id: string; readonly name: string }[];
  /** Whether there are more than are offered. */
  readonly hasMore: boolean;
}

/** Lookups by field. */
export type Lookups = ReadonlyMap<string, Lookup>;

/** The model of the records that a field names; undefined for any other field. */
export function targetOf({ include, refersTo }: Field<unknown>): ReadModel | undefined {
  if (refersTo !== undefined) return models.find(({ table }) => table === refersTo);
  return include === undefined || include === "none" ? undefined : include.model();
}

/**
 * The statements that find the names and the offers of all fields of a form, and what their rows say.
 *
 * @param source the values of the form, or the id of the stored record that the form will show
 */
export function lookUp(
  model: Model,
  caller: Caller,
  source: { readonly form: Form } | { readonly id: string },
): { readonly statements: readonly Statement[]; read(rows: readonly (readonly Row[])[]): Lookups } {
  const form = "form" in source ? source.form : new URLSearchParams();
  const idsOf = (name: string): Statement | string =>
    "id" in source
      ? idsIn(model, name, caller, source.id)
      : JSON.stringify(form.getAll(name).filter((id) => id !== ""));
  const session = sessionOf(model, caller, source);
  const asked = formFields(model).flatMap(([name, field]) => {
    const target = targetOf(field);
    if (target !== undefined) {
      const search = form.get(`${name}.search`)?.trim() ?? "";
      const ofSession = target.fields.session?.json === undefined ? undefined : session;
      const offer = {
        search: search.slice(0, MAX_SEARCH),
        ...(ofSession && { session: ofSession }),
      };
      // There may be very many sessions, and the first ones by name are not what anybody looks for.
      const offers =
        target.scope === undefined || search !== "" || ofSession !== undefined
          ? [offeredRecords(target, caller, offer)]
          : [];
      return [{ name, statements: [namesOf(target, caller, idsOf(name), "ends"), ...offers] }];
    }
    const part = form.get(`${name}.add`)?.split(",").at(-1)?.trim() ?? "";
    if (field.vocabulary === undefined) return [];
    return [{ name, statements: [proposedTags(model, field, caller, part.slice(0, MAX_SEARCH))] }];
  });
  return {
    statements: asked.flatMap(({ statements }) => statements),
    read: (rows) => {
      const left = [...rows];
      return new Map(
        asked.map(({ name, statements }) => [name, readLookup(left.splice(0, statements.length))]),
      );
    },
  };
}

/** The bound on a searched text, as on the value of a filter. */
const MAX_SEARCH = 200;

/** The session whose records a form offers: the one that the record belongs to. */
function sessionOf(
  model: Model,
  caller: Caller,
  source: { readonly form: Form } | { readonly id: string },
): Statement | string | undefined {
  if (model.fields.session?.write === undefined) return undefined;
  return "form" in source
    ? (source.form.get("session") ?? "")
    : idsIn(model, "session", caller, source.id);
}

function readLookup([first = [], second]: readonly (readonly Row[])[]): Lookup {
  const isTags = second === undefined && first.every((row) => "value" in row);
  const offers = (isTags ? first : (second ?? [])).map(({ id, value, name }) => ({
    id: String(id ?? value),
    name: String(name ?? value ?? id),
  }));
  return {
    names: new Map(
      isTags ? [] : first.map(({ id, name }) => [String(id), name == null ? null : String(name)]),
    ),
    offers: offers.slice(0, MAX_OFFERED),
    hasMore: offers.length > MAX_OFFERED,
  };
}
