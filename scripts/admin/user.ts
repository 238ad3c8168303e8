import { Command } from "commander";
import { OPERATOR } from "../../src/db/access.ts";
import { readInput } from "../operator/records.ts";
import {
  activateUser,
  createUser,
  deactivateUser,
  listUsers,
  userInput,
} from "../operator/users.ts";
import { onDatabase } from "./on-database.ts";
import { print, printKeys, say, shownInstant } from "./words.ts";

interface Names {
  readonly firstName?: string;
  readonly lastName?: string;
}

const create = new Command("create")
  .description('make a user and print {"id", "email"}')
  .argument("<email>")
  .option("--first-name <name>")
  .option("--last-name <name>")
  .action(
    onDatabase(async (connection, email: string, { firstName = "", lastName = "" }: Names) => {
      const input = readInput(userInput, { email, first_name: firstName, last_name: lastName });
      printKeys(await createUser(connection, OPERATOR, input), ["id", "email"]);
    }),
  );

const list = new Command("list").description("list all users as JSON").action(
  onDatabase(async (connection) => {
    const users = await listUsers(connection, OPERATOR);
    print(
      users.map((user) => ({
        id: user.id,
        email: user.email,
        first_name: user.firstName,
        last_name: user.lastName,
        is_active: user.isActive,
        created_date: shownInstant(user.createdDate),
      })),
    );
  }),
);

const deactivate = new Command("deactivate")
  .description("revoke all tokens of a user and allow no new ones; what they did stays")
  .argument("<email>")
  .action(
    onDatabase(async (connection, email: string) => {
      await deactivateUser(connection, OPERATOR, email);
      say(`${email} has been deactivated.`);
    }),
  );

const activate = new Command("activate")
  .description("let a user who was deactivated be given tokens again; the old ones stay revoked")
  .argument("<email>")
  .action(
    onDatabase(async (connection, email: string) => {
      await activateUser(connection, OPERATOR, email);
      say(`${email} is active: make a token with "token create".`);
    }),
  );

export const userCommand = new Command("user")
  .description("make, list, deactivate and activate users")
  .addCommand(create)
  .addCommand(list)
  .addCommand(deactivate)
  .addCommand(activate);
