import type { Child, FC } from "hono/jsx";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { signInPerson } from "../auth/oidc/join.ts";
import type { Unidentified } from "../auth/oidc/person.ts";
import { ProviderError, type ProviderFault } from "../auth/oidc/provider-error.ts";
import {
  callbackPath,
  PROVIDER_NUMBERS,
  type Provider,
  readProvider,
} from "../auth/oidc/settings.ts";
import { identifyPerson, startSignIn } from "../auth/oidc/sign-in.ts";
import { runAs } from "../db/access.ts";
import type { Identity } from "../models/account/identity.ts";
import { BadRequestError } from "../values/errors.ts";
import { continueAfterSignIn, showSignedIn } from "./after-sign-in.tsx";
import { PATHS } from "./layout.tsx";
import { type Page, type PageContext, renderPage } from "./page.tsx";

/** The pages to which OpenID Connect providers send the browser back: one for each that can be configured. */
export const callbackPages: readonly Page[] = PROVIDER_NUMBERS.map((number) => ({
  path: callbackPath(number),
  access: "anyone",
  get: async (context) => {
    const provider = readProvider(context.env, number);
    if (provider === undefined) return showOver(context);
    try {
      const person = await identifyPerson(context, provider);
      if ("lacks" in person) return showUnidentified(context, provider, person);
      const isKnown = await signInPerson(context, provider, person);
      return isKnown ? continueAfterSignIn(context) : showUnknown(context, provider, person);
    } catch (error) {
      if (error instanceof ProviderError) return showFault(context, provider, error);
      throw error;
    }
  },
}));

/**
 * Sends the browser on to a provider. The answer is a page, not a redirect: browsers apply the `form-action`
 * of the content security policy to each redirect after a form, and a provider may redirect to origins that
 * nobody here knows.
 *
 * @param number the number of the provider, from the form of the sign-in page
 * @throws BadRequestError when there is none with this number
 */
export async function goToProvider(context: PageContext, number: string): Promise<Response> {
  const known = PROVIDER_NUMBERS.find((each) => String(each) === number);
  const provider = known && readProvider(context.env, known);
  if (provider === undefined) throw new BadRequestError("There is no such way to sign in here.");
  try {
    const address = await startSignIn(context, provider);
    const head = { title: `Sign in with ${provider.name}`, narrow: true, goesOnTo: address };
    return renderPage(context, head, () => (
      <div class="card">
        <h1>Going on to {provider.name}</h1>
        <p>
          If nothing happens, <a href={address}>go on to {provider.name}</a> yourself.
        </p>
      </div>
    ));
  } catch (error) {
    if (error instanceof ProviderError) return showFault(context, provider, error);
    throw error;
  }
}

interface Explanation {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  /** @param requestId by which the administrator finds the reason in the log */
  says(name: string, requestId: string): string;
}

const OVER: Explanation = {
  status: 400,
  title: "This sign-in is over",
  says: () =>
    "It was finished already, took longer than a quarter of an hour, or was started in another browser or tab. Nothing is lost: start it again.",
};

const FAULTS: Readonly<Record<ProviderFault, Explanation>> = {
  over: OVER,
  denied: {
    status: 400,
    title: "You are not signed in",
    says: (name) => `The sign-in was cancelled at ${name}, so we were not told who you are.`,
  },
  unavailable: {
    status: 503,
    title: "The sign-in does not work at the moment",
    says: (name, id) =>
      `${name} does not answer. Try again in a minute, or sign in another way. If it goes on, tell the administrator of this service; the request id is ${id}.`,
  },
  invalid: {
    status: 503,
    title: "The sign-in did not work",
    says: (name, id) =>
      `The answer of ${name} could not be verified, so nobody was signed in. Try again. If it happens once more, tell the administrator of this service; the request id is ${id}.`,
  },
  settings: {
    status: 503,
    title: "This way to sign in is not ready",
    says: (name, id) =>
      `The sign-in with ${name} is not completely set up. Please tell the administrator of this service; the request id is ${id}.`,
  },
};

/** Somebody who is signed in comes here with the back button, and needs nothing. */
async function showOver(context: PageContext): Promise<Response> {
  await runAs(context.var.connection, context.var.caller, []);
  if (context.var.connection.credential !== undefined) return showSignedIn(context);
  return showOutcome(context, OVER, <p>{OVER.says("", "")}</p>);
}

function showFault(
  context: PageContext,
  { name }: Provider,
  { fault }: ProviderError,
): Promise<Response> {
  if (fault === "over") return showOver(context);
  const explanation = FAULTS[fault];
  if (explanation.status === 503) context.header("Retry-After", "60");
  return showOutcome(context, explanation, <p>{explanation.says(name, context.var.requestId)}</p>);
}

function showUnidentified(
  context: PageContext,
  { name }: Provider,
  person: Unidentified,
): Promise<Response> {
  const title = "You are not signed in";
  return showOutcome(context, { status: 403, title }, <p>{whyUnidentified(name, person)}</p>);
}

function whyUnidentified(name: string, person: Unidentified): string {
  switch (person.lacks) {
    case "verification":
      return `${name} has not verified that ${person.email} is your address. Verify it there, and sign in again. If you cannot, ask the data manager of this registry for a sign-in link.`;
    case "email":
      return `${name} did not say your email address, by which this registry knows you. Allow it there, and sign in again. If you cannot, ask the data manager of this registry for a sign-in link.`;
    case "orcid":
      return `${name} did not say your ORCID iD, by which this registry knows you. Please tell the administrator of this service.`;
  }
}

/** Says what the data manager must enter. */
function showUnknown(
  context: PageContext,
  { name }: Provider,
  person: Identity,
): Promise<Response> {
  const [what, value] =
    person.knownBy === "email" ? ["email", person.email] : ["ORCID iD", person.orcid];
  return showOutcome(
    context,
    { status: 403, title: "You are not registered here yet" },
    <>
      <p>
        {name} says who you are, but this registry does not know you. Ask its data manager to let
        you in, and send this {what}, exactly as it stands here:
      </p>
      <code class="secret">{value}</code>
      <p>
        Are you registered with another account? Sign out at {name}, and sign in here again with
        that one.
      </p>
    </>,
  );
}

function showOutcome(
  context: PageContext,
  { status, title }: Pick<Explanation, "status" | "title">,
  text: Child,
): Promise<Response> {
  const body = () => <Outcome title={title}>{text}</Outcome>;
  return renderPage(context, { title, narrow: true }, body, { status });
}

const Outcome: FC<{ title: string; children?: Child }> = ({ title, children }) => (
  <section class="card">
    <h1>{title}</h1>
    {children}
    <p>
      <a class="button" href={PATHS.signIn}>
        Back to the sign-in
      </a>
    </p>
  </section>
);
