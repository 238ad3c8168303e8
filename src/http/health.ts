import type { Context } from "hono";
import { findMigrations } from "../db/migrations.ts";
import type { Environment } from "./environment.ts";

/** `GET /api/health`: whether the database answers, and the last migration that it has. */
export async function answerHealth(context: Context<Environment>): Promise<Response> {
  const migrations = await findMigrations(context.get("connection"));
  return context.json({ status: "ok", schema: migrations.at(-1) ?? null });
}
