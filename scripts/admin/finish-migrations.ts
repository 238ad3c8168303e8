import { Command } from "commander";
import { finishMigrations } from "../operator/after-migration.ts";
import { onDatabase } from "./on-database.ts";
import { say } from "./words.ts";

export const finishMigrationsCommand = new Command("finish-migrations")
  .description(
    "do what a migration cannot do in SQL; npm run deploy calls it, and it can be repeated",
  )
  .action(
    onDatabase(async (connection) => {
      for (const sentence of await finishMigrations(connection)) say(sentence);
    }),
  );
