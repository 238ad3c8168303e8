import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { type FileRow, sessionImport } from "../../src/models/session/import-sessions.ts";
import { readSessionCsv } from "../../src/models/session/session-csv.ts";
import { BadRequestError } from "../../src/values/errors.ts";
import { isJsonObject, parseJson } from "../../src/values/json.ts";
import { Failure } from "../platform/failure.ts";

/**
 * Reads a file of sessions: a JSON list of objects, or CSV with field names in the first line (see
 * `readSessionCsv`).
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
  const list = parseList(path, text);
  // A list answer of the API is accepted too, so that a saved page can be imported.
  const items = isJsonObject(list) ? list.sessions : list;
  if (!Array.isArray(items)) throw new Failure(`${path} is not a JSON list of sessions.`);
  return items.map((body: unknown, index) => ({ place: `item ${index + 1}`, body }));
}

function parseList(path: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new Failure(`${path} is not JSON: ${messageOf(error)}.`);
  }
}

function readCsv(path: string, text: string): readonly FileRow[] {
  try {
    return readSessionCsv(path, text, sessionImport);
  } catch (error) {
    if (error instanceof BadRequestError) throw new Failure(error.message);
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
