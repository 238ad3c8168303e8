import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Failure } from "../platform/failure.ts";

/** What stands for stdin and stdout. */
const STANDARD = "-";

/** No line of an export comes near: a row of D1 holds two megabytes. */
const LONGEST_LINE = 16_000_000;

/** Only for who runs this: an export is everything. */
const MODE = 0o600;

/** Writes parts of a text to a file, which is there when all of it is, or to stdout. */
export async function writeText(path: string, parts: AsyncIterable<string>): Promise<void> {
  if (path === STANDARD) return pour(parts, process.stdout);
  if (!(await isOrdinary(path))) return pour(parts, createWriteStream(path));
  // A name that nobody knows, and a file that is not there yet: what is there could be open to others, or lead
  // somewhere else.
  const unfinished = `${path}.${randomUUID()}.part`;
  try {
    await pour(parts, createWriteStream(unfinished, { mode: MODE, flags: "wx" }));
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Whether a file can be put in this place: not where a pipe or a device is. */
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

/** The lines of a file or of stdin, as they come. */
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

/** What the system says of a file is for the person at the terminal; anything else goes on. */
function asFailure(sentence: string, error: unknown): unknown {
  const isOfSystem = error instanceof Error && "syscall" in error;
  return isOfSystem ? new Failure(`${sentence}: ${error.message}.`) : error;
}
