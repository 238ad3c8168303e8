import { Command } from "commander";
import { exportDatabase, type OnRecords } from "../operator/export/export-database.ts";
import { discardImport, importDatabase } from "../operator/export/import-database.ts";
import { Failure } from "../platform/failure.ts";
import { readLines, writeText } from "./lines-of-file.ts";
import { onDatabase } from "./on-database.ts";
import { type Progress, startProgress } from "./progress.ts";
import { print, say } from "./words.ts";

// The export of a whole database to a file, and the import from it.

export const exportCommand = new Command("export")
  .description("write the whole database to a file (docs/export-format.md)")
  .argument("<file>", 'the file, "-" for stdout')
  .action(
    onDatabase(async (connection, path: string) => {
      const total = await withProgress("Exporting records", async (onRecords) => {
        let written = 0;
        const parts = exportDatabase(connection, (done, total) => {
          written = done;
          onRecords(done, total);
        });
        await writeText(path, parts);
        return written;
      });
      say(`${total} records have been exported.`);
    }),
  );

/** Makes the import of a whole database the default action of a command. */
export function addDatabaseImport(command: Command): Command {
  return command
    .argument("[file]", 'an export, "-" for stdin')
    .option("--discard", "delete what an import that died has left, in place of importing a file")
    .action(
      onDatabase(
        async (connection, path: string | undefined, { discard }: { readonly discard?: true }) => {
          if ((path === undefined) !== (discard === true)) {
            throw new Failure("Name a file to import, or --discard and no file.");
          }
          if (path === undefined) {
            await discardImport(connection);
            say("The rows that the import left are deleted: the database is empty.");
            return;
          }
          const imported = await withProgress("Importing records", (onRecords) =>
            importDatabase(connection, readLines(path), onRecords),
          );
          print({ imported });
        },
        { whileFilling: true },
      ),
    );
}

/** Shows a progress bar while records are processed. */
async function withProgress<Value>(
  what: string,
  work: (onRecords: OnRecords) => Promise<Value>,
): Promise<Value> {
  let progress: Progress | undefined;
  try {
    return await work((done, total) => {
      progress ??= startProgress(what, total);
      progress.update(done);
    });
  } finally {
    progress?.stop();
  }
}
