import { Command } from "commander";
import { exportCommand } from "./admin/database-file.ts";
import { finishMigrationsCommand } from "./admin/finish-migrations.ts";
import { groupCommand } from "./admin/group.ts";
import { historyCommand } from "./admin/history.ts";
import { importCommand } from "./admin/import.ts";
import { namesCommand } from "./admin/names.ts";
import { addPlaceOptions } from "./admin/on-database.ts";
import { rebuildSearchCommand } from "./admin/rebuild-search.ts";
import { dataStorageCommand, grantCommand, projectCommand, revokeCommand } from "./admin/shared.ts";
import { tokenCommand } from "./admin/token.ts";
import { userCommand } from "./admin/user.ts";
import { explain, say } from "./admin/words.ts";

// `npm run admin -- <command>`: the commands of an operator, which use the same models and preconditions as
// the API.

// Only the result goes to stdout, so wrangler must not log there.
process.env.WRANGLER_LOG ??= "error";

const program = addPlaceOptions(new Command("npm run -s admin --"))
  .description(
    "Administers the Session API: the local database, or the deployed one with --remote.",
  )
  .addCommand(userCommand)
  .addCommand(tokenCommand)
  .addCommand(groupCommand)
  .addCommand(projectCommand)
  .addCommand(dataStorageCommand)
  .addCommand(grantCommand)
  .addCommand(revokeCommand)
  .addCommand(namesCommand)
  .addCommand(historyCommand)
  .addCommand(finishMigrationsCommand)
  .addCommand(rebuildSearchCommand)
  .addCommand(importCommand)
  .addCommand(exportCommand);

showPlaceOptions(program);

/**
 * Shows the global options in the help of a command. commander does not apply this setting of the program to
 * a command that is added.
 */
function showPlaceOptions(command: Command): void {
  command.configureHelp({ showGlobalOptions: true });
  command.commands.forEach(showPlaceOptions);
}

try {
  await program.parseAsync();
} catch (error) {
  const sentence = explain(error);
  if (sentence === undefined) throw error;
  say(sentence);
  process.exitCode = 1;
}
