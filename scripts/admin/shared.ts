import { Argument, Command, Option } from "commander";
import { OPERATOR } from "../../src/db/access.ts";
import type { Connection } from "../../src/db/connection.ts";
import type { Model } from "../../src/model/define.ts";
import { foldEmail, type MemberChange } from "../../src/model/membership.ts";
import { behavioralAssay } from "../../src/models/behavioral-assay.ts";
import { dataStorage } from "../../src/models/data-storage.ts";
import { inventory } from "../../src/models/inventory.ts";
import { project } from "../../src/models/project.ts";
import { setup } from "../../src/models/setup.ts";
import { LEVEL, type LevelName } from "../../src/values/permission.ts";
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

/** The models on which users and groups have permissions, with the field of the groups. */
const SHARED = {
  project: { model: project, groups: "groups" },
  datastorage: { model: dataStorage, groups: "authenticated_groups" },
  setup: { model: setup, groups: "authenticated_groups" },
  behavioralassay: { model: behavioralAssay, groups: "authenticated_groups" },
  inventory: { model: inventory, groups: "authenticated_groups" },
} as const;

type Shared = keyof typeof SHARED;

interface Whom {
  readonly user?: string;
  readonly group?: string;
}

const ON = new Argument("<model>", "what the permission is on").choices(Object.keys(SHARED));
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
        model: Shared,
        id: string,
        { level, ...whom }: Whom & { readonly level: LevelName },
      ) => {
        await orAbsent(
          setLevel(connection, model, id, whom, LEVEL[level]),
          `No ${model} has the id ${id}.`,
        );
        say(`${nameOf(whom)} is now ${level} of the ${model} ${id}.`);
      },
    ),
  );

export const revokeCommand = permissionCommand(
  "revoke",
  "take a permission of a user or a group",
).action(
  onDatabase(async (connection, model: Shared, id: string, whom: Whom) => {
    await orAbsent(setLevel(connection, model, id, whom, 0), `No ${model} has the id ${id}.`);
    say(`${nameOf(whom)} has no permission on the ${model} ${id}.`);
  }),
);

function nameOf({ user, group }: Whom): string {
  const name = user ?? group;
  if (name === undefined) throw new Failure("Name a user with --user or a group with --group.");
  return name;
}

function setLevel(
  connection: Connection,
  shared: Shared,
  id: string,
  whom: Whom,
  level: number,
): Promise<string> {
  const { user } = whom;
  const changes: readonly MemberChange[] = [
    { key: user === undefined ? nameOf(whom) : foldEmail(user), level },
  ];
  const { model, groups }: { readonly model: Model; readonly groups: string } = SHARED[shared];
  const input = { [user === undefined ? groups : "users"]: changes };
  return changeRecord(connection, OPERATOR, model, id, input);
}
