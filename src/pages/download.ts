import type { Caller } from "../db/access.ts";
import type { Model } from "../model/define.ts";
import { listRecords, type Page } from "../model/read.ts";
import type { Query } from "../query/parse.ts";
import { AnswerTooLargeError, BadRequestError } from "../values/errors.ts";
import { FORMATS, type Format } from "./download-format.ts";
import { offeredColumns } from "./list-columns.ts";
import { type AskedList, type List, withColumns } from "./list-query.ts";
import type { PageContext } from "./page.tsx";

/**
 * How many records one batch reads. The first batch is small. The next ones are as large as the records allow:
 * a Worker may ask the database only so many times for one request (50 times on the free plan).
 */
const BATCH = { first: 500, least: 100, most: 5_000, bytes: 4 * 1024 * 1024 } as const;

/** How long a download waits for the limit of its caller, and how often, in milliseconds. */
const WAIT = { pause: 2_000, times: 8 } as const;

/**
 * Answers a list as a file with all records that match, whichever page its address shows. The records are read
 * in batches, one after another, as fast as the client takes them. Each batch looks the credential up again and
 * counts as one request of the caller. A failure after the first batch breaks the answer off, so that no client
 * takes a part for the whole.
 *
 * @throws BadRequestError for a query with faults, or an unknown format
 */
export async function answerDownload(
  context: PageContext,
  { model, asked }: List,
  name: string,
): Promise<Response> {
  const format = FORMATS.find((each) => each.format === name);
  if (format === undefined) {
    const names = FORMATS.map((each) => each.format).join(", ");
    throw new BadRequestError(
      `format: "${name.slice(0, 50)}" is not offered; take one of ${names}.`,
    );
  }
  if (asked.faults.length > 0) throw new BadRequestError(asked.faults.join(" "));
  const { connection, caller, requestId, countRequest } = context.var;
  const { columns, query } = selectionOf(model, asked, format);
  const batches = new Batches((part) => listRecords(connection, caller, model, part), query);
  const first = await batches.next();
  let written = 0;
  const textOf = ({ bodies }: Page) => {
    const texts = bodies.map((body, place) =>
      format.write(body, columns, written === 0 && place === 0),
    );
    written += bodies.length;
    return texts.join("");
  };
  const finish = (outcome: string) =>
    logDownload({ requestId, caller, outcome, written, connection });
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        controller.enqueue(encode(format.begin(columns, model.listName) + textOf(first)));
      },
      pull: async (controller) => {
        try {
          if (batches.isDone) {
            if (format.end !== "") controller.enqueue(encode(format.end));
            controller.close();
            finish("complete");
            return;
          }
          await waitForLimit(countRequest);
          controller.enqueue(encode(textOf(await batches.next())));
        } catch (error) {
          console.error(JSON.stringify({ requestId, error: String(error) }));
          finish("failed");
          controller.error(error);
        }
      },
      cancel: () => finish("cancelled"),
    },
    { highWaterMark: 1 },
  );
  for (const [header, value] of Object.entries(headersOf(format, model.listName, first))) {
    context.header(header, value);
  }
  return context.req.method === "HEAD" ? context.body(null) : context.body(stream);
}

const encoder = new TextEncoder();
const encode = (text: string) => encoder.encode(text);

/**
 * The columns of a table, and the query for them with the names of related records. JSON is the query of the API
 * itself. Lists that grow with the table are in neither, unless the address names them.
 */
function selectionOf(model: Model, { columns, query, isNarrow }: AskedList, { isJson }: Format) {
  const all = isNarrow
    ? columns
    : offeredColumns(model).filter(({ name }) => !query.exclude.includes(name));
  if (!isJson) return { columns: all, query: withColumns(model, query, all) };
  const growing = Object.entries(model.fields).filter(([, field]) => field.omittedWhenIncluded);
  const exclude = [...query.exclude, ...(isNarrow ? [] : growing.map(([name]) => name))];
  return { columns: all, query: { ...query, exclude } };
}

/** A search does not count all that it finds, and then tells no number. */
function headersOf({ type, format }: Format, listName: string, { count, isAtLeast }: Page) {
  const day = new Date().toISOString().slice(0, 10);
  return {
    "Content-Type": `${type}; charset=utf-8`,
    "Content-Disposition": `attachment; filename="${listName}-${day}.${format}"`,
    ...(!isAtLeast && { "X-Total-Results": String(count) }),
    "X-Robots-Tag": "noindex",
  };
}

/** The pages of a list, one after another. */
class Batches {
  isDone = false;
  readonly #read: (query: Query) => Promise<Page>;
  #query: Query;

  constructor(read: (query: Query) => Promise<Page>, query: Query) {
    this.#read = read;
    const { after: _, ...whole } = query;
    this.#query = { ...whole, limit: BATCH.first, offset: 0 };
  }

  /** The next records. A batch that is too large to be answered is asked for again, half as large. */
  async next(): Promise<Page> {
    for (;;) {
      try {
        return this.#advance(await this.#read(this.#query));
      } catch (error) {
        const { limit } = this.#query;
        if (!(error instanceof AnswerTooLargeError) || limit === 1) throw error;
        this.#query = { ...this.#query, limit: Math.ceil(limit / 8) };
      }
    }
  }

  #advance(page: Page): Page {
    const bytes = page.bodies.reduce((sum, body) => sum + body.length, 0);
    const fitting = Math.floor((BATCH.bytes / Math.max(bytes, 1)) * page.bodies.length);
    const { after: _, ...query } = this.#query;
    this.isDone = !page.hasMore || page.position === undefined;
    this.#query = {
      ...query,
      ...(page.position && { after: page.position }),
      limit: Math.min(Math.max(fitting, BATCH.least), BATCH.most),
    };
    return page;
  }
}

/** @throws Error when the caller stays over the limit */
async function waitForLimit(countRequest: () => Promise<boolean>): Promise<void> {
  for (let time = 0; time < WAIT.times; time += 1) {
    if (await countRequest()) return;
    await new Promise((resolve) => setTimeout(resolve, WAIT.pause));
  }
  throw new Error("A download met the limit of its caller.");
}

/** The log line of a download: what the line of its request, written before, could not know. */
function logDownload({
  requestId,
  caller,
  outcome,
  written,
  connection,
}: {
  requestId: string;
  caller: Caller;
  outcome: string;
  written: number;
  connection: { readonly roundTrips: number; readonly rowsRead: number };
}): void {
  const { roundTrips, rowsRead } = connection;
  const line = {
    event: "download",
    requestId,
    caller: caller.kind,
    outcome,
    written,
    roundTrips,
    rowsRead,
  };
  // biome-ignore lint/suspicious/noConsole: the log line of Workers observability.
  console.log(JSON.stringify(line));
}
