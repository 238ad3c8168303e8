import type { Context } from "hono";
import { PUBLIC, runAs } from "../../db/access.ts";
import { execute } from "../../model/execute.ts";
import { parseInput } from "../../model/input.ts";
import { findUser, type Identity } from "../../models/account/identity.ts";
import { join, type NewUser, userInput } from "../../models/account/new-user.ts";
import { ApiError, ValidationError } from "../../values/errors.ts";
import { toInstant } from "../../values/instant.ts";
import { signIn } from "../browser-session.ts";
import type { Environment } from "../environment.ts";
import { mayJoin, type Person } from "./person.ts";
import type { Provider } from "./settings.ts";

/**
 * Signs in a person whom a provider has identified. Somebody new becomes a user when the operator lets the
 * domain of the email in.
 *
 * @returns false when the service does not know the person
 * @throws BadRequestError when the user is deactivated
 */
export async function signInPerson(
  context: Context<Environment>,
  provider: Provider,
  person: Person,
): Promise<boolean> {
  const userId =
    (await idOf(context, person)) ??
    (person.knownBy === "email" && mayJoin(provider, person.email)
      ? await makeUser(context, person)
      : undefined);
  if (userId === undefined) return false;
  await signIn(context, userId, provider.name);
  return true;
}

async function idOf(
  context: Context<Environment>,
  identity: Identity,
): Promise<string | undefined> {
  const [[found] = []] = await runAs(context.var.connection, PUBLIC, [findUser(identity)]);
  return found === undefined ? undefined : String(found.id);
}

/** The id of the new user, or of the one whom another request has made at the same time. */
async function makeUser(
  context: Context<Environment>,
  person: Person & { readonly knownBy: "email" },
): Promise<string | undefined> {
  const id = crypto.randomUUID();
  const now = toInstant(new Date());
  try {
    await execute(context.var.connection, { caller: PUBLIC, now }, join(id, newUser(person), now));
    return id;
  } catch (error) {
    if (error instanceof ValidationError) return idOf(context, person);
    throw error;
  }
}

/** Names that no profile can have are left out: the user can write others. The email is valid already. */
function newUser({ email, firstName, lastName }: Person & { readonly knownBy: "email" }): NewUser {
  const { input, faults } = parseInput(
    userInput,
    { email, first_name: firstName, last_name: lastName },
    "create",
  );
  if (faults instanceof ApiError) throw faults;
  const names = faults.size > 0 ? { first_name: "", last_name: "" } : {};
  return { ...input, ...names } as NewUser;
}
