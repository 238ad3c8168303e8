import { accountPage } from "./account.tsx";
import { authorizePage } from "./authorize.tsx";
import { docsPage } from "./docs.tsx";
import type { Page } from "./page.tsx";
import { projectHistoryPage } from "./project/project-history.tsx";
import { projectPages } from "./project/project-page.tsx";
import { signInPage, signOutPage } from "./sign-in.tsx";
import { tokensPage } from "./tokens.tsx";

/** Every page. */
export const pages: readonly Page[] = [
  signInPage,
  signOutPage,
  authorizePage,
  accountPage,
  tokensPage,
  docsPage,
  ...projectPages,
  projectHistoryPage,
];
