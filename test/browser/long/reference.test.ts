import { expect, test } from "vitest";
import { SERVICE_URL, signedIn, takePicture } from "../support/pages.ts";

test("the reference sends requests with filters and the browser's session, writes with a token, and loads nothing from elsewhere", async () => {
  const { page } = await signedIn("docs@lab.example");
  await page.goto("/private/users/tokens/");
  await page.getByLabel("What it is for").fill("docs");
  await page.getByRole("button", { name: "Make token" }).click();
  const token = (await page.getByText(/^bst_/).first().textContent())?.trim() ?? "";
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto("/api/docs/");
  await page.locator('.opblock-tag[data-tag="session"]').click();
  const list = page.locator("#operations-session-private_session_list");
  await list.waitFor();
  await list.locator(".opblock-summary-control").click();
  const parameter = list.locator('tr[data-param-name="filter{name}"]');
  await parameter.getByRole("button", { name: "Add string item" }).click();
  await parameter.locator("input").fill("no such session");
  await list.getByRole("button", { name: "Execute" }).click();
  await list.locator(".live-responses-table .response-col_status", { hasText: "200" }).waitFor();
  const sent = asked.find((url) => url.includes("/api/private/stem/session/"));
  expect(decodeURIComponent(sent ?? "")).toContain("filter{name}=no such session");
  expect(await list.locator(".live-responses-table").textContent()).toContain('"sessions": []');
  await page.getByText("requests that read are sent as you").waitFor();
  await takePicture(page, "api-docs");

  await page.getByRole("button", { name: "Authorize" }).first().click();
  await page.locator(".auth-container input").first().fill(token);
  await page
    .locator(".auth-btn-wrapper")
    .getByRole("button", { name: "Apply credentials" })
    .first()
    .click();
  await page.getByRole("button", { name: "Close" }).first().click();
  await list.locator(".opblock-summary-control").click();
  await page.locator('.opblock-tag[data-tag="project"]').click();
  const add = page.locator("#operations-project-private_project_add");
  await add.locator(".opblock-summary-control").click();
  await add.locator("textarea").fill(JSON.stringify({ name: "From the reference" }));
  await add.getByRole("button", { name: "Execute" }).click();
  await add.locator(".live-responses-table .response-col_status", { hasText: "201" }).waitFor();
  expect(asked.filter((url) => !url.startsWith(SERVICE_URL) && !url.startsWith("data:"))).toEqual(
    [],
  );
});
