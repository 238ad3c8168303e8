import type { Page } from "./page.tsx";
import { signInPage, signOutPage } from "./sign-in.tsx";

/** Every page. */
export const pages: readonly Page[] = [signInPage, signOutPage];
