import { accountPage } from "./account.tsx";
import { authorizePage } from "./authorize.tsx";
import { callbackPages } from "./callback.tsx";
import { docsPage } from "./docs.tsx";
import { homePage } from "./home.tsx";
import type { Page } from "./page.tsx";
import { projectHistoryPage } from "./project/project-history.tsx";
import { projectPages } from "./project/project-page.tsx";
import { recordPages } from "./record/record-pages.ts";
import { listPages } from "./record-list.tsx";
import { signInPage, signOutPage } from "./sign-in.tsx";
import { robotsPage, sitemapPage, sitemapPartPage } from "./sitemap.ts";
import { subListPages } from "./sub-list.tsx";
import { tokensPage } from "./tokens.tsx";

/** Every page. */
export const pages: readonly Page[] = [
  homePage,
  ...listPages,
  signInPage,
  signOutPage,
  ...callbackPages,
  authorizePage,
  accountPage,
  tokensPage,
  docsPage,
  // Before the pages with an id in the place of their fixed words.
  ...recordPages,
  ...projectPages,
  projectHistoryPage,
  ...subListPages,
];

/** What programs read where pages are. */
export const files: readonly Page[] = [robotsPage, sitemapPage, sitemapPartPage];
