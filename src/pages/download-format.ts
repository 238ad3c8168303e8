import { writeJson } from "../values/json.ts";
import { type Column, namedTarget } from "./list-columns.ts";

// The forms of a download, as pure functions: the text before the records, of each record, and after them.

/** A column of a table: one value of a record. */
interface TableColumn {
  readonly heading: string;
  read(record: Readonly<Record<string, unknown>>): unknown;
}

/** How the records of a download are written. */
export interface Format {
  readonly format: string;
  readonly title: string;
  readonly type: string;
  /** Whether the records are written as the database has built them, without being parsed. */
  readonly isJson: boolean;
  begin(columns: readonly Column[], listName: string): string;
  write(body: string, columns: readonly Column[], isFirst: boolean): string;
  readonly end: string;
}

const NEW_LINE = "\r\n";

/** A byte order mark, without which Excel takes the file for one in the encoding of the machine. */
const BOM = "\uFEFF";

export const FORMATS: readonly Format[] = [
  table({ format: "csv", title: "CSV", type: "text/csv", delimiter: ",", before: BOM }),
  table({
    format: "tsv",
    title: "TSV",
    type: "text/tab-separated-values",
    delimiter: "\t",
    before: "",
  }),
  {
    format: "json",
    title: "JSON",
    type: "application/json",
    isJson: true,
    begin: (_columns, listName) => `{"${listName}":[\n`,
    write: (body, _columns, isFirst) => (isFirst ? body : `,\n${body}`),
    end: "\n]}\n",
  },
];

function table({
  format,
  title,
  type,
  delimiter,
  before,
}: Pick<Format, "format" | "title" | "type"> & { delimiter: string; before: string }): Format {
  const line = (cells: readonly string[]) =>
    cells.map((cell) => quoteCell(cell, delimiter)).join(delimiter) + NEW_LINE;
  return {
    format,
    title,
    type,
    isJson: false,
    begin: (columns) => before + line(tableColumns(columns).map(({ heading }) => heading)),
    write: (body, columns) => {
      const record = JSON.parse(body) as Record<string, unknown>;
      return line(tableColumns(columns).map(({ read }) => cellText(read(record))));
    },
    end: "",
  };
}

/** The columns of a table: the id, the fields, and beside the ids of named records their names. */
function tableColumns(columns: readonly Column[]): readonly TableColumn[] {
  return [
    { heading: "id", read: ({ id }) => id },
    ...columns.flatMap(({ name, field }) => [
      { heading: name, read: (record: Readonly<Record<string, unknown>>) => idsOf(record[name]) },
      ...(hasNames(field)
        ? [
            {
              heading: `${name}.name`,
              read: (record: Readonly<Record<string, unknown>>) => namesOf(record[name]),
            },
          ]
        : []),
    ]),
  ];
}

/** Whether the page asks for the names of the related records of a field (see `Selection.names`). */
function hasNames(field: Column["field"]): boolean {
  const { named, include = "none" } = field;
  return (
    named !== undefined ||
    namedTarget(field) !== undefined ||
    (include !== "none" && Object.hasOwn(include.model().fields, "name"))
  );
}

interface Related {
  readonly id: string;
  readonly name?: string;
}

const isRelated = (value: unknown): value is Related =>
  typeof value === "object" && value !== null && typeof (value as Related).id === "string";

function idsOf(value: unknown): unknown {
  if (isRelated(value)) return value.id;
  return Array.isArray(value) ? value.map((each) => (isRelated(each) ? each.id : each)) : value;
}

/** Empty where a record has no name that the caller may read, so that ids and names stay side by side. */
function namesOf(value: unknown): unknown {
  return Array.isArray(value) ? value.map(namesOf) : isRelated(value) ? (value.name ?? "") : "";
}

/**
 * The text of a cell. A list of texts is its items with `; ` between them, which the import of sessions reads;
 * a list with an item that this would break, and any object, is JSON.
 */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return harmless(value);
  if (typeof value !== "object") return writeJson(value);
  const isList = Array.isArray(value) && value.every((item) => typeof item === "string");
  return isList && !value.some(isBroken) ? harmless(value.join("; ")) : writeJson(value);
}

const isBroken = (item: string) =>
  item.includes(";") || item.startsWith("[") || item.trim() !== item;

/** What a spreadsheet takes for the beginning of a formula; some take the wide signs of East Asian text for it too. */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * A sign inside a text that would be the first one of a cell in a spreadsheet that separates cells with semicolons
 * or tabs, as those of many countries do.
 */
const FORMULA_INSIDE = /(?<!^)([;\t])(?=[=@]|[+-](?![\d.]))/g;

/**
 * Text that no spreadsheet runs as a formula: one that begins like a formula gets an apostrophe before it,
 * which spreadsheets take as the mark of a text. A number stays a number.
 */
function harmless(text: string): string {
  const inside = text.replace(FORMULA_INSIDE, "$1'");
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${inside}` : inside;
}

/** A cell in quotes where RFC 4180 needs them. */
function quoteCell(text: string, delimiter: string): string {
  const needsQuotes = /["\r\n]|^\s|\s$/.test(text) || text.includes(delimiter);
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}
