import { Argument, Command, Option } from "commander";
import { OPERATOR } from "../../src/db/access.ts";
import type { Connection } from "../../src/db/connection.ts";
import { foldEmail, groupsOf, type MemberChange, usersOf } from "../../src/model/membership.ts";
import { models } from "../../src/models/all.ts";
import { dataStorage } from "../../src/models/data-storage.ts";
import { project } from "../../src/models/project.ts";
import {
  LEVEL,
  type LevelName,
  SHARED_WITH_GROUPS,
  type SharedWithGroups,
} from "../../src/values/permission.ts";
import { changeRecord, createRecord } from "../operator/records.ts";
import { Failure } from "../platform/failure.ts";
import { onDatabase, readId } from "./on-database.ts";
import { orAbsent, printKeys, say } from "./words.ts";

// The commands on projects and data storages, and on the permissions on these and other records.

interface NewShared {
  readonly owner: string;
  readonly public?: true;
}

function creating(
  work: (connection: Connection, name: string, options: NewShared) => Promise<string>,
): Command {
  return new Command("create")
    .description('make one and print {"id", "name"}')
    .argument("<name>")
    .requiredOption("--owner <email>", "the user who owns it")
    .option("--public", "to be read by anyone, without a token")
    .action(
      onDatabase(async (connection, name: string, options: NewShared) =>
        printKeys(await work(connection, name, options), ["id", "name"]),
      ),
    );
}

export const projectCommand = new Command("project").description("make projects").addCommand(
  creating((connection, name, { owner, public: isPublic = false }) => {
    const body = { name, is_public: isPublic };
    return createRecord(connection, { ...OPERATOR, owner }, project, body);
  }),
);

export const dataStorageCommand = new Command("datastorage")
  .description("make data storages")
  .addCommand(
    creating((connection, name, { owner, public: isPublic = false }) => {
      const body = { name, is_public: isPublic };
      return createRecord(connection, { ...OPERATOR, owner }, dataStorage, body);
    }),
  );

interface Whom {
  readonly user?: string;
  readonly group?: string;
}

const ON = new Argument("<model>", "what the permission is on").choices(SHARED_WITH_GROUPS);
const LEVELS = Object.keys(LEVEL);

function permissionCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .addArgument(ON)
    .argument("<id>", "its id", readId)
    .addOption(new Option("--user <email>", "the user").conflicts("group"))
    .option("--group <name>", "the group, in place of a user");
}

export const grantCommand = permissionCommand(
  "grant",
  "give a user or a group a permission on what is shared with them, or change it",
)
  .addOption(
    new Option("--level <level>", "a higher one includes the lower")
      .choices(LEVELS)
      .makeOptionMandatory(),
  )
  .action(
    onDatabase(
      async (
        connection,
        kind: SharedWithGroups,
        id: string,
        { level, ...whom }: Whom & { readonly level: LevelName },
      ) => {
        await orAbsent(
          setLevel(connection, kind, id, whom, LEVEL[level]),
          `No ${kind} has the id ${id}.`,
        );
        say(`${nameOf(whom)} is now ${level} of the ${kind} ${id}.`);
      },
    ),
  );

export const revokeCommand = permissionCommand(
  "revoke",
  "take a permission of a user or a group",
).action(
  onDatabase(async (connection, kind: SharedWithGroups, id: string, whom: Whom) => {
    await orAbsent(setLevel(connection, kind, id, whom, 0), `No ${kind} has the id ${id}.`);
    say(`${nameOf(whom)} has no permission on the ${kind} ${id}.`);
  }),
);

function nameOf({ user, group }: Whom): string {
  const name = user ?? group;
  if (name === undefined) throw new Failure("Name a user with --user or a group with --group.");
  return name;
}

function setLevel(
  connection: Connection,
  kind: SharedWithGroups,
  id: string,
  whom: Whom,
  level: number,
): Promise<string> {
  const model = models.find(({ name }) => name === kind);
  if (model === undefined) throw new Error(`No model has the name ${kind}.`);
  const { user } = whom;
  const { field } = user === undefined ? groupsOf(kind) : usersOf(kind);
  const changes: readonly MemberChange[] = [
    { key: user === undefined ? nameOf(whom) : foldEmail(user), level },
  ];
  return changeRecord(connection, OPERATOR, model, id, { [field]: changes });
}
