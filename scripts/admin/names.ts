import { Command } from "commander";
import { findHiddenNames } from "../operator/names.ts";
import { onDatabase } from "./on-database.ts";
import { print, say } from "./words.ts";

export const namesCommand = new Command("names")
  .description("list as JSON the stored names that would be refused today, and change none of them")
  .action(
    onDatabase(async (connection) => {
      const names = await findHiddenNames(connection);
      print(names);
      say(
        names.length === 0
          ? "No name has an invisible or direction-changing character."
          : `${names.length} names have an invisible or direction-changing character. They stay as they are until somebody renames them.`,
      );
    }),
  );
