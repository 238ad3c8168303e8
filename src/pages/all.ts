import { accountPage } from "./account.tsx";
import { authorizePage } from "./authorize.tsx";
import type { Page } from "./page.tsx";
import { recordPages } from "./record/record-pages.ts";
import { signInPage, signOutPage } from "./sign-in.tsx";
import { tokensPage } from "./tokens.tsx";

/** Every page. */
export const pages: readonly Page[] = [
  signInPage,
  signOutPage,
  authorizePage,
  accountPage,
  tokensPage,
  ...recordPages,
];
