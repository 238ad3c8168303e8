import { Command, InvalidArgumentError } from "commander";
import { parseInstantOrDay } from "../../src/values/instant.ts";
import { countEntries, pruneEntries } from "../operator/prune-history.ts";
import { onDatabase } from "./on-database.ts";
import { startProgress } from "./progress.ts";
import { print, say } from "./words.ts";

interface Options {
  readonly before: string;
  readonly yes?: true;
}

function readInstant(text: string): string {
  const instant = parseInstantOrDay(text);
  if (instant !== undefined) return instant;
  throw new InvalidArgumentError(
    "A date is a day (2026-01-31) or a date-time (2026-01-31T12:00Z).",
  );
}

const prune = new Command("prune")
  .description("say how much history there is from before a date, and delete it with --yes")
  .requiredOption(
    "--before <date>",
    "a day or a date-time in UTC; that of the date itself stays",
    readInstant,
  )
  .option("--yes", "delete it")
  .action(
    onDatabase(async (connection, { before, yes }: Options) => {
      const { entries, bytes } = await countEntries(connection, before);
      if (yes !== true) {
        print({ entries, bytes });
        say(
          entries === 0
            ? "There is nothing to delete."
            : 'Nothing was deleted. Keep an export first ("npm run admin -- export FILE"), then add --yes.',
        );
        return;
      }
      const progress = startProgress("Deleting entries", entries);
      try {
        const deleted = await pruneEntries(connection, before, (count) => progress.update(count));
        print({ deleted });
      } finally {
        progress.stop();
      }
    }),
  );

export const historyCommand = new Command("history")
  .description("keep the history from growing without end")
  .addCommand(prune);
