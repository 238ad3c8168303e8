import { accountPage } from "./account.tsx";
import { authorizePage } from "./authorize.tsx";
import { callbackPages } from "./callback.tsx";
import type { Page } from "./page.tsx";
import { signInPage, signOutPage } from "./sign-in.tsx";
import { tokensPage } from "./tokens.tsx";

/** Every page. */
export const pages: readonly Page[] = [
  signInPage,
  signOutPage,
  ...callbackPages,
  authorizePage,
  accountPage,
  tokensPage,
];
