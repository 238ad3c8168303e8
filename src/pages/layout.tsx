import type { Child, FC } from "hono/jsx";
import { FORM_TOKEN } from "../auth/form.ts";
import { MARK, STYLESHEET } from "./assets.ts";
import { type StructuredData, StructuredDataScript } from "./structured-data.tsx";

/** The title and the description of a page, and how wide its text is. */
export interface Head {
  readonly title: string;
  readonly description?: string;
  /** A column for one box, in place of the full width. */
  readonly narrow?: boolean;
  /** More than the usual width, for tables. */
  readonly wide?: boolean;
  /** Set for a page that search engines do not show. */
  readonly noIndex?: boolean;
  /** The one address of the page for search engines, when it has several. */
  readonly canonical?: string;
  /** The addresses of the scripts of the page. */
  readonly scripts?: readonly string[];
  /** What the page is about, for search engines, in the words of schema.org. */
  readonly structuredData?: StructuredData;
  /** The address to which the browser goes on by itself. */
  readonly goesOnTo?: string;
}

/** Who looks at the page, as far as the page knows. */
export interface Viewer {
  /** The name of who is signed in. */
  readonly userName?: string;
  /** The token of the forms on the page; absent on a page without forms. */
  readonly formToken?: string;
  /** The path of the page. */
  readonly path: string;
  /** Set where it is not known whether anybody is signed in. */
  readonly isUnknown: boolean;
}

export const SERVICE = "BrainSTEM";

export const PATHS = {
  home: "/",
  signIn: "/account/sign-in/",
  signOut: "/account/sign-out/",
  authorize: "/account/authorize/",
  me: "/private/users/me/",
  tokens: "/private/users/tokens/",
  docs: "/api/docs/",
} as const;

/** The links at the top of every page, for those who are signed in and for the others. */
const NAVIGATION = {
  signedIn: [
    { path: "/private/stem/session/", label: "Sessions" },
    { path: "/private/stem/project/", label: "Projects" },
    { path: PATHS.me, label: "Account" },
    { path: PATHS.tokens, label: "Tokens" },
  ],
  others: [
    { path: "/public/stem/session/", label: "Sessions" },
    { path: "/public/stem/project/", label: "Projects" },
  ],
} as const satisfies Record<string, readonly { path: string; label: string }[]>;

/** The frame of every page. */
export const Layout: FC<{ head: Head; viewer: Viewer; children?: Child }> = ({
  head,
  viewer,
  children,
}) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <title>{`${head.title} · ${SERVICE}`}</title>
      {head.goesOnTo !== undefined && (
        <meta http-equiv="refresh" content={`0; url=${head.goesOnTo}`} />
      )}
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      {head.description !== undefined && <meta name="description" content={head.description} />}
      {head.noIndex === true && <meta name="robots" content="noindex" />}
      {head.canonical !== undefined && <link rel="canonical" href={head.canonical} />}
      <link rel="icon" href={MARK.address} type="image/svg+xml" />
      <link rel="stylesheet" href={STYLESHEET.address} />
      {head.scripts?.map((address) => (
        <script src={address} defer />
      ))}
      {head.structuredData !== undefined && <StructuredDataScript data={head.structuredData} />}
    </head>
    <body>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <Top viewer={viewer} />
      <main id="content" class={widthOf(head)}>
        {children}
      </main>
      <footer>
        <span>A session registry for neuroscience</span>
        <a href={PATHS.docs}>API reference</a>
      </footer>
    </body>
  </html>
);

const widthOf = ({ narrow, wide }: Head) => (narrow ? "narrow" : wide ? "wide" : undefined);

const Top: FC<{ viewer: Viewer }> = ({ viewer }) => {
  const { userName, path } = viewer;
  const links = userName === undefined ? NAVIGATION.others : NAVIGATION.signedIn;
  return (
    <header class="top">
      <div class="top-inner">
        <a class="brand" href={PATHS.home}>
          <img src={MARK.address} alt="" width="28" height="28" />
          {SERVICE}
        </a>
        <nav aria-label="Main">
          <ul>
            {links.map(({ path: target, label }) => (
              <li>
                <a href={target} aria-current={path === target ? "page" : undefined}>
                  {label}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <Who viewer={viewer} />
      </div>
    </header>
  );
};

const Who: FC<{ viewer: Viewer }> = ({ viewer: { userName, formToken, path, isUnknown } }) => {
  if (userName !== undefined) {
    return (
      <div class="who person">
        <span class="who-name">{userName}</span>
        {formToken !== undefined && (
          <form method="post" action={PATHS.signOut}>
            <FormToken value={formToken} />
            <button class="text" type="submit">
              Sign out
            </button>
          </form>
        )}
      </div>
    );
  }
  if (isUnknown || path === PATHS.signIn) return null;
  return (
    <div class="who">
      <a href={PATHS.signIn}>Sign in</a>
    </div>
  );
};

/** The hidden field that every form of a page has. */
export const FormToken: FC<{ value: string }> = ({ value }) => (
  <input type="hidden" name={FORM_TOKEN} value={value} />
);

/** A message at the top of a page: what has just been done, or what went wrong. */
export const Flash: FC<{ title: string; error?: boolean; children?: Child }> = ({
  title,
  error,
  children,
}) => (
  <div class={error === true ? "flash error" : "flash"} role={error === true ? "alert" : "status"}>
    <strong>{title}</strong>
    {children}
  </div>
);

/**
 * An instant for people, in UTC: `24 Nov 2026, 12:05 UTC`, or with `day` without the time.
 *
 * @param instant an instant in its stored form
 */
export const When: FC<{ instant: string; day?: boolean }> = ({ instant, day }) => {
  const date = new Date(`${instant}Z`);
  const text = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  const time = `, ${date.toISOString().slice(11, 16)} UTC`;
  return (
    <time dateTime={`${date.toISOString().slice(0, 19)}Z`}>
      {day === true ? text : text + time}
    </time>
  );
};

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
