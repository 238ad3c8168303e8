import type { Child, FC } from "hono/jsx";
import { signInWithLink, signOut } from "../auth/browser-session.ts";
import { writeCookie } from "../auth/cookies.ts";
import { readProviders } from "../auth/oidc/settings.ts";
import { readReturnAddress } from "../auth/return-address.ts";
import { runAs } from "../db/access.ts";
import { findLink } from "../models/account/sign-in-link.ts";
import { toInstant } from "../values/instant.ts";
import { hashToken } from "../values/token.ts";
import { continueAfterSignIn, showSignedIn } from "./after-sign-in.tsx";
import { goToProvider } from "./callback.tsx";
import { Flash, FormToken, PATHS } from "./layout.tsx";
import { goTo, originOf, type Page, type PageContext, renderPage } from "./page.tsx";

/**
 * The sign-in. A `GET` never signs in and never uses a link up, because mail scanners and previews open links:
 * the button of the page does.
 */
export const signInPage: Page = {
  path: "/account/sign-in",
  access: "anyone",
  get: (context) => {
    const link = context.req.query("link");
    return link === undefined ? showWaysIn(context) : showLink(context, link);
  },
  post: async (context, form) => {
    const provider = form.get("provider");
    if (provider !== null) return goToProvider(context, provider);
    await signInWithLink(context, form.get("link") ?? "");
    return continueAfterSignIn(context);
  },
};

const HEAD = {
  title: "Sign in",
  description: "Sign in to the session registry.",
  narrow: true,
} as const;

async function showWaysIn(context: PageContext): Promise<Response> {
  await runAs(context.var.connection, context.var.caller, []);
  const next = readReturnAddress(context.req.query("next"), originOf(context));
  const { credential } = context.var.connection;
  if (credential !== undefined) {
    return next === undefined ? showSignedIn(context) : goTo(context, next);
  }
  // The person may sign in with a link in another tab, which then goes on to the page that was asked for.
  if (next !== undefined) writeCookie(context, "next", next);
  const providers = readProviders(context.env);
  return renderPage(
    context,
    HEAD,
    (token) => (
      <>
        {context.req.query("signed-out") !== undefined && <Flash title="You are signed out." />}
        <div class="card">
          <h1>Sign in</h1>
          {next !== undefined && <p>Sign in to go on to the page that you asked for.</p>}
          {providers.length > 0 && (
            <form class="stack" method="post" action={PATHS.signIn}>
              <FormToken value={token} />
              {providers.map(({ number, name }) => (
                <button type="submit" name="provider" value={String(number)}>
                  Sign in with {name}
                </button>
              ))}
            </form>
          )}
          <WayIn title="With a link from your administrator">
            <p>
              Open the sign-in link in this browser. The administrator of this service makes one for
              you; it works once. On your own machine, <code>npm start</code> prints one.
            </p>
          </WayIn>
        </div>
      </>
    ),
    { forms: providers.length > 0 },
  );
}

const WayIn: FC<{ title: string; children?: Child }> = ({ title, children }) => (
  <section class="stack">
    <h2>{title}</h2>
    {children}
  </section>
);

async function showLink(context: PageContext, link: string): Promise<Response> {
  const { connection, caller } = context.var;
  const statement = findLink(await hashToken(link), toInstant(new Date()));
  const [[found] = []] = await runAs(connection, caller, [statement]);
  const { credential } = connection;
  const before = credential?.kind === "browser-session" ? credential.userName : undefined;
  if (found?.fault != null) {
    return renderPage(
      context,
      HEAD,
      () => (
        <div class="card">
          <h1>This link does not work</h1>
          <p role="alert">{String(found.fault)}</p>
          <p>
            <a href={PATHS.signIn}>Other ways to sign in</a>
          </p>
        </div>
      ),
      { status: 400 },
    );
  }
  const name = String(found?.userName);
  return renderPage(
    context,
    HEAD,
    (token) => (
      <form class="card" method="post" action={PATHS.signIn}>
        <h1>Sign in as {name}</h1>
        {before === undefined ? (
          <p>This link works once. It signs you in on this browser for 30 days.</p>
        ) : (
          <p>You are signed in as {before} now. This signs you out there first.</p>
        )}
        <FormToken value={token} />
        <input type="hidden" name="link" value={link} />
        <div class="actions wide">
          <button type="submit">Sign in as {name}</button>
        </div>
        <p class="quiet">Not you? Close this page, and nothing happens.</p>
      </form>
    ),
    { forms: true },
  );
}

/** The sign-out: of this browser, or with `everywhere` of every browser. Tokens stay. */
export const signOutPage: Page = {
  path: "/account/sign-out",
  access: "anyone",
  post: async (context, form) => {
    await signOut(context, form.has("everywhere"));
    // Pages that the browser keeps for its back button show private records.
    context.header("Clear-Site-Data", '"cache"');
    return goTo(context, `${PATHS.signIn}?signed-out`);
  },
};
