import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { daysAfter } from "../../../src/values/instant.ts";
import { type Browser, buildBrowserSession } from "../../support/browser.ts";
import { type BuiltUser, buildUser } from "../../support/builders.ts";
import { clientFor, ORIGIN } from "../../support/client.ts";

const DEVICE = "/api/auth/device/";
const POLL = "/api/auth/device/token/";
const AUTHORIZE = "/account/authorize/";
const SESSIONS = "/api/private/stem/session/";

const program = clientFor();

let addresses = 0;

/** An address that no other test has used: requests that wait are counted for each. */
const newAddress = () => {
  addresses += 1;
  return `192.0.2.${addresses}`;
};

interface Begun {
  readonly session_id: string;
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri_complete: string;
}

const begin = async (body: unknown = { client_name: "brainstem-python" }, address = newAddress()) =>
  program.send("POST", DEVICE, body, { "CF-Connecting-IP": address });

const begun = async (...args: Parameters<typeof begin>): Promise<Begun> =>
  (await begin(...args)).body;

const poll = async (device_code: unknown) => {
  const answer = await program.post(POLL, { device_code });
  expect(answer.status).toBe(200);
  return answer.body;
};

let user: BuiltUser;
let browser: Browser;

beforeEach(async () => {
  user = await buildUser();
  ({ browser } = await buildBrowserSession(user));
});

const decide = async (by: Browser, session: string, decision: "approved" | "denied") => {
  await by.open(`${AUTHORIZE}?session=${session}`);
  return by.submit(AUTHORIZE, { session, decision });
};

/** Lets a request be as old as this. */
const age = ({ session_id }: Begun, minutes: number) =>
  env.DB.prepare("UPDATE device_authorizations SET expires_date = ? WHERE id = ?")
    .bind(daysAfter(new Date(), (15 - minutes) / 1440), session_id)
    .run();

/** The tokens of a user beside the one that it was built with. */
const tokensOf = async ({ id, tokenId }: BuiltUser) =>
  (
    await env.DB.prepare("SELECT * FROM access_tokens WHERE user_id = ? AND id <> ?")
      .bind(id, tokenId)
      .all<Record<string, string>>()
  ).results;

describe("POST /api/auth/device/", () => {
  test("answers what the clients read", async () => {
    const { status, body } = await begin();
    expect(status).toBe(200);
    expect(body).toEqual({
      session_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      device_code: expect.stringMatching(/^[0-9a-f]{64}$/),
      user_code: expect.stringMatching(/^[A-Z]{4}-\d{4}$/),
      verification_uri: `${ORIGIN}/account/authorize/`,
      verification_uri_complete: `${ORIGIN}/account/authorize/?session=${body.session_id}`,
      interval: 5,
      expires_in: 900,
    });
    const { results } = await env.DB.prepare("SELECT * FROM device_authorizations").all();
    expect(JSON.stringify(results)).not.toContain(body.device_code);
  });

  test.each([
    ["an empty object, as MATLAB sends it", {}],
    ["a name", { client_name: "  brainstem-python " }],
    ["fields of a newer client", { client_name: "x", client_version: "3" }],
    ["no body", undefined],
  ])("takes %s", async (_, body) => {
    expect((await begin(body)).status).toBe(200);
  });

  test.each([
    ["a number", { client_name: 1 }, "client_name"],
    ["no text", { client_name: " " }, "client_name"],
    ["more than a hundred characters", { client_name: "x".repeat(101) }, "client_name"],
    ["a name that is written backwards", { client_name: "x\u202ey" }, "client_name"],
    ["a list", [], "detail"],
    ["what is not JSON", "{", "detail"],
  ])("refuses %s, and says so", async (_, body, key) => {
    const answer = await begin(body);
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body)).toEqual([key]);
  });

  test("calls a client without a name by its User-Agent", async () => {
    const { body } = await program.send(
      "POST",
      DEVICE,
      {},
      {
        "User-Agent": "MATLAB 24.1.0.2537033 (R2024a)",
        "CF-Connecting-IP": newAddress(),
      },
    );
    expect((await browser.open(`${AUTHORIZE}?session=${body.session_id}`)).text).toContain(
      "Let “MATLAB” act for you?",
    );
  });

  test("lets thirty of an address wait, and more when some are answered or expired", async () => {
    const address = newAddress();
    const waiting = await Promise.all(Array.from({ length: 30 }, () => begun({}, address)));
    const refused = await begin({}, address);
    expect(refused).toMatchObject({
      status: 429,
      body: { detail: expect.stringContaining("wait for an approval") },
    });
    expect((await begin()).status).toBe(200);
    await decide(browser, waiting[0]?.session_id ?? "", "denied");
    expect((await begin({}, address)).status).toBe(200);
    expect((await begin({}, address)).status).toBe(429);
    await age(waiting[1] as Begun, 16);
    expect((await begin({}, address)).status).toBe(200);
  });

  test("never has more than a hundred thousand rows", async () => {
    await env.DB.prepare(
      `INSERT INTO device_authorizations (rowid, id, device_code_hash, user_code, client_name, address, expires_date)
       SELECT max(rowid) + 100000, ?, ?, 'FULLFULL', 'x', 'full', ? FROM device_authorizations`,
    )
      .bind(crypto.randomUUID(), "f".repeat(64), daysAfter(new Date(), 1))
      .run();
    expect((await begin()).status).toBe(429);
    await env.DB.prepare("DELETE FROM device_authorizations WHERE address = 'full'").run();
    expect((await begin()).status).toBe(200);
  });

  test("removes what has expired", async () => {
    const old = await begun();
    await age(old, 16);
    await begin();
    const row = await env.DB.prepare("SELECT 1 FROM device_authorizations WHERE id = ?")
      .bind(old.session_id)
      .first();
    expect(row).toBeNull();
  });

  test("makes another user code when one is taken", async () => {
    const { user_code: taken } = await begun();
    const random = vi.spyOn(crypto, "getRandomValues");
    const signs = taken.replace("-", "");
    const draw = Uint32Array.from(signs, (sign, place) =>
      place < 4 ? "BCDFGHJKLMNPQRSTVWXZ".indexOf(sign) : Number(sign),
    );
    let draws = 0;
    random.mockImplementation((array) => {
      if (array instanceof Uint32Array) {
        draws += 1;
        array.set(draws === 1 ? draw : draw.map((number) => (number + 1) % 10));
      }
      return array;
    });
    const { status, body } = await begin();
    random.mockRestore();
    expect(status).toBe(200);
    expect(body.user_code).not.toBe(taken);
    expect(draws).toBe(2);
  });
});

describe("POST /api/auth/device/token/", () => {
  test("waits, gives the token once, and then says that it was used", async () => {
    const request = await begun();
    expect(await poll(request.device_code)).toEqual({ status: "authorization_pending" });
    await decide(browser, request.session_id, "approved");
    const { results } = await env.DB.prepare("SELECT * FROM access_tokens").all();
    const answer = await poll(request.device_code);
    expect(answer).toEqual({ status: "success", token: expect.stringMatching(/^bst_\w{64}$/) });
    // Nobody has the token before the program asks for it.
    expect(await tokensOf(user)).toHaveLength(1);
    expect(results).toHaveLength(
      Number(await env.DB.prepare("SELECT count(*) AS n FROM access_tokens").first("n")) - 1,
    );
    expect(await poll(request.device_code)).toEqual({ error: "already_used" });
    const { status } = await clientFor(answer.token).get(SESSIONS);
    expect(status).toBe(200);
    expect(await tokensOf(user)).toMatchObject([{ name: "brainstem-python", lifetime_days: 365 }]);
  });

  test("gives the token to one of many that ask at once", async () => {
    const request = await begun();
    await decide(browser, request.session_id, "approved");
    const answers = await Promise.all(Array.from({ length: 8 }, () => poll(request.device_code)));
    expect(answers.filter(({ status }) => status === "success")).toHaveLength(1);
    expect(answers.filter(({ error }) => error === "already_used")).toHaveLength(7);
    expect(await tokensOf(user)).toHaveLength(1);
  });

  test("says that it was denied", async () => {
    const request = await begun();
    await decide(browser, request.session_id, "denied");
    for (let time = 0; time < 2; time += 1) {
      expect(await poll(request.device_code)).toEqual({ error: "access_denied" });
    }
    expect(await tokensOf(user)).toEqual([]);
  });

  test.each(["pending", "approved", "denied"] as const)(
    "says that one has expired that was %s",
    async (status) => {
      const request = await begun();
      if (status !== "pending") await decide(browser, request.session_id, status);
      await age(request, 15);
      expect(await poll(request.device_code)).toEqual({ error: "expired_token" });
      expect(await tokensOf(user)).toEqual([]);
    },
  );

  test("takes an unknown code for an expired one", async () => {
    for (const code of ["1".repeat(64), "", "'", "x".repeat(10_000), "\0"]) {
      expect(await poll(code)).toEqual({ error: "expired_token" });
    }
  });

  test("is 200 for a body that it cannot read, too", async () => {
    const bodies = [{}, [], "{", "null", { device_code: 1 }, { device_code: null }];
    for (const body of bodies) {
      const answer = await program.post(POLL, body);
      expect(answer).toMatchObject({ status: 200, body: { error: "invalid_request" } });
    }
    const form = await program.send("POST", POLL, "device_code=x", {
      "Content-Type": "application/x-www-form-urlencoded",
    });
    expect(form.status).toBe(200);
  });

  test("gives no token for a user who has been deactivated since", async () => {
    const request = await begun();
    await decide(browser, request.session_id, "approved");
    await env.DB.prepare("UPDATE users SET is_active = 0 WHERE id = ?").bind(user.id).run();
    expect(await poll(request.device_code)).toEqual({ error: "access_denied" });
    expect(await tokensOf(user)).toEqual([]);
  });

  test("is not answered by the user code, the id or the hash of the device code", async () => {
    const request = await begun();
    await decide(browser, request.session_id, "approved");
    const hash = await env.DB.prepare(
      "SELECT device_code_hash FROM device_authorizations WHERE id = ?",
    )
      .bind(request.session_id)
      .first<string>("device_code_hash");
    for (const code of [request.user_code, request.session_id, hash]) {
      expect(await poll(code)).toEqual({ error: "expired_token" });
    }
  });
});

describe("/account/authorize/", () => {
  test("asks whoever is not signed in to sign in first, and comes back", async () => {
    const { session_id } = await begun();
    const stranger = (await buildBrowserSession(await buildUser())).browser;
    stranger.cookies.clear();
    const page = await stranger.open(`${AUTHORIZE}?session=${session_id}`);
    const next = encodeURIComponent(`${AUTHORIZE}?session=${session_id}`);
    expect(page).toMatchObject({ status: 303, location: `/account/sign-in/?next=${next}` });
  });

  test("shows which program asks, from where and since when", async () => {
    const { session_id, user_code } = await begun(
      { client_name: "<b>rig</b> & co" },
      "192.0.2.200",
    );
    const { text } = await browser.open(`${AUTHORIZE}?session=${session_id}`, {
      "CF-Connecting-IP": "198.51.100.7",
    });
    expect(text).toContain("Let “&lt;b&gt;rig&lt;/b&gt; &amp; co” act for you?");
    expect(text).toContain(user_code);
    expect(text).toContain("<dd>192.0.2.200</dd>");
    expect(text).toMatch(/<time datetime="20\d\d-/i);
    expect(text).toContain("from another address than yours");
    const same = await browser.open(`${AUTHORIZE}?session=${session_id}`, {
      "CF-Connecting-IP": "192.0.2.200",
    });
    expect(same.text).not.toContain("from another address");
  });

  test("shows the answer to who gave it, and to nobody else", async () => {
    const request = await begun();
    const page = `${AUTHORIZE}?session=${request.session_id}`;
    expect(await decide(browser, request.session_id, "approved")).toMatchObject({
      status: 303,
      location: page,
    });
    expect((await browser.open(page)).text).toContain("<h1>Approved</h1>");
    await poll(request.device_code);
    expect((await browser.open(page)).text).toContain("<h1>Approved</h1>");
    const other = (await buildBrowserSession(await buildUser())).browser;
    const { text } = await other.open(page);
    expect(text).toContain("answered already");
    expect(text).not.toContain("brainstem-python");
  });

  test("lets one of two answers win that are given at once", async () => {
    const other = await buildUser();
    const others = (await buildBrowserSession(other)).browser;
    const request = await begun();
    const answers = await Promise.all([
      decide(browser, request.session_id, "approved"),
      decide(others, request.session_id, "approved"),
      decide(others, request.session_id, "denied"),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 400, 400]);
    const { results } = await env.DB.prepare(
      "SELECT * FROM history WHERE changes LIKE ? AND changes LIKE '%_client%'",
    )
      .bind(`%${request.session_id}%`)
      .all();
    expect(results).toHaveLength(1);
  });

  test("does not let an answer be changed", async () => {
    const request = await begun();
    await decide(browser, request.session_id, "denied");
    const again = await browser.submit(AUTHORIZE, {
      session: request.session_id,
      decision: "approved",
    });
    expect(again).toMatchObject({
      status: 400,
      text: expect.stringContaining("has been answered already"),
    });
    expect(await poll(request.device_code)).toEqual({ error: "access_denied" });
  });

  test.each([
    ["unknown", crypto.randomUUID()],
    ["no id at all", "<script>"],
    ["empty", ""],
  ])("says that a request is not known whose id is %s", async (_, session) => {
    const page = await browser.open(`${AUTHORIZE}?session=${encodeURIComponent(session)}`);
    expect(page).toMatchObject({ status: 404, text: expect.stringContaining("has expired") });
    const answer = await browser.submit(AUTHORIZE, { session, decision: "approved" });
    expect(answer.status).toBe(400);
  });

  test("does not take an answer to a request that has expired", async () => {
    const request = await begun();
    await browser.open(`${AUTHORIZE}?session=${request.session_id}`);
    await age(request, 15);
    const answer = await browser.submit(AUTHORIZE, {
      session: request.session_id,
      decision: "approved",
    });
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining("has expired") });
  });

  test("takes no answer from a page of somebody else, or after signing out", async () => {
    const request = await begun();
    const fields = { session: request.session_id, decision: "approved" };
    await browser.open(`${AUTHORIZE}?session=${request.session_id}`);
    for (const headers of [
      { Origin: "https://other.example" },
      { "Sec-Fetch-Site": "cross-site" },
    ]) {
      expect((await browser.submit(AUTHORIZE, fields, headers)).status).toBe(403);
    }
    expect((await browser.submit(AUTHORIZE, { ...fields, form_token: "" })).status).toBe(403);
    await env.DB.prepare("DELETE FROM browser_sessions WHERE user_id = ?").bind(user.id).run();
    expect((await browser.submit(AUTHORIZE, fields)).location).toContain("/account/sign-in/");
    expect(await poll(request.device_code)).toEqual({ status: "authorization_pending" });
  });

  test("leaves an entry in the history that says who approved which program", async () => {
    const request = await begun({ client_name: "rig" }, "192.0.2.201");
    await decide(browser, request.session_id, "approved");
    const entry = await env.DB.prepare("SELECT * FROM history WHERE record_id = ?")
      .bind(user.id)
      .first<Record<string, string>>();
    expect(entry).toMatchObject({ user_id: user.id, model: "user", action: "change" });
    expect(JSON.parse(entry?.changes ?? "")).toEqual({
      approved_client: {
        from: null,
        to: { client: "rig", address: "192.0.2.201", session: request.session_id },
      },
    });
  });
});

describe("a code by hand", () => {
  const type = (code: string, address: string, by = browser) =>
    by.submit(AUTHORIZE, { code }, { "CF-Connecting-IP": address });

  beforeEach(async () => {
    expect((await browser.open(AUTHORIZE)).text).toContain('name="code"');
  });

  test.each([
    ["as it is shown", (code: string) => code],
    ["without the dash", (code: string) => code.replace("-", "")],
    ["in lower case, with blanks", (code: string) => ` ${code.toLowerCase().replace("-", " - ")} `],
  ])("is found %s", async (_, write) => {
    const request = await begun();
    expect((await type(write(request.user_code), newAddress())).location).toBe(
      `${AUTHORIZE}?session=${request.session_id}`,
    );
  });

  test("is not found when it is wrong, expired, or answered", async () => {
    const address = newAddress();
    const [expired, denied] = [await begun(), await begun()];
    await age(expired, 16);
    await decide(browser, denied.session_id, "denied");
    for (const code of ["BCDF-0000", "", expired.user_code, denied.user_code, "%", "____-____"]) {
      const page = await type(code, address);
      expect(page).toMatchObject({
        status: 400,
        text: expect.stringContaining("No program waits"),
      });
    }
  });

  test("is guessed ten times from an address, then not even a right one is found", async () => {
    const address = newAddress();
    const request = await begun();
    const others = (await buildBrowserSession(await buildUser())).browser;
    await others.open(AUTHORIZE);
    // At once and by two users: they cannot be more by being faster.
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, n) => type("WRNG-0000", address, n % 2 ? browser : others)),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 400)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(6);
    const refused = await type(request.user_code, address);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect((await type(request.user_code, newAddress())).status).toBe(303);
    const count = await env.DB.prepare("SELECT count(*) AS n FROM code_guesses WHERE address = ?")
      .bind(address)
      .first("n");
    expect(count).toBe(10);
    await env.DB.prepare("UPDATE code_guesses SET created_date = ? WHERE address = ?")
      .bind(daysAfter(new Date(), -16 / 1440), address)
      .run();
    expect((await type(request.user_code, address)).status).toBe(303);
  });

  test("does not count against an address when it is right", async () => {
    const address = newAddress();
    for (let time = 0; time < 12; time += 1) {
      expect((await type((await begun()).user_code, address)).status).toBe(303);
    }
  });

  test("is not asked of whoever is not signed in", async () => {
    await env.DB.prepare("DELETE FROM browser_sessions WHERE user_id = ?").bind(user.id).run();
    const address = newAddress();
    expect((await type("WRNG-0000", address)).location).toContain("/account/sign-in/");
    const count = await env.DB.prepare("SELECT count(*) AS n FROM code_guesses WHERE address = ?")
      .bind(address)
      .first("n");
    expect(count).toBe(0);
  });
});
