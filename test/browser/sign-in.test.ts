import { expect, test } from "vitest";
import { inspect, newPage } from "./support/pages.ts";

test("the sign-in page says how to get in", async () => {
  const { page } = await newPage();
  await page.goto("/account/sign-in/");
  expect(await page.title()).toBe("Sign in · BrainSTEM");
  await inspect(page, "sign-in");
});
