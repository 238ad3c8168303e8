import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { inspect, linkFor, newPage, SERVICE_URL, signedIn } from "./support/pages.ts";

/** A token of who is signed in, made on the page for tokens. */
async function makeToken(page: Page): Promise<string> {
  await page.goto("/private/users/tokens/");
  await page.getByLabel("What it is for").fill("set up");
  await page.getByRole("button", { name: "Make token" }).click();
  return (await page.getByText(/^bst_/).first().textContent())?.trim() ?? "";
}

/** A project of who is signed in, with sessions on these days. */
async function makeProject(page: Page, name: string, days: readonly string[]) {
  const token = await makeToken(page);
  const add = async (path: string, body: object) => {
    const answer = await fetch(`${SERVICE_URL}/api/private/stem/${path}/`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(201);
    const made = (await answer.json()) as Record<string, { readonly id: string }>;
    return made[path]?.id;
  };
  const project = await add("project", {
    name,
    description: "How replay changes while a rat learns a maze.\n\nFour animals, two probes each.",
    tags: ["replay", "maze"],
    extra_fields: { grant: "R01 NS000000", species: "Rattus norvegicus" },
  });
  for (const [index, day] of days.entries()) {
    await add("session", {
      name: `${name} ${index + 1}`,
      projects: [project],
      date_time: `${day}T09:30:00Z`,
      tags: index % 3 === 0 ? ["sleep"] : ["track", "run"],
    });
  }
  return `/private/stem/project/${project}/`;
}

const DAYS = [
  ...["2024-11-04", "2024-11-11", "2024-12-02", "2025-02-10", "2025-02-11", "2025-02-12"],
  ...["2025-03-03", "2025-03-04", "2025-05-19"],
];

test("an owner looks at a project, follows a bar, and sees it by tag", async () => {
  const { page } = await signedIn("owner@lab.example");
  const path = await makeProject(page, "Replay in a maze", DAYS);
  await page.goto(path);
  await inspect(page, "project");
  await page.getByRole("link", { name: "By tag" }).click();
  await page.getByRole("heading", { name: "track 6 sessions" }).waitFor();
  await page.getByText("The numbers as a table").click();
  await inspect(page, "project-by-tag");
  await page.getByRole("link", { name: "All", exact: true }).click();
  await page.locator(".plot a").nth(2).click();
  expect(decodeURIComponent(page.url())).toContain(
    "filter{date_time.gte}=2025-02-01&filter{date_time.lt}=2025-03-01",
  );
  const { pathname, search } = new URL(page.url());
  const answer = await page.request.get(`/api${pathname}${search}`);
  expect((await answer.json()).count).toBe(3);
});

test("an owner adds people and publishes, without JavaScript", async () => {
  const { page: scripted, context } = await signedIn("lead@lab.example");
  const path = await makeProject(scripted, "Sleep and memory", DAYS.slice(0, 2));
  await linkFor("postdoc@lab.example");
  const { page } = await newPage({
    javaScriptEnabled: false,
    storageState: await context.storageState(),
    viewport: { width: 390, height: 844 },
  });
  await page.goto(path);
  await page.getByLabel("Email").fill("nobody@lab.example");
  await page.getByRole("button", { name: "Add" }).first().click();
  await page.getByRole("alert").getByText('No user has the email "nobody@lab.example".').waitFor();
  await page.getByLabel("Email").fill("postdoc@lab.example");
  await page.getByLabel("Level", { exact: true }).first().selectOption("contributor");
  await page.getByRole("button", { name: "Add" }).first().click();
  await page.getByText("Added.").waitFor();
  await page
    .getByRole("combobox", { name: "Level of postdoc@lab.example" })
    .selectOption("manager");
  await page.getByRole("button", { name: "Change the level of postdoc@lab.example" }).click();
  await page.getByText("The level is changed.").waitFor();
  await page.getByRole("link", { name: "Publish …" }).click();
  await page.getByText("its 2 sessions").first().waitFor();
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByText("The project is public.").waitFor();
  await page.getByRole("link", { name: "History" }).click();
  await page.getByText("changed the project").first().waitFor();

  await scripted.goto(path);
  await scripted.getByLabel("Email").pressSequentially("postd");
  await scripted.locator('option[value="postdoc@lab.example"]').waitFor({ state: "attached" });

  const { page: anyone } = await newPage();
  await anyone.goto(path.replace("/private/", "/public/"));
  await anyone.getByRole("heading", { name: "Sleep and memory" }).first().waitFor();
  await inspect(anyone, "project-public");
  await scripted.goto(`${path}?confirm=unpublish`);
  await inspect(scripted, "project-confirm");
  await scripted.goto(`${path}history/`);
  await inspect(scripted, "project-history");
});
