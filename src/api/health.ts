import type { Context } from "hono";
import type { Environment } from "../auth/environment.ts";
import { runAs } from "../db/access.ts";
import { findMigrations, hasTable } from "../db/migrations.ts";

/**
 * `GET /api/health`: whether the database answers, and the name of its last migration.
 *
 * @throws DatabaseBeingFilledError while an import runs
 */
export async function answerHealth(context: Context<Environment>): Promise<Response> {
  const connection = context.get("connection");
  const migrations = await findMigrations(connection);
  // Where a migration has been forgotten there may be no place for the mark of an import.
  if (await hasTable(connection, "imports")) {
    await runAs(connection, { kind: "public" }, []);
  }
  return context.json({ status: "ok", schema: migrations.at(-1) ?? null });
}
