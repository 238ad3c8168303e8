import { Command, InvalidArgumentError } from "commander";
import { OPERATOR } from "../../src/db/access.ts";
import { createToken, listTokens, revokeToken } from "../operator/access-tokens.ts";
import { onDatabase, readId } from "./on-database.ts";
import { orAbsent, print, say, shownInstant } from "./words.ts";

/**
 * A hundred years. Without a bound, a token could expire after the year 9999, which stored dates do not
 * support.
 */
const MAX_DAYS = 36_525;

function readDays(text: string): number {
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= MAX_DAYS) return days;
  throw new InvalidArgumentError(`Days are a whole number from 1 to ${MAX_DAYS}.`);
}

interface Options {
  readonly name?: string;
  readonly days: number;
}

const create = new Command("create")
  .description("make a token and print it, this once")
  .argument("<email>")
  .option("--name <name>", "what the token is for")
  .option("--days <number>", "how long it is valid after its last use", readDays, 365)
  .action(
    onDatabase(async (connection, email: string, { name = "", days }: Options) => {
      const made = await createToken(connection, OPERATOR, { email, name, lifetimeDays: days });
      process.stdout.write(`${made.token}\n`);
      say(`The token ${made.id} of ${email} is valid for ${days} days after its last use.`);
    }),
  );

const list = new Command("list")
  .description("list the tokens of a user as JSON, the newest first")
  .argument("<email>")
  .action(
    onDatabase(async (connection, email: string) => {
      const tokens = await listTokens(connection, OPERATOR, email);
      print(
        tokens.map((token) => ({
          id: token.id,
          name: token.name,
          created_date: shownInstant(token.createdDate),
          last_used_date: shownInstant(token.lastUsedDate),
          expires_date: shownInstant(token.expiresDate),
          revoked_date: shownInstant(token.revokedDate),
        })),
      );
    }),
  );

const revoke = new Command("revoke")
  .description("close a token at once")
  .argument("<id>", "its id, as token list shows it", readId)
  .action(
    onDatabase(async (connection, id: string) => {
      await orAbsent(revokeToken(connection, OPERATOR, id), `No token has the id ${id}.`);
      say(`The token ${id} has been revoked.`);
    }),
  );

export const tokenCommand = new Command("token")
  .description("make, list and revoke bearer tokens")
  .addCommand(create)
  .addCommand(list)
  .addCommand(revoke);
