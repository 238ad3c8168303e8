import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Failure } from "../platform/failure.ts";

/** The path that means stdin or stdout. */
const STANDARD = "-";

/**
 * The bound on the length of a line, in UTF-16 units. A row of D1 has at most two megabytes, so no line of an
 * export reaches it.
 */
const LONGEST_LINE = 16_000_000;

/** The file is readable only by the user who runs the command, because an export contains all data. */
const MODE = 0o600;

/**
 * Writes parts of a text to a file or to stdout. The file appears under its name only when it is complete.
 *
 * @throws Failure when the file cannot be written
 */
export async function writeText(path: string, parts: AsyncIterable<string>): Promise<void> {
  if (path === STANDARD) return pour(parts, process.stdout);
  if (!(await isOrdinary(path))) return pour(parts, createWriteStream(path));
  // An unpredictable name of a new file: an existing file could be readable by others, or be a link to
  // another place.
  const unfinished = `${path}.${randomUUID()}.part`;
  try {
    await pour(parts, createWriteStream(unfinished, { mode: MODE, flags: "wx" }));
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Whether the path is free or an ordinary file, and not a pipe or a device. */
async function isOrdinary(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined || found.isFile();
}

async function pour(parts: AsyncIterable<string>, target: Writable): Promise<void> {
  try {
    await pipeline(Readable.from(parts), target);
  } catch (error) {
    throw asFailure("The file cannot be written", error);
  }
}

/**
 * The lines of a file or of stdin, as they are read.
 *
 * @throws Failure when the file cannot be read, is not UTF-8, or has a line that is too long
 */
export async function* readLines(path: string): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let rest = "";
  for await (const chunk of readBytes(path)) {
    const lines = (rest + decode(decoder, path, chunk)).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > LONGEST_LINE) throw new Failure(`${path} has a line that is too long.`);
    yield* lines;
  }
  rest += decode(decoder, path);
  if (rest !== "") yield rest;
}

async function* readBytes(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* path === STANDARD ? process.stdin : createReadStream(path);
  } catch (error) {
    throw asFailure("The file cannot be read", error);
  }
}

function decode(decoder: TextDecoder, path: string, chunk?: Uint8Array): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch {
    throw new Failure(`${path} is not UTF-8 text.`);
  }
}

/**
 * Turns an error of the operating system into a message for the person at the terminal. Any other error is a
 * bug and stays unchanged.
 */
function asFailure(sentence: string, error: unknown): unknown {
  const isOfSystem = error instanceof Error && "syscall" in error;
  return isOfSystem ? new Failure(`${sentence}: ${error.message}.`) : error;
}
