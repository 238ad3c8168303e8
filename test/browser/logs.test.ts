import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { inspect, makeLab, newPage, signedIn } from "./support/pages.ts";

const PHONE = { width: 390, height: 844 };

/** Adds a subject to the project of a lab, and a log of its weight, as a person does. */
async function addLog(page: Page, project: string, subject: string): Promise<void> {
  await page.goto(`/private/stem/subject/new/?projects=${project}`);
  await page.getByLabel("Name", { exact: false }).first().fill(subject);
  await page.getByLabel("Strain").fill("0c9a6a52-6a0c-4b1c-9a55-3f6f7f1f0a0f");
  await page.getByLabel("Sex").selectOption("F");
  await page.getByRole("button", { name: "Add the subject" }).click();
  await page.getByRole("link", { name: "Add a subject log" }).click();
  await page.getByLabel("Type").selectOption("Weighing");
  await page.getByRole("button", { name: "Add the subject log" }).click();
  await page.getByText("None yet.").waitFor();
}

test("a weight is logged on a phone, corrected and removed", async () => {
  const email = "weights@lab.example";
  const { page, context } = await newPage({ viewport: PHONE });
  await signedIn(email, context);
  const { project } = await makeLab(email, "Weights");
  await addLog(page, project.id, "Mouse 1");
  await inspect(page, "log-empty");
  await page.setViewportSize(PHONE);
  await page.getByRole("link", { name: "Add an entry" }).click();
  await page.getByLabel("Date and time").fill("2026-03-01T09:00");
  await page.getByLabel("Details, key 1").fill("weight_g");
  await page.getByLabel("Details, value 1").fill("25.3");
  await page.getByLabel("Notes").fill("x".repeat(501));
  await page.getByRole("button", { name: "Add an entry" }).click();
  await page.getByText("Nothing was saved yet").waitFor();
  await inspect(page, "log-entry-faulty");
  await page.getByLabel("Notes").fill("After the task.");
  await page.getByRole("button", { name: "Add an entry" }).click();
  await page.getByText("The entry is added.").waitFor();
  await page.getByText("25.3").waitFor();
  await inspect(page, "log");
  await page.setViewportSize(PHONE);
  await page.getByRole("link", { name: "Add an entry" }).click();
  // The keys of the last entry are there, and so is the present minute.
  expect(await page.getByLabel("Details, key 1").inputValue()).toBe("weight_g");
  await page.getByLabel("Details, value 1").fill("26");
  await page.getByRole("button", { name: "Add an entry" }).click();
  await page.getByText("weight_g: 26").waitFor();
  await page.getByRole("link", { name: "Change the entry of 2026-03-01" }).click();
  await inspect(page, "log-entry-change");
  await page.getByLabel("Details, value 1").fill("25.8");
  await page.getByRole("button", { name: "Change the entry" }).click();
  await page.getByText("The entry is changed.").waitFor();
  await page.getByText("25.8").waitFor();
  await page.getByRole("link", { name: "Remove the entry of 2026-03-01" }).click();
  await inspect(page, "log-entry-remove");
  await page.getByRole("button", { name: "Remove the entry" }).click();
  await page.getByText("The entry is removed.").waitFor();
  expect(await page.getByText("25.8").count()).toBe(0);
  await page.getByRole("link", { name: "Mouse 1" }).click();
  await inspect(page, "subject");
});

test("a weight is logged on a phone without scripts", async () => {
  const email = "plain-weights@lab.example";
  const { page, context } = await newPage({ javaScriptEnabled: false, viewport: PHONE });
  await signedIn(email, context);
  const { project } = await makeLab(email, "Plain weights");
  await addLog(page, project.id, "Mouse 2");
  await page.getByRole("link", { name: "Add an entry" }).click();
  await page.getByLabel("Details, key 1").fill("weight_g");
  await page.getByLabel("Details, value 1").fill("25.3");
  await page.getByRole("button", { name: "Add rows" }).click();
  await page.getByLabel("Details, key 2").fill("scale");
  await page.getByLabel("Details, value 2").fill("A");
  await page.getByRole("button", { name: "Add an entry" }).click();
  await page.getByText("The entry is added.").waitFor();
  const text = await page.locator("#entries").innerText();
  expect(text).toContain("weight_g: 25.3");
  expect(text).toContain("scale: A");
});
