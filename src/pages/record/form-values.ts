import * as z from "zod/mini";
import type { Model } from "../../model/define.ts";
import type { Field, RowPart } from "../../model/field.ts";
import { parseInput } from "../../model/input.ts";
import { hash } from "../../values/hash.ts";
import { parseInstant } from "../../values/instant.ts";
import { isJsonObject, parseJson, writeJson } from "../../values/json.ts";
import { LEVEL, type LevelName, nameOfLevel } from "../../values/permission.ts";

// The values of a form, and the JSON body that they stand for. A field has the parameters `name` or, where it
// consists of several, `name.part`. A field whose parameters are all absent is not part of the form. So a list
// and a flag have an empty value beside those of their rows.

/** The values of a form as a browser sends them. */
export type Form = URLSearchParams;

/** A value that has no form in JSON; the message says why. */
export class Unreadable {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** What a form sends for a kind of field, in both directions. */
interface Codec {
  /** The names of the parts; `""` is the field itself. */
  readonly parts: readonly string[];
  /** Adds the values of a stored value to a form. */
  write(form: Form, name: string, value: unknown): void;
  /** The JSON value; undefined for a value that is not given. */
  read(form: Form, name: string): unknown;
}

/** The field is a relation to records of this service, or to records outside of it. */
export const isInside = ({ include, refersTo }: Field<unknown>) =>
  (include !== undefined && include !== "none") || refersTo !== undefined;

const plainText: Codec = {
  parts: [""],
  write: (form, name, value) => form.append(name, String(value ?? "")),
  read: (form, name) => form.get(name) ?? undefined,
};

/** Browsers send the line breaks of a long text as CR and LF. */
const longText: Codec = {
  ...plainText,
  read: (form, name) => form.get(name)?.replaceAll("\r\n", "\n"),
};

const longTextOrNull: Codec = {
  ...longText,
  read: (form, name) => longText.read(form, name) || null,
};

/** An empty choice and an empty reference are values that are not given. */
const optionalText: Codec = {
  ...plainText,
  read: (form, name) => form.get(name)?.trim() || undefined,
};

const textOrNull: Codec = { ...plainText, read: (form, name) => form.get(name)?.trim() || null };

const takesNull = ({ write }: Field<unknown>) =>
  write !== undefined && z.safeParse(write.schema, null).success;

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** A number in the spelling of JSON, with all its digits; any other text as it is. */
const numberOf = (text: string) => (NUMBER.test(text.trim()) ? parseJson(text.trim()) : text);

const number: Codec = {
  parts: [""],
  write: (form, name, value) => form.append(name, value === null ? "" : writeJson(value)),
  read: (form, name) => {
    const text = form.get(name)?.trim() ?? "";
    return text === "" ? null : numberOf(text);
  },
};

const flag: Codec = {
  parts: [""],
  write: (form, name, value) => {
    form.append(name, "");
    if (value === true) form.append(name, "true");
  },
  read: (form, name) => form.getAll(name).includes("true"),
};

/** A date and time in UTC, in the stored spelling with `Z`, so that two spellings of an instant are equal. */
const instant: Codec = {
  parts: [""],
  write: (form, name, value) => form.append(name, String(value ?? "").replace(/Z$/, "")),
  read: (form, name) => {
    const text = form.get(name)?.trim() ?? "";
    if (text === "") return null;
    const stored = parseInstant(text);
    return stored === undefined ? text : `${stored}Z`;
  },
};

const rowsOf = (form: Form, name: string) => form.getAll(name).filter((value) => value !== "");

/** Ids and tags: a hidden value for each, and a box whose text is added when the form is sent. */
const list: Codec = {
  parts: ["", ".add", ".search"],
  write: (form, name, value) => {
    form.append(name, "");
    for (const item of Array.isArray(value) ? value : []) form.append(name, String(item));
  },
  read: (form, name) => [...rowsOf(form, name), ...addedTags(form, name)],
};

/** The tags in the box of a form, which are separated by commas. */
export function addedTags(form: Form, name: string): readonly string[] {
  const parts = form.getAll(`${name}.add`).flatMap((text) => text.split(/[,\r\n]+/));
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** Ids of records outside the service, one on each line. */
const outsideIds: Codec = {
  parts: [""],
  write: (form, name, value) =>
    form.append(name, (Array.isArray(value) ? value : []).map(String).join("\n")),
  read: (form, name) => (form.get(name) ?? "").split(/[\s,;]+/).filter((id) => id !== ""),
};

/** The rows of parts that belong together, without the rows that are empty. */
function rowsOfParts<const Parts extends readonly string[]>(
  form: Form,
  name: string,
  parts: Parts,
): readonly { readonly [Part in Parts[number]]: string }[] {
  const columns = parts.map((part) => form.getAll(`${name}.${part}`));
  const count = Math.max(...columns.map((column) => column.length));
  return Array.from({ length: count }, (_, row) => {
    const entries = parts.map((part, index) => [part, columns[index]?.[row] ?? ""] as const);
    return Object.fromEntries(entries) as { [Part in Parts[number]]: string };
  });
}

export const keyValueRows = (form: Form, name: string) =>
  rowsOfParts(form, name, ["key", "value", "as"]);

/**
 * Keys with a text or a number each. A value in the spelling of a number is a number, unless its row says that it
 * is a text.
 */
const keyValues: Codec = {
  parts: ["", ".key", ".value", ".as"],
  write: (form, name, value) => {
    form.append(name, "");
    for (const [key, item] of Object.entries(isJsonObject(value) ? value : {})) {
      form.append(`${name}.key`, key);
      form.append(`${name}.value`, typeof item === "string" ? item : writeJson(item));
      form.append(`${name}.as`, typeof item === "string" && NUMBER.test(item.trim()) ? "text" : "");
    }
  },
  read: (form, name) => {
    const rows = keyValueRows(form, name).filter(({ key, value }) => key.trim() + value !== "");
    const entries = rows.map(({ key, value, as }) => {
      const text = value.replaceAll("\r\n", "\n");
      return [key.trim(), as === "text" ? text : numberOf(text)] as const;
    });
    return objectOf(entries);
  },
};

/** A text that is read as JSON, unless its row says that it is a text. */
const jsonOrText = (text: string): unknown => {
  try {
    return parseJson(text.trim());
  } catch {
    return text;
  }
};

/**
 * An object with any values, each of them as JSON or as a text. A key without a value is left out, so that a form can
 * propose keys.
 */
const object: Codec = {
  parts: keyValues.parts,
  write: (form, name, value) => {
    form.append(name, "");
    for (const [key, item] of Object.entries(isJsonObject(value) ? value : {})) {
      const isPlain = typeof item !== "string" || (item !== "" && jsonOrText(item) === item);
      form.append(`${name}.key`, key);
      form.append(`${name}.value`, typeof item === "string" ? item : writeJson(item));
      form.append(`${name}.as`, isPlain ? "" : "text");
    }
  },
  read: (form, name) => {
    const rows = keyValueRows(form, name).filter(({ value, as }) => as === "text" || value !== "");
    const entries = rows
      .filter(({ key, value }) => key + value !== "")
      .map(({ key, value, as }) => {
        const text = value.replaceAll("\r\n", "\n");
        return [key, as === "text" ? text : jsonOrText(text)] as const;
      });
    return objectOf(entries);
  },
};

/** Adds the keys of an object to a form, without their values. */
export function proposeKeys(form: Form, name: string, value: unknown): void {
  form.append(name, "");
  for (const key of Object.keys(isJsonObject(value) ? value : {}).slice(0, MAX_PROPOSED)) {
    form.append(`${name}.key`, key);
    form.append(`${name}.value`, "");
    form.append(`${name}.as`, "");
  }
}

/** How many keys a form proposes, and how many an object has at most that is shown as rows of keys and values. */
const MAX_PROPOSED = 40;
export const MAX_KEYS = 100;

/** An object of these entries. A key that is there twice would be lost in silence. */
function objectOf(entries: readonly (readonly [string, unknown])[]): unknown {
  const seen = new Set<string>();
  const twice = entries.map(([key]) => key).find((key) => seen.size === seen.add(key).size);
  return twice === undefined
    ? Object.fromEntries(entries)
    : new Unreadable(`"${twice}" is given twice.`);
}

export const linkRows = (form: Form, name: string) =>
  rowsOfParts(form, name, ["repository", "url"]);

const links: Codec = {
  parts: ["", ".repository", ".url"],
  write: (form, name, value) => {
    form.append(name, "");
    for (const link of Array.isArray(value) ? value : []) {
      form.append(`${name}.repository`, String(link.repository));
      form.append(`${name}.url`, String(link.url));
    }
  },
  read: (form, name) =>
    linkRows(form, name)
      .filter(({ repository, url }) => repository + url.trim() !== "")
      .map(({ repository, url }) => ({ repository, url: url.trim() })),
};

export const memberRows = (form: Form, name: string) => rowsOfParts(form, name, ["key", "level"]);

/** The flags of a level as clients write them, and the level that removes a member. */
const FLAG_OF: Readonly<Record<string, object>> = {
  member: {},
  contributor: { can_change: true },
  manager: { is_manager: true },
  owner: { is_owner: true },
  remove: { remove: true },
};

const members: Codec = {
  parts: ["", ".key", ".level"],
  write: (form, name, value) => {
    form.append(name, "");
    for (const [key, flags] of Object.entries(isJsonObject(value) ? value : {})) {
      form.append(`${name}.key`, key);
      form.append(`${name}.level`, levelOfFlags(flags));
    }
  },
  read: (form, name) => {
    const rows = memberRows(form, name).filter(({ key }) => key.trim() !== "");
    return objectOf(
      rows.map(({ key, level }) => [key.trim(), FLAG_OF[level] ?? { [level]: true }]),
    );
  },
};

/** The level that flags such as `can_change` stand for. */
export function levelOfFlags(flags: unknown): LevelName {
  const given = isJsonObject(flags) ? flags : {};
  if (given.is_owner === true) return "owner";
  if (given.is_manager === true) return "manager";
  return nameOfLevel(given.can_change === true ? LEVEL.contributor : LEVEL.member);
}

/** What `rows` sends of an object beside its parts: its other keys, as JSON. */
const REST = "rest";

/** The rows of a field, with all of their parts. */
export const partRows = (form: Form, name: string, parts: readonly RowPart[]) =>
  rowsOfParts(form, name, [...parts.map((part) => part.name), REST]);

/** Objects with a row of inputs each. What has no input is kept as it is. */
const objectRows = (parts: readonly RowPart[]): Codec => ({
  parts: ["", ...parts.map((part) => `.${part.name}`), `.${REST}`],
  write: (form, name, value) => {
    form.append(name, "");
    for (const item of Array.isArray(value) ? value : []) {
      const left = new Map(Object.entries(isJsonObject(item) ? item : {}));
      for (const { name: part, kind } of parts) {
        const own = left.get(part);
        const hasInput = typeof own === (kind === "flag" ? "boolean" : "string");
        form.append(`${name}.${part}`, hasInput && own !== false ? String(own) : "");
        if (hasInput) left.delete(part);
      }
      form.append(`${name}.${REST}`, left.size === 0 ? "" : writeJson(Object.fromEntries(left)));
    }
  },
  read: (form, name) => {
    const rows = partRows(form, name, parts).filter((row) =>
      Object.values(row).some((text) => text.trim() !== ""),
    );
    try {
      return rows.map((row) => objectOfRow(row, parts));
    } catch {
      return new Unreadable("What the form keeps of an object is no longer JSON.");
    }
  },
});

/** @throws when the rest of the object is not JSON */
function objectOfRow(
  row: Readonly<Record<string, string>>,
  parts: readonly RowPart[],
): Readonly<Record<string, unknown>> {
  const entries = parts.flatMap(({ name, kind }): [string, unknown][] => {
    const text = row[name] ?? "";
    if (kind === "flag") return [[name, text === "true"]];
    return text === "" ? [] : [[name, text]];
  });
  const rest = row[REST] === undefined || row[REST] === "" ? {} : parseJson(row[REST]);
  return { ...Object.fromEntries(entries), ...(isJsonObject(rest) ? rest : {}) };
}

const json: Codec = {
  parts: [""],
  write: (form, name, value) => form.append(name, value === undefined ? "" : writeJson(value, 2)),
  read: (form, name) => {
    const text = form.get(name)?.trim() ?? "";
    if (text === "") return undefined;
    try {
      return parseJson(text);
    } catch (error) {
      return new Unreadable(
        `JSON parse error - ${error instanceof SyntaxError ? error.message : "nested too deeply"}`,
      );
    }
  },
};

/** The codec of a field; undefined for one that no form has. */
export function codecOf(field: Field<unknown>): Codec | undefined {
  if (field.write === undefined) return undefined;
  switch (field.input) {
    case "text":
      return plainText;
    case "long-text":
      return takesNull(field) ? longTextOrNull : longText;
    case "number":
      return number;
    case "flag":
      return flag;
    case "instant":
      return instant;
    case "day":
      return textOrNull;
    case "choice":
      return optionalText;
    case "reference": {
      const codec = takesNull(field) ? textOrNull : optionalText;
      return isInside(field) ? { ...codec, parts: ["", ".search"] } : codec;
    }
    case "references":
      return isInside(field) ? list : outsideIds;
    case "tags":
      return list;
    case "key-values":
      return keyValues;
    case "object":
      return object;
    case "links":
      return links;
    case "members":
      return members;
    case "rows":
      return objectRows(field.parts ?? []);
    case "json":
      return json;
    case "read-only":
      return undefined;
  }
}

/** The fields of a model that a form has, by name. */
export function formFields(model: Model): readonly (readonly [string, Model["fields"][string]])[] {
  return Object.entries(model.fields).filter(([, field]) => codecOf(field) !== undefined);
}

/** Adds a record's values to a form; a field that the record does not have is left out. */
export function writeRecord(
  form: Form,
  model: Model,
  record: Readonly<Record<string, unknown>>,
): void {
  for (const [name, field] of formFields(model)) {
    if (Object.hasOwn(record, name)) codecOf(field)?.write(form, name, record[name]);
  }
}

/** A form with the defaults of a new record. */
export function newForm(model: Model): Form {
  const form: Form = new URLSearchParams();
  const { input } = parseInput(model.input, {}, "create");
  for (const [name, field] of formFields(model)) {
    const given = field.input === "members" ? {} : input[name];
    codecOf(field)?.write(form, name, given ?? (field.input === "number" ? null : undefined));
  }
  return form;
}

/** Takes the lists of ids apart that a form has as one value: those that it does not show of a long list. */
export function spreadLists(model: Model, form: Form): void {
  for (const [name, field] of formFields(model)) {
    const values = form.getAll(name);
    if (field.input !== "references" || !isInside(field)) continue;
    if (!values.some((value) => value.includes(" "))) continue;
    form.delete(name);
    for (const id of values.flatMap((value) => value.split(" "))) form.append(name, id);
  }
}

/** Whether a form has a field. */
export const hasField = (form: Form, name: string, field: Field<unknown>) =>
  codecOf(field)?.parts.some((part) => form.has(name + part)) === true;

/** The values of a form as JSON, by field: those of the fields that it has. */
export function readForm(model: Model, form: Form): ReadonlyMap<string, unknown> {
  return new Map(
    formFields(model).flatMap(([name, field]) => {
      const codec = codecOf(field);
      if (codec === undefined || !hasField(form, name, field)) return [];
      return [[name, codec.read(form, name)] as const];
    }),
  );
}

/** What a form sends besides the fields of its model: the names of these parameters begin so. */
const ABOUT_FORM = "form_";

/** The entity tag of the record that a form was made from, and with the name of a field the hash of its value. */
export const TAG = "form_tag";
export const BASE = "form_base.";

/** With the name of a field: what a person decided when somebody else changed it too, `mine` or `theirs`. */
export const KEEP = "form_keep.";

/** The parameters of a form that belong to no field of the model, by name. */
export function strangers(model: Model, form: Form): ReadonlyMap<string, string> {
  const names = formFields(model).flatMap(([name, field]) =>
    (codecOf(field)?.parts ?? []).map((part) => name + part),
  );
  const own = new Set(names);
  return new Map([...form].filter(([name]) => !own.has(name) && !name.startsWith(ABOUT_FORM)));
}

/** Replaces the values of one field of a form with those of another form. */
export function replaceField(form: Form, from: Form, name: string, field: Field<unknown>): void {
  for (const part of codecOf(field)?.parts ?? []) {
    form.delete(name + part);
    for (const value of from.getAll(name + part)) form.append(name + part, value);
  }
}

/**
 * A short hash of each field of a form, by which a later request tells whether the field has changed since.
 *
 * @returns the hashes by field, 16 hexadecimal digits each
 */
export async function hashFields(
  values: ReadonlyMap<string, unknown>,
): Promise<ReadonlyMap<string, string>> {
  const hashes = [...values].map(
    async ([name, value]) =>
      [name, (await hash(JSON.stringify(value) ?? "")).slice(0, 16)] as const,
  );
  return new Map(await Promise.all(hashes));
}
