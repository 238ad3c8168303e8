import type { Context } from "hono";
import { isSameHash } from "../../values/token.ts";
import type { Environment } from "../environment.ts";
import { finishAt, startAt } from "./client.ts";
import { type Person, readPerson, type Unidentified } from "./person.ts";
import { ProviderError } from "./provider-error.ts";
import { callbackPath, type Provider } from "./settings.ts";
import { dropTransaction, keepTransaction, readTransaction } from "./transaction.ts";

/**
 * Starts a sign-in at a provider in this browser.
 *
 * @returns the address at the provider to which the browser goes on
 * @throws ProviderError, which is in the log then
 */
export function startSignIn(context: Context<Environment>, provider: Provider): Promise<string> {
  return logged(context, provider, async () => {
    const { address, transaction } = await startAt(provider, redirectUri(context, provider));
    keepTransaction(context, transaction);
    return address;
  });
}

/**
 * Finishes a sign-in with which a provider has sent this browser back. Each can be finished once.
 *
 * @returns who it is, or why nobody is known by what the provider said
 * @throws ProviderError: `over` when this browser has not started it, or has finished it; any other is in the
 * log then
 */
export async function identifyPerson(
  context: Context<Environment>,
  provider: Provider,
): Promise<Person | Unidentified> {
  const transaction = readTransaction(context);
  const answered = new URL(context.req.url).searchParams;
  const isOwn =
    transaction !== undefined &&
    transaction.issuer === provider.issuer &&
    isSameHash(answered.get("state") ?? "", transaction.state);
  if (!isOwn) throw new ProviderError("over", "this browser has no such sign-in under way");
  dropTransaction(context);
  const claims = await logged(context, provider, () =>
    finishAt(provider, redirectUri(context, provider), answered, transaction),
  );
  return readPerson(provider, claims);
}

/** The address that is registered at the provider. */
function redirectUri(context: Context<Environment>, { number }: Provider): string {
  return `${new URL(context.req.url).origin}${callbackPath(number)}/`;
}

async function logged<Result>(
  context: Context<Environment>,
  { name, issuer }: Provider,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProviderError) {
      const { fault, message } = error;
      const requestId = context.get("requestId");
      console.error(JSON.stringify({ requestId, signIn: name, issuer, fault, reason: message }));
    }
    throw error;
  }
}
