import { env } from "cloudflare:workers";
import { afterEach, describe, expect, inject, test, vi } from "vitest";
import {
  ACCESS_TOKEN,
  CLIENT_ID,
  CLIENT_SECRET,
  type CodeScenario,
  encodeScenario,
  type Fault,
  type IssuerScenario,
} from "../../provider/scenario.ts";
import {
  type Browser,
  buildBrowserSession,
  newBrowser,
  SESSION_COOKIE,
} from "../../support/browser.ts";
import { buildUser, unique } from "../../support/builders.ts";
import { ORIGIN } from "../../support/client.ts";
import { isThorough } from "../../support/thorough.ts";

// The sign-in through a provider, in the real Worker against a provider on loopback that answers whatever a
// test asks of it. test/browser has the round in a real browser against a provider that is in order.

const SIGN_IN = "/account/sign-in/";
const CALLBACK = "/account/callback/";
const ME = "/private/users/me/";
const TRANSACTION = "__Host-brainstem-oidc";

afterEach(() => {
  vi.restoreAllMocks();
});

const providerUrl = inject("providerUrl");

const issuerOf = (scenario: Omit<IssuerScenario, "id"> = {}) =>
  `${providerUrl}/${encodeScenario({ id: unique("issuer"), ...scenario })}`;

const variables = (issuer = issuerOf(), more: Partial<Cloudflare.Env> = {}) => ({
  OIDC_ISSUER: issuer,
  OIDC_CLIENT_ID: CLIENT_ID,
  OIDC_CLIENT_SECRET: CLIENT_SECRET,
  OIDC_NAME: "Lab login",
  ...more,
});

/** A sign-in under way: the browser, and what the provider was asked. */
interface Under {
  readonly browser: Browser;
  readonly address: URL;
  readonly state: string;
  readonly nonce: string;
  readonly challenge: string;
}

/** Presses the button of a provider. */
async function press(browser: Browser, provider = "1") {
  await browser.open(SIGN_IN);
  return browser.submit(SIGN_IN, { provider });
}

async function start(
  bindings: Partial<Cloudflare.Env> = variables(),
  { browser = newBrowser({ bindings }), provider = "1" } = {},
): Promise<Under> {
  const { text } = await press(browser, provider);
  const [, written = ""] = /http-equiv="refresh" content="0; url=([^"]+)"/.exec(text) ?? [];
  const address = new URL(written.replaceAll("&amp;", "&"));
  const { state = "", nonce = "", code_challenge = "" } = Object.fromEntries(address.searchParams);
  return { browser, address, state, nonce, challenge: code_challenge };
}

/** Comes back from the provider with a code. */
function comeBack(
  { browser, state, nonce, challenge }: Under,
  scenario: Partial<CodeScenario> = {},
  callback = CALLBACK,
) {
  const code = encodeScenario({ nonce, challenge, ...scenario });
  return browser.open(`${callback}?${new URLSearchParams({ code, state })}`);
}

const verified = (email: string) => ({ email, email_verified: true });

const sessionsOf = async ({ id }: { readonly id: string }) =>
  (await env.DB.prepare("SELECT way FROM browser_sessions WHERE user_id = ?").bind(id).all())
    .results;

const userCount = () => env.DB.prepare("SELECT count(*) AS n FROM users").first<number>("n");

/** What the Worker writes to its log from now on. */
function watchLog(): () => string {
  const lines: string[] = [];
  const keep = (...words: unknown[]) => void lines.push(words.join(" "));
  vi.spyOn(console, "error").mockImplementation(keep);
  vi.spyOn(console, "log").mockImplementation(keep);
  return () => lines.join("\n");
}

describe("the start of a sign-in", () => {
  test("sends the browser to the provider with all that the protocol asks for", async () => {
    const issuer = issuerOf();
    const { address, browser } = await start(variables(issuer));
    expect(address.origin + address.pathname).toBe(`${issuer}/authorize`);
    const { state, nonce, code_challenge, ...others } = Object.fromEntries(address.searchParams);
    for (const random of [state, nonce, code_challenge]) expect(random).toMatch(/^[\w-]{43}$/);
    expect(new Set([state, nonce, code_challenge]).size).toBe(3);
    expect(others).toEqual({
      tenant: "lab",
      client_id: CLIENT_ID,
      redirect_uri: `${ORIGIN}${CALLBACK}`,
      response_type: "code",
      scope: "openid email profile",
      code_challenge_method: "S256",
    });
    expect(browser.cookies.get(TRANSACTION)).toContain(state);
    expect(browser.cookies.has(SESSION_COOKIE)).toBe(false);
  });

  test("keeps the strict policy of every page, and its cookie to this browser and a quarter of an hour", async () => {
    const { headers, text } = await press(newBrowser({ bindings: variables() }));
    expect(headers.get("Content-Security-Policy")).toContain("form-action 'self';");
    expect(headers.getSetCookie().join()).toMatch(
      /__Host-brainstem-oidc=\S+; Max-Age=900; Path=\/; HttpOnly; Secure; SameSite=Lax/,
    );
    expect(text).not.toContain(CLIENT_SECRET);
  });

  test.each([
    ["another origin", {}, { Origin: "https://other.example" }],
    ["a page without a token", { form_token: "" }, {}],
  ])("is refused to a form of %s", async (_, fields, headers) => {
    const browser = newBrowser({ bindings: variables() });
    await browser.open(SIGN_IN);
    const answer = await browser.submit(SIGN_IN, { provider: "1", ...fields }, headers);
    expect(answer.status).toBe(403);
    expect(browser.cookies.has(TRANSACTION)).toBe(false);
  });

  test.each(["2", "0", "4", "", "1 "])(
    "at a provider %j that is not there is a 400",
    async (provider) => {
      const answer = await press(newBrowser({ bindings: variables() }), provider);
      expect(answer).toMatchObject({ status: 400, text: expect.stringContaining("no such way") });
    },
  );

  test("offers each provider by its name, and none when none is configured", async () => {
    const bindings = variables(issuerOf(), {
      OIDC_2_ISSUER: "https://orcid.org",
      OIDC_2_NAME: "ORCID",
    });
    const { text } = await newBrowser({ bindings }).open(SIGN_IN);
    expect(text.match(/Sign in with [^<]+/g)).toEqual([
      "Sign in with Lab login",
      "Sign in with ORCID",
    ]);
    expect((await newBrowser().open(SIGN_IN)).text).not.toContain("<form");
  });

  test.each([
    [{ OIDC_CLIENT_SECRET: "" }, "OIDC_CLIENT_SECRET is not set"],
    [{ OIDC_CLIENT_ID: "" }, "OIDC_CLIENT_ID is not set"],
    [{ OIDC_ISSUER: "http://login.lab.example" }, "OIDC_ISSUER is not an https:// address"],
  ])(
    "without a complete configuration (%j) says so, and the log says what is missing",
    async (more, reason) => {
      const log = watchLog();
      const answer = await press(newBrowser({ bindings: variables(issuerOf(), more) }));
      expect(answer).toMatchObject({ status: 503, text: expect.stringContaining("is not ready") });
      expect(log()).toContain(reason);
    },
  );
});

describe("a person whom the provider identifies", () => {
  test("is signed in as the user with the verified email, and the history says which way", async () => {
    const user = await buildUser();
    const answer = await comeBack(await start(), { claims: verified(user.email) });
    expect(answer).toMatchObject({ status: 303, location: ME });
    expect(await sessionsOf(user)).toEqual([{ way: "Lab login" }]);
    const changes = await env.DB.prepare("SELECT changes FROM history WHERE record_id = ?")
      .bind(user.id)
      .first<string>("changes");
    expect(JSON.parse(changes ?? "")).toMatchObject({ signed_in: { to: { way: "Lab login" } } });
  });

  test("comes back to the page that asked for the sign-in, and to this origin only", async () => {
    const user = await buildUser();
    for (const [next, location] of [
      ["/private/users/tokens/?a=b", "/private/users/tokens/?a=b"],
      ["https://other.example/", ME],
    ] as const) {
      const browser = newBrowser({ bindings: variables() });
      await browser.open(`${SIGN_IN}?next=${encodeURIComponent(next)}`);
      const answer = await comeBack(await start({}, { browser }), { claims: verified(user.email) });
      expect(answer.location).toBe(location);
    }
  });

  test("gets a new session, and the one that the browser had ends", async () => {
    const [before, after] = [await buildUser(), await buildUser()];
    const bindings = variables();
    const { browser, secret } = await buildBrowserSession(before, { bindings });
    browser.cookies.delete(SESSION_COOKIE);
    const under = await start(bindings, { browser });
    browser.cookies.set(SESSION_COOKIE, secret);
    await comeBack(under, { claims: verified(after.email) });
    expect(browser.cookies.get(SESSION_COOKIE)).not.toBe(secret);
    expect(await sessionsOf(before)).toEqual([]);
    expect(await sessionsOf(after)).toHaveLength(1);
  });

  test("may have the email in the userinfo instead of the ID token", async () => {
    const user = await buildUser();
    const answer = await comeBack(await start(), { userinfo: verified(user.email) });
    expect(answer.location).toBe(ME);
  });

  test.each([
    ["upper case", (email: string) => verified(email.toUpperCase())],
    ["a verification that is a text", (email: string) => ({ email, email_verified: "true" })],
  ])("is known by an email in %s", async (_, claims) => {
    const user = await buildUser();
    expect((await comeBack(await start(), { claims: claims(user.email) })).location).toBe(ME);
  });

  test.each([
    ["is not verified", (email: string) => ({ email, email_verified: false }), "has not verified"],
    ["is not said to be verified", (email: string) => ({ email }), "has not verified"],
    [
      "is verified with another text",
      (email: string) => ({ email, email_verified: "no" }),
      "has not verified",
    ],
    [
      "is verified with a number",
      (email: string) => ({ email, email_verified: 1 }),
      "has not verified",
    ],
    ["is absent", () => ({}), "did not say your email"],
    ["is a list", (email: string) => verified([email] as never), "did not say your email"],
    ["has a space behind", (email: string) => verified(`${email} `), "did not say your email"],
    ["has a line break", (email: string) => verified(`${email}\nx`), "did not say your email"],
    [
      "has an invisible character",
      (email: string) => verified(`\u200b${email}`),
      "did not say your email",
    ],
    ["is two", (email: string) => verified(`x@other.example,${email}`), "did not say your email"],
  ])(
    "is refused when the email %s, whether there is such a user or not",
    async (_, claims, words) => {
      const user = await buildUser();
      for (const email of [user.email, `${unique("nobody")}@lab.example`]) {
        const under = await start();
        const answer = await comeBack(under, { claims: claims(email) });
        expect(answer).toMatchObject({ status: 403, text: expect.stringContaining(words) });
        expect(under.browser.cookies.has(SESSION_COOKIE)).toBe(false);
      }
    },
  );

  test("is not known by an email whose lower case is another's", async () => {
    const name = unique("kay");
    await buildUser(`${name}@lab.example`);
    const claims = verified(`${name.replace("k", "\u212a")}@lab.example`);
    for (const more of [{}, { OIDC_CREATE_USERS: "lab.example" }]) {
      const users = await userCount();
      const answer = await comeBack(await start(variables(issuerOf(), more)), { claims });
      expect(answer.status).toBe(403);
      expect(await userCount()).toBe(users);
    }
  });

  test("takes no verification from the userinfo for the email of the ID token", async () => {
    const user = await buildUser();
    const answer = await comeBack(await start(), {
      claims: { email: user.email },
      userinfo: verified(user.email),
    });
    expect(answer.status).toBe(403);
  });

  test("needs no verification of a provider for which the operator vouches, but no denial either", async () => {
    const user = await buildUser();
    const bindings = variables(issuerOf(), { OIDC_TRUST_EMAIL: "true" });
    const email = user.email;
    expect((await comeBack(await start(bindings), { claims: { email } })).location).toBe(ME);
    const claims = { email, email_verified: false };
    expect((await comeBack(await start(bindings), { claims })).status).toBe(403);
  });

  test("who is deactivated is refused", async () => {
    const user = await buildUser();
    await env.DB.prepare("UPDATE users SET is_active = 0 WHERE id = ?").bind(user.id).run();
    const bindings = variables(issuerOf(), { OIDC_CREATE_USERS: "lab.example" });
    const under = await start(bindings);
    const answer = await comeBack(under, { claims: verified(user.email) });
    expect(answer).toMatchObject({
      status: 400,
      text: expect.stringContaining("has been deactivated"),
    });
    expect(await sessionsOf(user)).toEqual([]);
    expect(under.browser.cookies.has(TRANSACTION)).toBe(false);
  });
});

describe("a person whom nobody has entered", () => {
  test("is told what the data manager must enter", async () => {
    const email = `${unique("new")}@lab.example`;
    const users = await userCount();
    const under = await start();
    const answer = await comeBack(under, { claims: verified(email) });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain("not registered here yet");
    expect(answer.text).toContain(`>${email}</code>`);
    expect(under.browser.cookies.has(SESSION_COOKIE)).toBe(false);
    expect(await userCount()).toBe(users);
  });

  test("becomes a user when the operator lets the domain in, once", async () => {
    const email = `${unique("new")}@lab.example`;
    const bindings = variables(issuerOf(), { OIDC_CREATE_USERS: "other.example, Lab.Example" });
    const claims = { ...verified(email), given_name: "Ada", family_name: "Lovelace" };
    const answers = await Promise.all(
      [1, 2, 3].map(async () => comeBack(await start(bindings), { claims })),
    );
    expect(answers.map(({ location }) => location)).toEqual([ME, ME, ME]);
    const { results: users } = await env.DB.prepare("SELECT * FROM users WHERE email = ?")
      .bind(email)
      .all<Record<string, string>>();
    expect(users).toMatchObject([
      { first_name: "Ada", last_name: "Lovelace", orcid_id: "", sign_in_orcid: null },
    ]);
    const id = users[0]?.id ?? "";
    expect(await sessionsOf({ id })).toHaveLength(3);
    const { results } = await env.DB.prepare(
      "SELECT action, user_id FROM history WHERE record_id = ? ORDER BY id",
    )
      .bind(id)
      .all();
    expect(results[0]).toEqual({ action: "create", user_id: id });
    expect(results.filter(({ action }) => action === "create")).toHaveLength(1);
  });

  test("becomes a user without names that no profile can have", async () => {
    const email = `${unique("new")}@lab.example`;
    const bindings = variables(issuerOf(), { OIDC_CREATE_USERS: "lab.example" });
    const claims = { ...verified(email), given_name: "x".repeat(151), family_name: "L" };
    expect((await comeBack(await start(bindings), { claims })).location).toBe(ME);
    const found = await env.DB.prepare("SELECT first_name, last_name FROM users WHERE email = ?")
      .bind(email)
      .first();
    expect(found).toEqual({ first_name: "", last_name: "" });
  });

  test.each([
    ["lab.example", "x@sub.lab.example"],
    ["lab.example", "x@lab.example.other.example"],
    ["lab.example", "x@notlab.example"],
    ["sub.lab.example", "x@lab.example"],
    ["*", "x@lab.example"],
    ["", "x@lab.example"],
  ])("stays unknown when %j does not have the domain of %s", async (domains, email) => {
    const users = await userCount();
    const bindings = variables(issuerOf(), { OIDC_CREATE_USERS: domains });
    expect((await comeBack(await start(bindings), { claims: verified(email) })).status).toBe(403);
    expect(await userCount()).toBe(users);
  });

  test("stays unknown when the email is not verified, whatever the domain", async () => {
    const users = await userCount();
    const bindings = variables(issuerOf(), { OIDC_CREATE_USERS: "lab.example" });
    const claims = { email: `${unique("new")}@lab.example` };
    expect((await comeBack(await start(bindings), { claims })).status).toBe(403);
    expect(await userCount()).toBe(users);
  });
});

describe("a person with an ORCID iD", () => {
  const byOrcid = () =>
    variables(issuerOf(), { OIDC_KNOWN_BY: "orcid", OIDC_CREATE_USERS: "lab.example" });

  const enter = (user: { readonly id: string }, orcid: string | null) =>
    env.DB.prepare("UPDATE users SET sign_in_orcid = ? WHERE id = ?").bind(orcid, user.id).run();

  test("is known by the iD that the operator entered, and by no email", async () => {
    const [user, other] = [await buildUser(), await buildUser()];
    await enter(user, "0000-0002-1825-0097");
    for (const sub of ["0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"]) {
      const claims = { sub, ...verified(other.email) };
      expect((await comeBack(await start(byOrcid()), { claims })).location).toBe(ME);
    }
    expect(await sessionsOf(user)).toHaveLength(2);
    expect(await sessionsOf(other)).toEqual([]);
    await enter(user, null);
  });

  test("is not known by the iD that somebody writes into a profile", async () => {
    const user = await buildUser();
    const path = `/api/private/users/user/${user.id}/`;
    expect((await user.client.patch(path, { orcid_id: "0000-0001-5109-3700" })).status).toBe(200);
    const sent = await user.client.patch(path, { sign_in_orcid: "0000-0001-5109-3700" });
    expect(sent).toMatchObject({ status: 400, body: { sign_in_orcid: [expect.any(String)] } });
    const answer = await comeBack(await start(byOrcid()), {
      claims: { sub: "0000-0001-5109-3700" },
    });
    expect(answer).toMatchObject({
      status: 403,
      text: expect.stringContaining(">0000-0001-5109-3700</code>"),
    });
    expect(await sessionsOf(user)).toEqual([]);
  });

  test.each(["subject-1", "0000-0002-1825-0098", "", "0000-0002-1825-009"])(
    "is nobody with the subject %j",
    async (sub) => {
      const answer = await comeBack(await start(byOrcid()), {
        claims: { sub: sub === "" ? "-" : sub },
      });
      expect(answer).toMatchObject({
        status: 403,
        text: expect.stringContaining("did not say your ORCID iD"),
      });
    },
  );
});

describe("a provider that is not in order", () => {
  /** What is different, and the sentence of the page. */
  const cases: readonly (readonly [
    string,
    { readonly issuer?: Omit<IssuerScenario, "id">; readonly code?: Partial<CodeScenario> },
  ])[] = [
    ["signs with another key", { code: { signature: "of another key" } }],
    ["breaks the signature", { code: { signature: "broken" } }],
    ["does not sign", { code: { signature: "none" } }],
    [
      "does not sign, and says that it need not",
      {
        issuer: { metadata: { id_token_signing_alg_values_supported: ["none"] } },
        code: { signature: "none" },
      },
    ],
    [
      "signs with the client secret",
      {
        issuer: { metadata: { id_token_signing_alg_values_supported: ["HS256", "RS256"] } },
        code: { signature: "with the client secret" },
      },
    ],
    ["has a token of another issuer", { code: { claims: { iss: "https://other.example" } } }],
    ["has a token for another client", { code: { claims: { aud: "another" } } }],
    ["has a token for two clients", { code: { claims: { aud: [CLIENT_ID, "another"] } } }],
    [
      "has a token of another party",
      { code: { claims: { aud: [CLIENT_ID, "another"], azp: "another" } } },
    ],
    ["has an expired token", { code: { claims: { exp: Math.floor(Date.now() / 1000) - 120 } } }],
    [
      "has a token of tomorrow",
      { code: { claims: { nbf: Math.floor(Date.now() / 1000) + 86_400 } } },
    ],
    ["has a token without an end", { code: { claims: { exp: null } } }],
    ["has a token with another nonce", { code: { claims: { nonce: "x".repeat(43) } } }],
    ["has a token without a nonce", { code: { claims: { nonce: null } } }],
    ["has a token without a subject", { code: { claims: { sub: null } } }],
    ["has no ID token", { code: { withoutIdToken: true } }],
    ["knows the client not", { code: { error: "invalid_client" } }],
    [
      "tells of another person in the userinfo",
      { code: { claims: { email: null }, userinfo: { sub: "subject-2" } } },
    ],
    ["has no keys", { issuer: { metadata: { jwks_uri: null } } }],
    ["has keys without encryption", { issuer: { metadata: { jwks_uri: "http://keys.example/" } } }],
    [
      "has a token endpoint without encryption",
      { issuer: { metadata: { token_endpoint: "http://token.example/" } } },
    ],
    ["has no token endpoint", { issuer: { metadata: { token_endpoint: null } } }],
    ...(["huge", "html", "half", "list", "redirect", 404, 500] as const).flatMap((fault: Fault) => [
      [`answers ${fault} for a token`, { code: { token: fault } }] as const,
      [`answers ${fault} for its keys`, { issuer: { jwks: fault } }] as const,
      [
        `answers ${fault} for the userinfo`,
        { issuer: { userinfo: fault }, code: { claims: { email: null } } },
      ] as const,
    ]),
  ];

  test.each(cases)(
    "and %s signs nobody in, says so on a page, and leaves no secret in the log",
    async (_, { issuer, code }) => {
      const log = watchLog();
      const user = await buildUser();
      const bindings = variables(issuerOf(issuer));
      const under = await start(bindings);
      const { verifier } = {
        verifier: under.browser.cookies.get(TRANSACTION)?.split(".")[2] ?? "none",
      };
      const claims = { ...verified(user.email), ...code?.claims };
      const userinfo = { ...verified(user.email), ...code?.userinfo };
      const answer = await comeBack(under, { ...code, claims, userinfo });
      expect(answer.status).toBe(503);
      expect(answer.text).toMatch(/could not be verified|does not answer/);
      expect(answer.text).toContain("Lab login");
      expect(under.browser.cookies.has(SESSION_COOKIE)).toBe(false);
      expect(under.browser.cookies.has(TRANSACTION)).toBe(false);
      expect(await sessionsOf(user)).toEqual([]);
      expect(log()).toMatch(/"signIn":"Lab login".+"reason":"[^"]/);
      for (const secret of [
        CLIENT_SECRET,
        ACCESS_TOKEN,
        verifier,
        under.state,
        under.nonce,
        user.email,
        "eyJhbGciOi",
      ]) {
        expect(log() + answer.text).not.toContain(secret);
      }
    },
  );

  test.each<[string, Omit<IssuerScenario, "id">]>([
    ["has a discovery of another issuer", { metadata: { issuer: "https://other.example" } }],
    ["has no authorization endpoint", { metadata: { authorization_endpoint: null } }],
    [
      "has an authorization endpoint that is a script",
      { metadata: { authorization_endpoint: "javascript:alert(1)" } },
    ],
    [
      "has one without encryption",
      { metadata: { authorization_endpoint: "http://other.example/" } },
    ],
    ...(["huge", "html", "half", "list", "redirect", 404, 500] as const).map(
      (fault): [string, Omit<IssuerScenario, "id">] => [
        `answers ${fault} for its discovery`,
        { discovery: fault },
      ],
    ),
  ])("and %s sends nobody anywhere", async (_, issuer) => {
    const log = watchLog();
    const browser = newBrowser({ bindings: variables(issuerOf(issuer)) });
    const answer = await press(browser);
    expect(answer.status).toBe(503);
    expect(answer.text).toMatch(/could not be verified|does not answer/);
    expect(answer.text).not.toContain("http-equiv");
    expect(browser.cookies.has(TRANSACTION)).toBe(false);
    expect(log()).toContain('"signIn":"Lab login"');
  });

  test("and is down has a page, with the other ways to sign in", async () => {
    const answer = await press(newBrowser({ bindings: variables("http://127.0.0.1:1/realm") }));
    expect(answer).toMatchObject({
      status: 503,
      text: expect.stringContaining("Lab login does not answer"),
    });
    expect(answer.headers.get("Retry-After")).toBe("60");
    expect(answer.text).toContain(SIGN_IN);
  });

  // Ten seconds pass before the service gives up.
  test.runIf(isThorough)(
    "and answers too slowly has a page, too",
    { timeout: 30_000 },
    async () => {
      const user = await buildUser();
      const claims = verified(user.email);
      const slow = async (issuer: Omit<IssuerScenario, "id">, code: Partial<CodeScenario> = {}) =>
        comeBack(await start(variables(issuerOf(issuer))), { claims, ...code });
      const answers = await Promise.all([
        press(newBrowser({ bindings: variables(issuerOf({ discovery: "silent" })) })),
        press(newBrowser({ bindings: variables(issuerOf({ discovery: "dripping" })) })),
        slow({}, { token: "silent" }),
        slow({}, { token: "dripping" }),
        slow({ jwks: "silent" }),
        slow({ userinfo: "dripping" }, { claims: {} }),
      ]);
      for (const { status, text } of answers) {
        expect(status).toBe(503);
        expect(text).toContain("does not answer");
      }
      expect(await sessionsOf(user)).toEqual([]);
    },
  );

  test("is asked again once it is in order: a failure is not kept", async () => {
    const user = await buildUser();
    const claims = verified(user.email);
    const bindings = variables(issuerOf());
    expect((await comeBack(await start(bindings), { claims, token: 500 })).status).toBe(503);
    expect((await comeBack(await start(bindings), { claims })).location).toBe(ME);
  });
});

describe("what the service asks a provider", () => {
  test("is what its discovery names, and the discovery and the keys are kept", async () => {
    const user = await buildUser();
    const issuer = issuerOf();
    const asked = vi.spyOn(globalThis, "fetch");
    for (const scenario of [{ claims: verified(user.email) }, { userinfo: verified(user.email) }]) {
      expect((await comeBack(await start(variables(issuer)), scenario)).location).toBe(ME);
    }
    expect(asked.mock.calls.map(([address]) => String(address).slice(issuer.length))).toEqual([
      "/.well-known/openid-configuration",
      "/token",
      "/jwks",
      "/token",
      "/userinfo",
    ]);
    for (const [, init] of asked.mock.calls) expect(init).toMatchObject({ redirect: "manual" });
  });

  test("is nothing before somebody presses its button, and nothing for a stranger's callback", async () => {
    const asked = vi.spyOn(globalThis, "fetch");
    const browser = newBrowser({ bindings: variables() });
    await browser.open(SIGN_IN);
    await browser.open(`${CALLBACK}?code=x&state=y`);
    expect(asked).not.toHaveBeenCalled();
  });
});

describe("the way back", () => {
  test.each([
    ["access_denied", 400, "was cancelled at Lab login"],
    ["temporarily_unavailable", 503, "does not answer"],
    ["server_error", 503, "does not answer"],
    ["<script>alert(1)</script>", 503, "could not be verified"],
    ["invalid_scope", 503, "could not be verified"],
  ])("with the error %s has a page in plain words", async (error, status, words) => {
    const log = watchLog();
    const { browser, state } = await start();
    const query = new URLSearchParams({ error, state, error_description: "<b>Call 555-0100</b>" });
    const answer = await browser.open(`${CALLBACK}?${query}`);
    expect(answer).toMatchObject({ status, text: expect.stringContaining(words) });
    expect(answer.text + log()).not.toMatch(/<script|alert|555-0100/);
  });

  test("works once: with the back button there is a plain page", async () => {
    const user = await buildUser();
    const under = await start();
    expect((await comeBack(under, { claims: verified(user.email) })).location).toBe(ME);
    const again = await comeBack(under, { claims: verified(user.email) });
    expect(again).toMatchObject({
      status: 200,
      text: expect.stringContaining("You are signed in"),
    });
    under.browser.cookies.delete(SESSION_COOKIE);
    const later = await comeBack(under, { claims: verified(user.email) });
    expect(later).toMatchObject({
      status: 400,
      text: expect.stringContaining("This sign-in is over"),
    });
    expect(await sessionsOf(user)).toHaveLength(1);
  });

  test("with a code that was used already says that the sign-in is over", async () => {
    const answer = await comeBack(await start(), { error: "invalid_grant" });
    expect(answer).toMatchObject({
      status: 400,
      text: expect.stringContaining("This sign-in is over"),
    });
  });

  const strange: readonly (readonly [string, (own: Under, others: Under) => string])[] = [
    ["the state of another browser", (_, others) => others.state],
    ["no state", () => ""],
    ["a state of its own making", () => "x".repeat(43)],
  ];

  test.each(strange)(
    "with %s signs nobody in: no link makes a browser another's",
    async (_, stateOf) => {
      const attacker = await buildUser();
      const [own, others] = [await start(), await start()];
      const state = stateOf(own, others);
      const code = encodeScenario({
        nonce: others.nonce,
        challenge: others.challenge,
        claims: verified(attacker.email),
      });
      for (const browser of [own.browser, newBrowser({ bindings: variables() })]) {
        const answer = await browser.open(
          `${CALLBACK}?${new URLSearchParams({ code, ...(state && { state }) })}`,
        );
        expect(answer).toMatchObject({
          status: 400,
          text: expect.stringContaining("This sign-in is over"),
        });
        expect(browser.cookies.has(SESSION_COOKIE)).toBe(false);
      }
      expect(await sessionsOf(attacker)).toEqual([]);
      // The sign-in that is under way is not disturbed.
      expect(own.browser.cookies.has(TRANSACTION)).toBe(true);
    },
  );

  test("with a code that was made for another browser signs nobody in", async () => {
    const attacker = await buildUser();
    const [own, others] = [await start(), await start()];
    const claims = verified(attacker.email);
    const substituted = await comeBack(own, {
      claims,
      nonce: others.nonce,
      challenge: others.challenge,
    });
    expect(substituted.status).toBe(503);
    const again = await start();
    expect((await comeBack(again, { claims, nonce: others.nonce })).status).toBe(503);
    expect(await sessionsOf(attacker)).toEqual([]);
  });

  test("of one provider finishes no sign-in of another", async () => {
    const user = await buildUser();
    const [one, two] = [issuerOf(), issuerOf()];
    const bindings = {
      ...variables(one),
      OIDC_2_ISSUER: two,
      OIDC_2_CLIENT_ID: CLIENT_ID,
      OIDC_2_CLIENT_SECRET: CLIENT_SECRET,
    };
    const first = await start(bindings);
    const mixed = await comeBack(first, { claims: verified(user.email) }, "/account/callback/2/");
    expect(mixed).toMatchObject({
      status: 400,
      text: expect.stringContaining("This sign-in is over"),
    });
    const second = await start(bindings, { provider: "2" });
    expect(second.address.searchParams.get("redirect_uri")).toBe(`${ORIGIN}/account/callback/2/`);
    const answer = await comeBack(second, { claims: verified(user.email) }, "/account/callback/2/");
    expect(answer.location).toBe(ME);
  });

  test("of an issuer that was replaced meanwhile finishes nothing", async () => {
    const user = await buildUser();
    const under = await start();
    const browser = newBrowser({ bindings: variables() });
    for (const [name, value] of under.browser.cookies) browser.cookies.set(name, value);
    const answer = await comeBack({ ...under, browser }, { claims: verified(user.email) });
    expect(answer).toMatchObject({
      status: 400,
      text: expect.stringContaining("This sign-in is over"),
    });
  });

  test("with the wrong iss is refused, and one that is missing where the provider sends it", async () => {
    const metadata = { authorization_response_iss_parameter_supported: true };
    const issuer = issuerOf({ metadata });
    const user = await buildUser();
    for (const [iss, location] of [
      [undefined, undefined],
      ["https://other.example", undefined],
      [issuer, ME],
    ] as const) {
      const { browser, state, nonce, challenge } = await start(variables(issuer));
      const code = encodeScenario({ nonce, challenge, claims: verified(user.email) });
      const query = new URLSearchParams({ code, state, ...(iss && { iss }) });
      expect((await browser.open(`${CALLBACK}?${query}`)).location).toBe(location);
    }
  });

  test.each(["code=a&code=b", "id_token=x&code=a", "response=x", "", "code="])(
    "with the query %j is a page and no 500",
    async (query) => {
      const { browser, state } = await start();
      const answer = await browser.open(`${CALLBACK}?${query}&state=${state}`);
      expect(answer.status).toBe(503);
      expect(answer.text).toContain("could not be verified");
    },
  );

  test("is a plain page where no provider is configured, with any cookie", async () => {
    for (const cookie of [undefined, "x", "a.b.c.d", "é".repeat(5)]) {
      const browser = newBrowser();
      if (cookie !== undefined) browser.cookies.set(TRANSACTION, encodeURIComponent(cookie));
      const answer = await browser.open(`${CALLBACK}?code=a&state=b`);
      expect(answer).toMatchObject({
        status: 400,
        text: expect.stringContaining("This sign-in is over"),
      });
    }
  });
});
