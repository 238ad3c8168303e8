import { Connection } from "./db/connection.ts";
import { deleteExpired } from "./db/expired.ts";

/** What the cron trigger of `wrangler.toml` runs: it deletes what has expired, and says so in one line of the log. */
export async function runDaily(database: D1Database): Promise<void> {
  const connection = new Connection(database);
  const deleted = await deleteExpired(connection, new Date());
  const { roundTrips, rowsRead, rowsWritten } = connection;
  // biome-ignore lint/suspicious/noConsole: the log line of Workers observability.
  console.log(
    JSON.stringify({ event: "expired rows deleted", deleted, roundTrips, rowsRead, rowsWritten }),
  );
}
