import { Command } from "commander";
import { OPERATOR } from "../../src/db/access.ts";
import { userInput } from "../../src/resources/user/schemas.ts";
import { createUser, deactivateUser, listUsers } from "../../src/resources/user/service.ts";
import { readInput } from "../platform/input.ts";
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

export const userCommand = new Command("user")
  .description("make, list and deactivate users")
  .addCommand(create)
  .addCommand(list)
  .addCommand(deactivate);
