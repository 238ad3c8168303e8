import { expect, test } from "vitest";
import { inspect, newPage, SERVICE_URL, signedIn } from "./support/pages.ts";

const SESSIONS = "/api/public/stem/session/";

test("a person reads the API in the browser, changes the query, and follows an id", async () => {
  const { page } = await newPage({ javaScriptEnabled: false });
  await page.goto(`${SESSIONS}?limit=2`);
  await page.getByText("Query", { exact: true }).click();
  await page.getByLabel("Field of filter 1").fill("name");
  await page.getByLabel("Operator of filter 1").selectOption("icontains");
  await page.getByLabel("Value of filter 1").fill("nyu");
  await page.getByLabel("Sort key 1").selectOption("-date_time");
  await page.getByText("Whole objects in place of ids").click();
  await page.getByRole("checkbox", { name: "epochs" }).first().check();
  await page.getByRole("button", { name: "Send the request" }).click();
  expect(decodeURI(page.url())).toBe(
    `${SERVICE_URL}${SESSIONS}?filter{name.icontains}=nyu&sort[]=-date_time&limit=2&include[]=epochs`,
  );
  await page.locator("pre.json").getByText(/NYU/i).first().waitFor();
  await page.locator("pre.json a").first().click();
  await page
    .getByRole("heading", { name: /GET \/api\/public\/stem\/session\/[0-9a-f-]{36}\// })
    .waitFor();
  const answer = await page.request.get(page.url());
  expect(answer.headers()["content-type"]).toBe("application/json");
});

test("the pages of the API look right, also when it refuses", async () => {
  const { page } = await newPage();
  await page.goto(`${SESSIONS}?limit=2&filter{name.icontains}=nyu&sort[]=-date_time`);
  await page.getByText("Query", { exact: true }).click();
  await inspect(page, "api-list");
  await page.goto("/api/private/stem/session/?sort[]=name");
  await inspect(page, "api-sign-in");
  await page.goto(`${SESSIONS}?colour=red`);
  await inspect(page, "api-refused");
});

test("a person who signs in from an address of the API comes back to it", async () => {
  const { page } = await signedIn("reader@lab.example");
  await page.goto("/api/private/users/me/");
  await page.locator("pre.json").getByText("reader@lab.example").waitFor();
  await page.getByRole("banner").getByText("reader@lab.example").waitFor();
});
