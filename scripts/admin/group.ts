import { Command, Option } from "commander";
import { OPERATOR } from "../../src/db/access.ts";
import type { Connection } from "../../src/db/connection.ts";
import { foldEmail } from "../../src/model/membership.ts";
import { listRecords } from "../../src/model/read.ts";
import { group } from "../../src/models/group.ts";
import { NO_QUERY } from "../../src/query/parse.ts";
import { LEVEL } from "../../src/values/permission.ts";
import { changeRecord, createRecord } from "../operator/records.ts";
import { Failure } from "../platform/failure.ts";
import { onDatabase } from "./on-database.ts";
import { printKeys, say } from "./words.ts";

const create = new Command("create")
  .description('make a group and print {"id", "name"}')
  .argument("<name>")
  .requiredOption("--owner <email>", "the user who owns it")
  .action(
    onDatabase(async (connection, name: string, { owner }: { readonly owner: string }) => {
      const created = await createRecord(connection, { ...OPERATOR, owner }, group, { name });
      printKeys(created, ["id", "name"]);
    }),
  );

const add = new Command("add")
  .description("put a user into a group, or change what the user is there")
  .argument("<name>")
  .argument("<email>")
  .addOption(new Option("--manager", "as a manager, not a member").conflicts("owner"))
  .option("--owner", "as an owner, not a member")
  .action(
    onDatabase(
      async (
        connection,
        name: string,
        email: string,
        { manager, owner }: { readonly manager?: true; readonly owner?: true },
      ) => {
        const role = owner ? "owner" : manager ? "manager" : "member";
        const users = [{ key: foldEmail(email), level: LEVEL[role] }];
        const id = await findGroup(connection, name);
        await changeRecord(connection, OPERATOR, group, id, { users });
        say(`${email} is ${role === "owner" ? "an" : "a"} ${role} of ${name}.`);
      },
    ),
  );

async function findGroup(connection: Connection, name: string): Promise<string> {
  const filters = [{ path: "name", operator: "eq", negated: false, values: [name] }];
  const { bodies } = await listRecords(connection, OPERATOR, group, { ...NO_QUERY, filters });
  const [body] = bodies;
  if (body === undefined) throw new Failure(`No group has the name "${name}".`);
  // The text is the JSON of a group, and every group has an id.
  return (JSON.parse(body) as { id: string }).id;
}

export const groupCommand = new Command("group")
  .description("make groups and put users into them")
  .addCommand(create)
  .addCommand(add);
