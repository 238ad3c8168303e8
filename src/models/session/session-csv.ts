import { CsvError, type Info, parse } from "csv-parse/browser/esm/sync";
import type { InputDeclaration } from "../../model/input.ts";
import { BadRequestError } from "../../values/errors.ts";
import { parseJson } from "../../values/json.ts";
import type { FileRow } from "./import-sessions.ts";

interface CsvRecord {
  readonly record: Record<string, string>;
  readonly raw: string;
  readonly info: Info;
}

/**
 * Reads sessions from CSV with field names in the first line.
 *
 * In a cell, `projects`, `datastorage` and `tags` are a JSON list or items separated by `;`. `extra_fields` and
 * `download_links` are JSON. The other fields are text, which is used unchanged. An empty cell is an absent field.
 * A list that was downloaded as CSV is such a file.
 *
 * @param file the name of the file in messages
 * @param declaration the fields that a session may have
 * @throws BadRequestError when the file as a whole cannot be read
 */
export function readSessionCsv(
  file: string,
  text: string,
  declaration: InputDeclaration,
): readonly FileRow[] {
  try {
    // With these options csv-parse returns each record with its text and its last line; its types do not
    // declare this.
    const records = parse(text, {
      bom: true,
      info: true,
      raw: true,
      skip_empty_lines: true,
      columns: (header: string[]) => checkHeader(file, header, declaration),
    }) as unknown as CsvRecord[];
    return records.map(({ record, raw, info }) => {
      const line = info.lines - (raw.trim().split("\n").length - 1);
      return { place: `line ${line}`, body: bodyOf(record) };
    });
  } catch (error) {
    if (error instanceof CsvError)
      throw new BadRequestError(`${file} is not CSV: ${error.message}.`);
    throw error;
  }
}

/** A downloaded list has the names of related records beside their ids, for people. */
const NAMES = ["projects.name", "datastorage.name", "epochs.name"];

/** The header is checked first, because a misspelt column would cause an error in every row. */
function checkHeader(
  file: string,
  header: readonly string[],
  { shape, readOnly }: InputDeclaration,
): string[] {
  const names = header.map((name) => name.trim());
  const columns = [...Object.keys(shape), ...readOnly, ...NAMES];
  const unknown = names.filter((name) => !columns.includes(name));
  if (unknown.length > 0) {
    throw new BadRequestError(
      `${file} has unknown columns: ${unknown.join(", ").slice(0, MAX_ECHO)}. Columns that are read: ${Object.keys(shape).join(", ")}.`,
    );
  }
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined)
    throw new BadRequestError(`${file} has the column ${repeated} twice.`);
  return names;
}

/** How much of a header a message repeats. */
const MAX_ECHO = 500;

const LISTS = ["projects", "datastorage", "tags"];
const JSON_VALUES = ["extra_fields", "download_links"];

function bodyOf(record: Readonly<Record<string, string>>): Record<string, unknown> {
  const given = Object.entries(record).filter(
    ([name, cell]) => cell !== "" && !NAMES.includes(name),
  );
  return Object.fromEntries(given.map(([name, cell]) => [name, readCell(name, cell)]));
}

/**
 * The value of a cell. A cell that should be JSON and is not stays text, so that the field reports the error.
 */
function readCell(name: string, cell: string): unknown {
  if (JSON_VALUES.includes(name)) return parseOrText(cell);
  if (!LISTS.includes(name)) return cell;
  if (cell.trimStart().startsWith("[")) return parseOrText(cell);
  return cell
    .split(";")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function parseOrText(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
