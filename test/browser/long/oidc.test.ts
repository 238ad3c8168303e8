import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FaultyProvider, startFaultyProvider } from "../../provider/faulty.ts";
import { type RealProvider, startRealProvider } from "../../provider/real.ts";
import { CLIENT_ID, CLIENT_SECRET, encodeScenario } from "../../provider/scenario.ts";
import { admin, makeDirectory, type Service, startService } from "../../scripts/command.ts";
import { inspect, newPage } from "../support/pages.ts";

// The whole round in a real browser, between the service as `npm start` serves it and two real providers.

let byEmail: RealProvider;
let byOrcid: RealProvider;
let faulty: FaultyProvider;
let service: Service;
let directory: Awaited<ReturnType<typeof makeDirectory>>;

beforeAll(async () => {
  byEmail = await startRealProvider((login) => ({
    email: `${login}@lab.example`,
    email_verified: login !== "mallory",
    given_name: login,
    family_name: "Lab",
  }));
  byOrcid = await startRealProvider(() => ({}));
  faulty = await startFaultyProvider();
  const person = { email: "single@lab.example", email_verified: true };
  directory = await makeDirectory();
  const variables = {
    OIDC_ISSUER: byEmail.issuer,
    OIDC_CLIENT_ID: CLIENT_ID,
    OIDC_CLIENT_SECRET: CLIENT_SECRET,
    OIDC_NAME: "Lab login",
    OIDC_2_ISSUER: byOrcid.issuer,
    OIDC_2_CLIENT_ID: CLIENT_ID,
    OIDC_2_CLIENT_SECRET: CLIENT_SECRET,
    OIDC_2_NAME: "ORCID",
    OIDC_2_KNOWN_BY: "orcid",
    OIDC_2_SCOPES: "openid",
    OIDC_3_ISSUER: `${faulty.url}/${encodeScenario({ id: "single", person })}`,
    OIDC_3_CLIENT_ID: CLIENT_ID,
    OIDC_3_CLIENT_SECRET: CLIENT_SECRET,
    OIDC_3_NAME: "Single sign-on",
  };
  const given = Object.entries(variables).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
  service = await startService(directory.path, ...given);
  byEmail.register(`${service.url}/account/callback/`);
  byOrcid.register(`${service.url}/account/callback/2/`);
});

afterAll(async () => {
  const { stdout, stderr } = await service.stop();
  await Promise.all([byEmail.close(), faulty.close()]);
  await directory.remove();
  for (const secret of [CLIENT_SECRET, "code=", "state="]) {
    expect(stdout + stderr).not.toContain(secret);
  }
});

const enter = async (...args: readonly string[]) => {
  const { code, stderr } = await admin(directory.path, "user", "create", ...args);
  expect(code, stderr).toBe(0);
};

const openSignIn = async (path = "/account/sign-in/") => {
  const { page, context } = await newPage({ baseURL: service.url });
  await page.goto(path);
  return { page, context };
};

/** Signs in at the provider, as a person does there. */
async function answerAt(provider: RealProvider, page: Page, login: string): Promise<void> {
  await page.waitForURL(`${provider.issuer}/**`);
  await page.locator("[name=login]").fill(login);
  await page.locator("[name=password]").fill("any");
  await page.locator("[type=submit]").click();
  await page.locator("[type=submit]", { hasText: "Continue" }).click();
}

describe("the sign-in with a provider", () => {
  test("signs in and comes back to the page that asked for it", async () => {
    await enter("grace@lab.example", "--first-name", "Grace");
    const { page, context } = await openSignIn("/private/users/tokens/");
    await inspect(page, "oidc-sign-in");
    await page.getByRole("button", { name: "Sign in with Lab login" }).click();
    await answerAt(byEmail, page, "grace");
    await page.waitForURL(`${service.url}/private/users/tokens/`);
    expect((await context.cookies(service.url)).map(({ name }) => name)).not.toContain(
      "brainstem-oidc",
    );

    const history = await admin(directory.path, "user", "history", "grace@lab.example");
    expect(history.stdout).toContain('"way": "Lab login"');

    await page.goto("/account/callback/?code=used&state=used");
    await page.getByRole("heading", { name: "You are signed in" }).waitFor();
    await inspect(page, "oidc-back");
  });

  test("works without JavaScript, and with the keyboard", async () => {
    await enter("key@lab.example");
    const { page } = await newPage({ baseURL: service.url, javaScriptEnabled: false });
    await page.goto("/account/sign-in/");
    await page.getByRole("button", { name: "Sign in with Lab login" }).focus();
    await page.keyboard.press("Enter");
    await answerAt(byEmail, page, "key");
    await page.getByText("key@lab.example").first().waitFor();
  });

  test("tells somebody unknown what the data manager must enter", async () => {
    const { page } = await openSignIn();
    await page.getByRole("button", { name: "Sign in with Lab login" }).click();
    await answerAt(byEmail, page, "nobody");
    await page.getByRole("heading", { name: "You are not registered here yet" }).waitFor();
    await page.getByText("nobody@lab.example").waitFor();
    await inspect(page, "oidc-unknown");
    await page.goto("/private/users/me/");
    expect(page.url()).toContain("/account/sign-in/");
  });

  test("lets nobody in by an email that is not verified", async () => {
    await enter("mallory@lab.example");
    const { page } = await openSignIn();
    await page.getByRole("button", { name: "Sign in with Lab login" }).click();
    await answerAt(byEmail, page, "mallory");
    await page.getByText("has not verified that mallory@lab.example is your address").waitFor();
    await inspect(page, "oidc-unverified");
  });

  test("that is cancelled at the provider has a page, and can be started again", async () => {
    const { page } = await openSignIn();
    await page.getByRole("button", { name: "Sign in with Lab login" }).click();
    await page.waitForURL(`${byEmail.issuer}/**`);
    await page.getByRole("link", { name: /cancel/i }).click();
    await page.getByText("was cancelled at Lab login").waitFor();
    await inspect(page, "oidc-denied");
    await page.getByRole("link", { name: "Back to the sign-in" }).click();
    await page.getByRole("button", { name: "Sign in with Lab login" }).waitFor();
  });

  test("with ORCID knows a person by the iD that the operator entered", async () => {
    await enter("ada@lab.example", "--orcid", "https://orcid.org/0000-0002-1825-0097");
    const { page } = await openSignIn();
    await page.getByRole("button", { name: "Sign in with ORCID" }).click();
    await answerAt(byOrcid, page, "0000-0002-1825-0097");
    await page.waitForURL(`${service.url}/private/users/me/`);
    await page.getByText("ada@lab.example").first().waitFor();
    await inspect(page, "oidc-account");

    const changed = await admin(directory.path, "user", "change", "ada@lab.example", "--no-orcid");
    expect(changed.code).toBe(0);
    const second = await openSignIn();
    await second.page.getByRole("button", { name: "Sign in with ORCID" }).click();
    await answerAt(byOrcid, second.page, "0000-0002-1825-0097");
    await second.page.getByText("send this ORCID iD").waitFor();
    await inspect(second.page, "oidc-unknown-orcid");
  });

  test("goes back over the provider with the back button without being signed in twice", async () => {
    await enter("back@lab.example");
    const { page } = await openSignIn();
    await page.getByRole("button", { name: "Sign in with Lab login" }).click();
    await answerAt(byEmail, page, "back");
    await page.waitForURL(`${service.url}/private/users/me/`);
    for (let back = 0; back < 4; back += 1) {
      const answer = await page.goBack();
      expect(answer?.status() ?? 200).toBeLessThan(500);
    }
    const sessions = await admin(directory.path, "user", "sessions", "back@lab.example");
    expect(JSON.parse(sessions.stdout)).toHaveLength(1);
  });
});

describe("a provider", () => {
  test("that sends the browser through other origins at once is not stopped by the policy of the page", async () => {
    await enter("single@lab.example");
    const { page } = await openSignIn();
    const visited: string[] = [];
    page.on("request", (request) => visited.push(new URL(request.url()).hostname));
    await page.getByRole("button", { name: "Sign in with Single sign-on" }).click();
    await page.waitForURL(`${service.url}/private/users/me/`);
    expect(visited).toContain("localhost");
    await page.goBack();
    expect(page.url()).toBe(`${service.url}/account/sign-in/`);
  });

  test("that goes down while somebody is there leaves a page that says so", async () => {
    const { page } = await openSignIn();
    const asked = page.waitForRequest((request) =>
      request.url().startsWith(`${byOrcid.issuer}/auth`),
    );
    await page.getByRole("button", { name: "Sign in with ORCID" }).click();
    const state = new URL((await asked).url()).searchParams.get("state") ?? "";
    await page.waitForURL(`${byOrcid.issuer}/interaction/**`);
    await byOrcid.close();
    await page.goto(`/account/callback/2/?code=x&iss=${byOrcid.issuer}&state=${state}`);
    await page.getByText("ORCID does not answer").waitFor();
    await inspect(page, "oidc-unavailable");
  });

  test("cannot be left out: a link with a code signs nobody in", async () => {
    const { page } = await openSignIn("/account/callback/?code=x&state=y");
    await page.getByRole("heading", { name: "This sign-in is over" }).waitFor();
    await inspect(page, "oidc-over");
  });
});
