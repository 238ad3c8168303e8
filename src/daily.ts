import { Connection } from "./db/connection.ts";
import { deleteExpired } from "./db/expired.ts";

/** Runs when the cron trigger of `wrangler.toml` fires: deletes expired rows and writes one log line. */
export async function runDaily(database: D1Database): Promise<void> {
  const connection = new Connection(database);
  const deleted = await deleteExpired(connection, new Date());
  const { roundTrips, rowsRead, rowsWritten } = connection;
  // biome-ignore lint/suspicious/noConsole: the log line of Workers observability.
  console.log(
    JSON.stringify({ event: "expired rows deleted", deleted, roundTrips, rowsRead, rowsWritten }),
  );
}
