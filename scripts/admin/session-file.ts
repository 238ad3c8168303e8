import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { CsvError, type Info } from "csv-parse";
import { parse } from "csv-parse/sync";
import { isJsonObject, parseJson } from "../../src/values/json.ts";
import { type FileRow, sessionImport } from "../operator/import-sessions.ts";
import { Failure } from "../platform/failure.ts";

/**
 * Reads a file of sessions: a JSON list of objects, or CSV with field names in the first line.
 *
 * In a CSV cell, `projects`, `datastorage` and `tags` are a JSON list or items separated by `;`.
 * `extra_fields` and `download_links` are JSON. The other fields are text, which is used unchanged. An empty
 * cell is an absent field. A list that was downloaded as CSV is such a file.
 *
 * @throws Failure when the file as a whole cannot be read
 */
export async function readSessionFile(path: string): Promise<readonly FileRow[]> {
  const text = await readText(path);
  const extension = extname(path).toLowerCase();
  if (extension === ".json") return readJson(path, text);
  if (extension === ".csv") return readCsv(path, text);
  throw new Failure(`${path} is neither a .json nor a .csv file.`);
}

async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof TypeError) throw new Failure(`${path} is not UTF-8 text.`);
    throw new Failure(`The file cannot be read: ${messageOf(error)}.`);
  }
}

function readJson(path: string, text: string): readonly FileRow[] {
  const list = parseOr(text, (error) => {
    throw new Failure(`${path} is not JSON: ${messageOf(error)}.`);
  });
  // A list answer of the API is accepted too, so that a saved page can be imported.
  const items = isJsonObject(list) ? list.sessions : list;
  if (!Array.isArray(items)) throw new Failure(`${path} is not a JSON list of sessions.`);
  return items.map((body: unknown, index) => ({ place: `item ${index + 1}`, body }));
}

interface CsvRecord {
  readonly record: Record<string, string>;
  readonly raw: string;
  readonly info: Info;
}

function readCsv(path: string, text: string): readonly FileRow[] {
  try {
    // With these options csv-parse returns each record with its text and its last line; its types do not
    // declare this.
    const records = parse(text, {
      bom: true,
      info: true,
      raw: true,
      skip_empty_lines: true,
      columns: (header: string[]) => checkHeader(path, header),
    }) as unknown as CsvRecord[];
    return records.map(({ record, raw, info }) => {
      const line = info.lines - (raw.trim().split("\n").length - 1);
      return { place: `line ${line}`, body: bodyOf(record) };
    });
  } catch (error) {
    if (error instanceof CsvError) throw new Failure(`${path} is not CSV: ${error.message}.`);
    throw error;
  }
}

/** A downloaded list has the names of related records beside their ids, for people. */
const NAMES = ["projects.name", "datastorage.name", "epochs.name"];

const COLUMNS = [...Object.keys(sessionImport.shape), ...sessionImport.readOnly, ...NAMES];

/** The header is checked first, because a misspelt column would cause an error in every row. */
function checkHeader(path: string, header: readonly string[]): string[] {
  const names = header.map((name) => name.trim());
  const unknown = names.filter((name) => !COLUMNS.includes(name));
  if (unknown.length > 0) {
    throw new Failure(
      `${path} has unknown columns: ${unknown.join(", ")}. Columns that are read: ${Object.keys(sessionImport.shape).join(", ")}.`,
    );
  }
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new Failure(`${path} has the column ${repeated} twice.`);
  return names;
}

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
  if (JSON_VALUES.includes(name)) return parseOr(cell, () => cell);
  if (!LISTS.includes(name)) return cell;
  if (cell.trimStart().startsWith("[")) return parseOr(cell, () => cell);
  return cell
    .split(";")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function parseOr<Value>(text: string, otherwise: (error: unknown) => Value): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    return otherwise(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
