import { dropCookie, readCookie } from "../auth/cookies.ts";
import { readReturnAddress } from "../auth/return-address.ts";
import { PATHS } from "./layout.tsx";
import { goTo, originOf, type PageContext, renderPage } from "./page.tsx";

/** Sends a person who has just signed in to the page that asked for it, else to the account. */
export function continueAfterSignIn(context: PageContext): Response {
  const next = readReturnAddress(readCookie(context, "next"), originOf(context));
  dropCookie(context, "next");
  return goTo(context, next ?? PATHS.me);
}

/** Tells a person who opens a page of the sign-in that there is nothing to do. */
export function showSignedIn(context: PageContext): Promise<Response> {
  return renderPage(context, { title: "Sign in", narrow: true }, () => (
    <div class="card">
      <h1>You are signed in</h1>
      <p>
        <a class="button" href={PATHS.me}>
          Go to your account
        </a>
      </p>
    </div>
  ));
}
