import { parse } from "csv-parse/sync";
import type { Download, Page } from "playwright-core";
import { expect, test } from "vitest";
import { inspect, newPage, SERVICE_URL, signedIn } from "./support/pages.ts";

const PUBLIC = `${SERVICE_URL}/public/stem/session/`;

const countOf = async (page: Page) => (await page.locator("#count strong").textContent()) ?? "";

/** The text of a file that the browser has saved. */
async function textOf(download: Download): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

const rowsOf = async (download: Download) =>
  parse(await textOf(download), { bom: true }) as string[][];

test("a visitor finds sessions, narrows the list and downloads it, without scripts", async () => {
  const { page } = await newPage({ javaScriptEnabled: false });
  await page.goto("/");
  await page.getByRole("searchbox", { name: "Search sessions" }).fill("nyu");
  await page.getByRole("button", { name: "Search" }).click();
  expect(await countOf(page)).toBe("35 sessions");

  await page.getByText("Filter, sort and columns").click();
  await page.getByLabel("Date and time, from").fill("2021-01-01");
  await page.getByLabel("Has data acquisitions").selectOption("Yes");
  await page.getByLabel("Order").selectOption("Date and time, newest first");
  await page.getByLabel("Tags").uncheck();
  await page.getByLabel("Description").check();
  await page.getByRole("button", { name: "Apply" }).click();
  expect(new URL(page.url()).search).not.toMatch(/apply|=(&|$)/);
  const narrowed = Number.parseInt(await countOf(page), 10);
  expect(narrowed).toBeGreaterThan(0);
  expect(narrowed).toBeLessThan(35);
  const dates = await page
    .locator("tbody time")
    .evaluateAll((times) => times.map((time) => time.getAttribute("datetime") ?? ""));
  expect(dates).toEqual(dates.toSorted().toReversed());
  expect(dates.at(-1)?.slice(0, 4)).toBe("2021");
  await page.getByRole("columnheader", { name: "Description" }).waitFor();
  expect(await page.getByRole("columnheader", { name: "Tags" }).count()).toBe(0);

  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV" }).click();
  const rows = await rowsOf(await waiting);
  expect(rows).toHaveLength(narrowed + 1);
  expect(rows[0]).toContain("description");
  expect(rows[0]).not.toContain("tags");

  await page
    .getByRole("link", { name: "Remove the filter “Date and time from 2021-01-01”" })
    .click();
  expect(await countOf(page)).toBe("35 sessions");
  await page.getByRole("columnheader", { name: "Name" }).getByRole("link").click();
  expect(page.url()).toContain("sort[]=name");
  await page.getByRole("link", { name: "Next" }).click();
  await page.getByText("Page 2 of 2").waitFor();
  expect(await page.locator("tbody tr").count()).toBe(15);
  await page.getByRole("link", { name: "Clear all" }).click();
  expect(await countOf(page)).toBe("354 sessions");
});

test("the list follows what is typed, and says how many it found", async () => {
  const { page } = await newPage();
  await page.goto(PUBLIC);
  const search = page.getByRole("searchbox", { name: "Search sessions" });
  await search.pressSequentially("nyu", { delay: 20 });
  await page.locator("#count strong", { hasText: /^35 sessions$/ }).waitFor();
  expect(await page.locator("#announcement").textContent()).toBe("35 sessions");
  expect(decodeURI(page.url())).toBe(`${PUBLIC}?search=nyu`);
  expect(await search.evaluate((input) => input === input.ownerDocument.activeElement)).toBe(true);

  // The address is the list: whoever opens it sees the same.
  const shown = await page.locator("tbody th").allTextContents();
  await page.reload();
  expect(await page.locator("tbody th").allTextContents()).toEqual(shown);

  await search.fill("no session has this");
  await page.getByRole("heading", { name: "No sessions match" }).waitFor();
  await search.fill("");
  await page.locator("#count strong", { hasText: "354 sessions" }).waitFor();
  expect(page.url()).toBe(PUBLIC);
});

test("a download tells its progress, and saves the whole list", async () => {
  const { page } = await newPage();
  await page.goto(PUBLIC);
  for (const format of ["CSV", "JSON"]) {
    const waiting = page.waitForEvent("download");
    await page.getByRole("link", { name: format }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(/^sessions-\d{4}-\d\d-\d\d\.(csv|json)$/);
    await page.getByText(`Done: 354 records in ${download.suggestedFilename()}.`).waitFor();
    if (format === "CSV") expect(await rowsOf(download)).toHaveLength(355);
    else {
      const { sessions } = JSON.parse(await textOf(download));
      expect(sessions).toHaveLength(354);
    }
  }
  await page.route("**/*format=tsv*", (route) => route.abort());
  await page.getByRole("link", { name: "TSV" }).click();
  await page.getByText("The download broke off, and nothing was saved. Try again.").waitFor();
});

test("the query is copied as code", async () => {
  const { page, context } = await newPage();
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: SERVICE_URL });
  await page.goto(`${PUBLIC}?filter{tags}=a`);
  await page.getByText("MATLAB", { exact: true }).click();
  await page.locator("details[open]").getByRole("button", { name: "Copy" }).last().click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const copied = await page.evaluate<string>("navigator.clipboard.readText()");
  expect(copied).toContain("'filter', {'tags', 'a'}");
});

test("home and lists look right and are open to everybody", async () => {
  const { page } = await newPage();
  await page.goto("/");
  await inspect(page, "home");
  await page.goto(`${PUBLIC}?filter{date_time.gte}=2021-01-01&sort[]=-date_time`);
  await inspect(page, "list-filtered");
  await page.goto(`${PUBLIC}?filter{nmae}=a`);
  await inspect(page, "list-refused");
  const { page: own } = await signedIn("lists@lab.example");
  await own.goto("/");
  await inspect(own, "home-signed-in");
  await own.goto("/private/stem/session/");
  await inspect(own, "list-empty");
  await own.goto("/private/users/user/");
  await own.getByText("All lists").click();
  await inspect(own, "list-users");
});
