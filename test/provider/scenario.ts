// What a test asks of the faulty provider. It has no state: the issuer says how its documents are, and the code
// what the token endpoint answers for it.

/** How an endpoint answers in place of its right answer. */
export type Fault =
  /** Not at all. */
  | "silent"
  /** One byte a second, without an end. */
  | "dripping"
  /** With a megabyte of JSON. */
  | "huge"
  /** With a page for people. */
  | "html"
  /** With JSON that is cut off. */
  | "half"
  /** With JSON of another form. */
  | "list"
  /** With a redirect to where the right answer is. */
  | "redirect"
  | 500
  | 404;

/** How the documents of an issuer are. Each key stands in its address. */
export interface IssuerScenario {
  /** Tells apart two issuers that are otherwise alike. */
  readonly id: string;
  readonly discovery?: Fault;
  readonly jwks?: Fault;
  readonly userinfo?: Fault;
  /** The claims of who is signed in there: a browser comes back at once, through another origin. */
  readonly person?: Readonly<Record<string, unknown>>;
  /** What is different in the discovery document; null for what is absent. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What the token endpoint answers for a code. */
export interface CodeScenario {
  readonly token?: Fault;
  /** An error of the token endpoint, such as `invalid_grant`. */
  readonly error?: string;
  /** The claims of the ID token that are different; null for what is absent. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The same for the answer of the userinfo endpoint. */
  readonly userinfo?: Readonly<Record<string, unknown>>;
  /** How the ID token is signed; well when absent. */
  readonly signature?: "broken" | "of another key" | "none" | "with the client secret";
  readonly withoutIdToken?: boolean;
  /** What the browser was sent with: the ID token has its nonce, and PKCE holds for its challenge. */
  readonly nonce: string;
  readonly challenge: string;
}

/** Text that may stand in a path and in a query. */
export function encodeScenario(scenario: IssuerScenario | CodeScenario): string {
  const json = JSON.stringify(scenario).replace(
    /[^\x20-\x7e]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return btoa(json).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function decodeScenario(text: string): unknown {
  return JSON.parse(atob(text.replaceAll("-", "+").replaceAll("_", "/")));
}

export const CLIENT_ID = "session-registry";
export const CLIENT_SECRET = "client-secret-8d3f71b2";
/** What no log line and no page may have. */
export const ACCESS_TOKEN = "access-token-5c1e90aa";
