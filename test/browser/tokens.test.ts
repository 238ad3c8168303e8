import { expect, test } from "vitest";
import { inspect, SERVICE_URL, signedIn } from "./support/pages.ts";

const SESSIONS = `${SERVICE_URL}/api/private/stem/session/?limit=1`;

const read = async (token: string) =>
  (await fetch(SESSIONS, { headers: { Authorization: `Bearer ${token}` } })).status;

test("a token is made, shown once, used, and deleted", async () => {
  const { page } = await signedIn("tokens@lab.example");
  await page.goto("/private/users/me/");
  await inspect(page, "account-empty");
  await page.getByRole("navigation").getByRole("link", { name: "Tokens" }).click();
  await inspect(page, "tokens-empty");
  await page.getByLabel("What it is for").fill("Analysis server in the basement");
  await page.getByRole("button", { name: "Make token" }).click();
  const token = (await page.getByText(/^bst_/).first().textContent())?.trim() ?? "";
  expect(await read(token)).toBe(200);
  await inspect(page, "tokens-new");
  await page.getByRole("link", { name: "I have copied it" }).click();
  await page.getByText("Analysis server in the basement").waitFor();
  expect(await page.content()).not.toContain(token);
  await inspect(page, "tokens");
  await page.getByRole("button", { name: "Delete the token Analysis server" }).click();
  await page.getByText("The token is deleted.").waitFor();
  await inspect(page, "tokens-deleted");
  expect(await read(token)).toBe(401);
});

test("a form that is sent again makes no second token", async () => {
  const { page } = await signedIn("again@lab.example");
  await page.goto("/private/users/tokens/");
  await page.getByLabel("What it is for").fill("once");
  await page.getByRole("button", { name: "Make token" }).click();
  await page.getByText(/^bst_/).first().waitFor();
  await page.reload();
  await page.getByText("has been made already").waitFor();
  await page.goto("/private/users/tokens/");
  expect(await page.getByRole("button", { name: "Delete the token once" }).count()).toBe(1);
});
