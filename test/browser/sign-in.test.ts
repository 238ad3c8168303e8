import { expect, inject, test } from "vitest";
import { inspect, linkFor, newPage, SERVICE_URL, signedIn } from "./support/pages.ts";

const ME = `${SERVICE_URL}/private/users/me/`;

test("the link of npm start signs the demo user in", async () => {
  const [link = ""] = /http\S+\?link=\w+/.exec(inject("serviceOutput")) ?? [];
  const { page, context } = await newPage();
  await page.goto(link);
  await inspect(page, "sign-in-link");
  await page.getByRole("button", { name: "Sign in as Demo User" }).click();
  expect(page.url()).toBe(ME);
  await page.getByRole("heading", { level: 1, name: "Demo User" }).waitFor();
  await inspect(page, "account");
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({ name: "brainstem", httpOnly: true, sameSite: "Lax", path: "/" });

  await page.goto(link);
  await page.getByText("has been used already").waitFor();
  await inspect(page, "sign-in-link-used");
});

test("a page that needs a person sends one to the sign-in and back, also by a link in another tab", async () => {
  const link = await linkFor("grace@lab.example", { first_name: "Grace", last_name: "Hopper" });
  const { page, context } = await newPage();
  await page.goto("/private/users/tokens/");
  expect(page.url()).toContain("/account/sign-in/?next=");
  await inspect(page, "sign-in");
  const tab = await context.newPage();
  await tab.goto(link);
  await tab.getByRole("button", { name: "Sign in as Grace Hopper" }).click();
  expect(tab.url()).toBe(`${SERVICE_URL}/private/users/tokens/`);
});

test("everything can be done with the keyboard", async () => {
  const link = await linkFor("key@lab.example");
  const { page } = await newPage();
  await page.goto(link);
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the content");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL(ME);
});

test("signing out leaves nothing private behind, not even for the back button", async () => {
  const { page, context } = await signedIn("out@lab.example");
  await page.goto("/private/users/tokens/");
  await page.goto("/private/users/me/");
  await page.getByText("out@lab.example").first().waitFor();
  await page.getByRole("button", { name: "Sign out here" }).click();
  await page.getByText("You are signed out.").waitFor();
  await inspect(page, "signed-out");
  expect((await context.cookies()).map(({ name }) => name)).not.toContain("brainstem");
  for (let back = 0; back < 2; back += 1) {
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    expect(await page.content()).not.toContain("out@lab.example");
  }
});

test("signing out everywhere signs other browsers out", async () => {
  const here = await signedIn("all@lab.example");
  const there = await signedIn("all@lab.example");
  await here.page.goto("/private/users/me/");
  await here.page.getByText("In 2 browsers").waitFor();
  await here.page.getByRole("button", { name: "Sign out everywhere" }).click();
  await there.page.goto("/private/users/me/");
  expect(there.page.url()).toContain("/account/sign-in/");
});

test("a form of another origin does nothing", async () => {
  const { page } = await signedIn("forged@lab.example");
  await page.goto("about:blank");
  await page.setContent(
    `<form method="post" action="${SERVICE_URL}/account/sign-out/"><input name="everywhere" value="1"><button>Win</button></form>`,
  );
  await page.getByRole("button", { name: "Win" }).click();
  await page.getByRole("heading", { name: "This is not allowed" }).waitFor();
  await inspect(page, "forbidden");
  await page.goto("/private/users/me/");
  expect(page.url()).toBe(ME);
});

test("a page that is not there says so", async () => {
  const { page } = await newPage();
  await page.goto("/nowhere/");
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  await inspect(page, "not-found");
});
