import { Command, InvalidArgumentError } from "commander";
import { OPERATOR } from "../../src/db/access.ts";
import { userInput } from "../../src/models/account/new-user.ts";
import { parseOrcid } from "../../src/values/orcid.ts";
import { readInput } from "../operator/records.ts";
import {
  createSignInLink,
  endSessions,
  listAccountHistory,
  listSessions,
  MAX_LINK_DAYS,
} from "../operator/sign-in.ts";
import {
  activateUser,
  changeSignInOrcid,
  createUser,
  deactivateUser,
  listUsers,
} from "../operator/users.ts";
import { onDatabase, readId, serviceUrl } from "./on-database.ts";
import { print, printKeys, say, shownInstant } from "./words.ts";

interface Profile {
  readonly firstName?: string;
  readonly lastName?: string;
  /** In the form of `parseOrcid`. */
  readonly orcid?: string;
}

const create = new Command("create")
  .description('make a user and print {"id", "email"}')
  .argument("<email>")
  .option("--first-name <name>")
  .option("--last-name <name>")
  .option("--orcid <id>", "ORCID iD with which the user signs in", readOrcid)
  .action(
    onDatabase(async (connection, email: string, profile: Profile) => {
      const { firstName = "", lastName = "", orcid } = profile;
      const input = readInput(userInput, {
        email,
        first_name: firstName,
        last_name: lastName,
        orcid_id: orcid ?? "",
      });
      printKeys(await createUser(connection, OPERATOR, input, orcid), ["id", "email"]);
    }),
  );

const change = new Command("change")
  .description("set or remove the ORCID iD with which a user signs in")
  .argument("<email>")
  .option("--orcid <id>", "the iD, such as 0000-0002-1825-0097", readOrcid)
  .option("--no-orcid", "remove the iD")
  .action(
    onDatabase(async (connection, email: string, options: ChangeOptions, command: Command) => {
      const { orcid } = options;
      if (orcid === undefined || orcid === true)
        command.error("Name an iD with --orcid <id>, or --no-orcid.");
      await changeSignInOrcid(connection, OPERATOR, email, orcid === false ? null : orcid);
      say(
        orcid === false
          ? `${email} signs in with no ORCID iD any more. Browsers that are signed in stay so: end them with "user end-sessions".`
          : `${email} signs in with the ORCID iD ${orcid}.`,
      );
    }),
  );

interface ChangeOptions {
  /** An iD in the form of `parseOrcid`, false for `--no-orcid`, true for neither. */
  readonly orcid?: string | boolean;
}

function readOrcid(text: string): string {
  const orcid = parseOrcid(text);
  if (orcid !== undefined) return orcid;
  throw new InvalidArgumentError("This is no ORCID iD: compare it with the one on orcid.org.");
}

const list = new Command("list").description("list all users as JSON").action(
  onDatabase(async (connection) => {
    const users = await listUsers(connection, OPERATOR);
    print(
      users.map((user) => ({
        id: user.id,
        email: user.email,
        first_name: user.firstName,
        last_name: user.lastName,
        sign_in_orcid: user.signInOrcid,
        is_active: user.isActive,
        created_date: shownInstant(user.createdDate),
      })),
    );
  }),
);

const deactivate = new Command("deactivate")
  .description("revoke all tokens of a user, sign them out, and allow neither; what they did stays")
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
      say(
        `${email} is active: make a sign-in link with "user link", or a token with "token create".`,
      );
    }),
  );

const link = new Command("link")
  .description("make a link with which a user signs in once, and print it")
  .argument("<email>")
  .option("--days <number>", "how long it is valid; an hour when absent", readLinkDays)
  .option("--url <address>", "where the service answers, when that is not SERVICE_URL")
  .action(
    onDatabase(async (connection, email: string, options: LinkOptions, command: Command) => {
      const baseUrl = await serviceUrl(command, options.url);
      const { days } = options;
      const made = await createSignInLink(connection, OPERATOR, {
        email,
        baseUrl,
        ...(days !== undefined && { days }),
      });
      process.stdout.write(`${made.address}\n`);
      say(
        `Whoever opens this link can sign in as ${email}, once, until ${shownInstant(made.expiresDate)}.`,
      );
    }),
  );

interface LinkOptions {
  readonly days?: number;
  readonly url?: string;
}

function readLinkDays(text: string): number {
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= MAX_LINK_DAYS) return days;
  throw new InvalidArgumentError(`Days are a whole number from 1 to ${MAX_LINK_DAYS}.`);
}

const sessions = new Command("sessions")
  .description("list the browsers in which a user is signed in, as JSON")
  .argument("<email>")
  .action(
    onDatabase(async (connection, email: string) => {
      const found = await listSessions(connection, OPERATOR, email);
      print(
        found.map((session) => ({
          id: session.id,
          way: session.way,
          created_date: shownInstant(session.createdDate),
          last_used_date: shownInstant(session.lastUsedDate),
          expires_date: shownInstant(session.expiresDate),
        })),
      );
    }),
  );

const endAll = new Command("end-sessions")
  .description("sign a user out of all browsers, or of one; tokens stay valid")
  .argument("<email>")
  .option("--id <id>", "one session, as user sessions shows it", readId)
  .action(
    onDatabase(async (connection, email: string, { id }: { readonly id?: string }) => {
      await endSessions(connection, OPERATOR, email, id);
      say(
        id === undefined
          ? `${email} is signed out of all browsers.`
          : `The session ${id} has ended, if ${email} had it.`,
      );
    }),
  );

const history = new Command("history")
  .description("list who signed in how, which programs were let in, and changes of a user, as JSON")
  .argument("<email>")
  .action(
    onDatabase(async (connection, email: string) => {
      const entries = await listAccountHistory(connection, OPERATOR, email);
      print(
        entries.map(({ dateTime, by, action, changes }) => ({
          date_time: shownInstant(dateTime),
          by,
          action,
          changes: JSON.parse(changes),
        })),
      );
    }),
  );

export const userCommand = new Command("user")
  .description("make, list, change, deactivate and activate users, and let them sign in")
  .addCommand(create)
  .addCommand(change)
  .addCommand(list)
  .addCommand(link)
  .addCommand(sessions)
  .addCommand(endAll)
  .addCommand(history)
  .addCommand(deactivate)
  .addCommand(activate);
