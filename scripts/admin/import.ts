import { Command } from "commander";
import { OPERATOR } from "../../src/db/access.ts";
import type { Connection } from "../../src/db/connection.ts";
import {
  type FileRow,
  importSessions,
  MAX_SESSIONS,
  type RowFaults,
  sessionImport,
} from "../../src/models/session/import-sessions.ts";
import { Failure } from "../platform/failure.ts";
import { addDatabaseImport } from "./database-file.ts";
import { onDatabase, readId } from "./on-database.ts";
import { startProgress } from "./progress.ts";
import { readSessionFile } from "./session-file.ts";
import { print, say } from "./words.ts";

const FILE_HELP = `
FILE is a .json file with a list of sessions in the fields of the API, or a .csv file with the names of the fields
in its first line. Besides what the API takes, a session may have an "id" and a "name_used_in_storage". In a cell
of a .csv file, projects, datastorage and tags are items separated by ";" or a JSON list, extra_fields and
download_links are JSON, and an empty cell is a field that is not given. All sessions go into the project that is
named here, before those that they name themselves. Either all sessions are imported, or none; one file takes up to
${MAX_SESSIONS} of them. A service that runs on the same local database asks its writers to try again meanwhile (503).`;

const sessions = new Command("sessions")
  .description("import sessions from a file, all or none")
  .argument("<file>", "a .json or a .csv file")
  .requiredOption("--project <id>", "the project that the sessions go into", readId)
  .addHelpText("after", FILE_HELP)
  .action(
    onDatabase(async (connection, path: string, { project }: { readonly project: string }) => {
      const rows = await readSessionFile(path);
      const faults = await importWithProgress(connection, project, rows);
      sayFaults(faults);
      if (faults.size > 0) {
        throw new Failure(
          `Nothing was imported: ${faults.size} of ${rows.length} sessions in ${path} are faulty.`,
        );
      }
      print({ imported: rows.length });
    }),
  );

export const importCommand = addDatabaseImport(new Command("import"))
  .description("fill an empty database from an export, or import sessions into any")
  .addCommand(sessions);

async function importWithProgress(
  connection: Connection,
  projectId: string,
  rows: readonly FileRow[],
): Promise<RowFaults> {
  const progress = startProgress("Importing sessions", rows.length);
  try {
    return await importSessions(connection, OPERATOR, {
      projectId,
      rows,
      declaration: sessionImport,
      onRead: (count) => progress.update(count),
    });
  } finally {
    progress.stop();
  }
}

function sayFaults(faults: RowFaults): void {
  for (const [place, fields] of faults) {
    for (const [field, messages] of fields) say(`${place}: ${field}: ${messages.join(" ")}`);
  }
}
