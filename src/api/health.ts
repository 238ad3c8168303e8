import type { Context } from "hono";
import type { Environment } from "../auth/environment.ts";
import { findMigrations } from "../db/migrations.ts";

/** `GET /api/health`: whether the database answers, and the last migration that it has. */
export async function answerHealth(context: Context<Environment>): Promise<Response> {
  const migrations = await findMigrations(context.get("connection"));
  return context.json({ status: "ok", schema: migrations.at(-1) ?? null });
}
