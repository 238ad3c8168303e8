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

test("the reference sends requests with filters and with the browser's session, and loads nothing from elsewhere", async () => {
  const { page } = await signedIn("docs@lab.example");
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto("/api/docs/");
  await page.locator('.opblock-tag[data-tag="session"]').click();
  const operation = page.locator("#operations-session-private_session_list");
  await operation.waitFor();
  await operation.locator(".opblock-summary-control").click();
  const parameter = operation.locator('tr[data-param-name="filter{name}"]');
  await parameter.getByRole("button", { name: "Add string item" }).click();
  await parameter.locator("input").fill("no such session");
  await operation.getByRole("button", { name: "Execute" }).click();
  await operation
    .locator(".live-responses-table .response-col_status", { hasText: "200" })
    .waitFor();
  const sent = asked.find((url) => url.includes("/api/private/stem/session/"));
  expect(decodeURIComponent(sent ?? "")).toContain("filter{name}=no such session");
  expect(await operation.locator(".live-responses-table").textContent()).toContain(
    '"sessions": []',
  );
  expect(asked.filter((url) => !url.startsWith(SERVICE_URL) && !url.startsWith("data:"))).toEqual(
    [],
  );
  await page.getByText("requests that read are sent as you").waitFor();
  await page.screenshot({ path: "test/browser/screenshots/api-docs.png" });
});

test("the reference writes with a token", async () => {
  const { page } = await signedIn("writer@lab.example");
  await page.goto("/private/users/tokens/");
  await page.getByLabel("What it is for").fill("docs");
  await page.getByRole("button", { name: "Make token" }).click();
  const token = (await page.getByText(/^bst_/).first().textContent())?.trim() ?? "";
  await page.goto("/api/docs/");
  await page.getByRole("button", { name: "Authorize" }).first().click();
  await page.locator(".auth-container input").first().fill(token);
  await page
    .locator(".auth-btn-wrapper")
    .getByRole("button", { name: "Apply credentials" })
    .first()
    .click();
  await page.getByRole("button", { name: "Close" }).first().click();
  await page.locator('.opblock-tag[data-tag="project"]').click();
  const operation = page.locator("#operations-project-private_project_add");
  await operation.locator(".opblock-summary-control").click();
  await operation.locator("textarea").fill(JSON.stringify({ name: "From the reference" }));
  await operation.getByRole("button", { name: "Execute" }).click();
  await operation
    .locator(".live-responses-table .response-col_status", { hasText: "201" })
    .waitFor();
});
