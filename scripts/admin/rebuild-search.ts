import { Command } from "commander";
import { rebuildSearchIndexes } from "../operator/search-index.ts";
import { onDatabase } from "./on-database.ts";
import { say } from "./words.ts";

export const rebuildSearchCommand = new Command("rebuild-search")
  .description("build the search index again; searches do not find everything until it has ended")
  .action(
    onDatabase(async (connection) => {
      const added = await rebuildSearchIndexes((statements) => connection.batch(statements));
      say(`Records that a search finds: ${added}.`);
    }),
  );
