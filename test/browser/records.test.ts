import { expect, test } from "vitest";
import { inspect, makeLab, newPage, signedIn } from "./support/pages.ts";

const NEW = "/private/stem/session/new/";

test("a session is added, read, edited, duplicated and deleted", async () => {
  const email = "records@lab.example";
  const { page } = await signedIn(email);
  const lab = await makeLab(email, "Records");
  await page.goto(NEW);
  await inspect(page, "session-new");
  await page.getByLabel("Name", { exact: false }).first().fill("R2W3_20230322");
  await page.getByLabel("Description").fill("A first look at replay.\nTwo probes.");
  await page.getByLabel("Find Projects").fill("records");
  await page.getByRole("button", { name: `Add ${lab.project.name}` }).click();
  await page.getByRole("button", { name: `Remove ${lab.project.name}` }).waitFor();
  await page.getByLabel("Date and time").fill("2023-03-22T15:30");
  for (const { name } of lab.storages) {
    await page.getByRole("button", { name: `Add ${name}` }).click();
    await page.getByRole("button", { name: `Remove ${name}` }).waitFor();
  }
  await page.getByRole("button", { name: `Move ${lab.storages[2]?.name} up` }).click();
  await page.getByText("Moved to position 2 of 3.").waitFor();
  await page.getByLabel("Add to Tags").fill("pilot, CA1");
  await page.getByLabel("Add to Tags").press("Enter");
  await page.getByRole("button", { name: "Remove CA1" }).waitFor();
  await page.getByLabel("Extra fields, key 1").fill("depth_um");
  await page.getByLabel("Extra fields, value 1").fill("1200");
  await page.getByLabel("Download links, repository 1").selectOption("Zenodo");
  await page.getByLabel("Download links, address 1").fill("javascript:alert(1)");
  await inspect(page, "session-new-filled");
  await page.getByRole("button", { name: "Add the session" }).click();
  await page.getByText("Nothing was saved yet").waitFor();
  await inspect(page, "session-new-faulty");
  await page.getByLabel("Download links, address 1").fill("https://zenodo.org/records/1");
  await page.getByRole("button", { name: "Add the session" }).click();
  await page.getByText("Saved.").waitFor();
  await inspect(page, "session");
  await page.getByRole("link", { name: "Edit" }).click();
  await inspect(page, "session-edit");
  await page.getByLabel("Description").fill("Changed.");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  await page.getByRole("link", { name: "Add an epoch" }).click();
  await page.getByLabel("Name", { exact: false }).first().fill("Pre-task sleep");
  await page.getByLabel("Start").fill("0");
  await page.getByLabel("End").fill("3600");
  await inspect(page, "epoch-new");
  await page.getByRole("button", { name: "Add the epoch" }).click();
  await page.getByText("Saved.").waitFor();
  await inspect(page, "epoch");
  await page.getByRole("link", { name: "R2W3_20230322" }).click();
  await inspect(page, "session-with-epoch");
  await page.getByRole("link", { name: "The history on a page of its own" }).click();
  await page.getByText("changed description").click();
  await inspect(page, "session-history");
  await page.goBack();
  await page.getByRole("link", { name: "Duplicate" }).click();
  await page.getByRole("button", { name: "Add the session" }).click();
  await page.getByRole("heading", { name: "R2W3_20230322 (copy)" }).waitFor();
  await page.getByRole("link", { name: "Delete" }).click();
  await inspect(page, "session-delete");
  await page.getByRole("button", { name: "Delete the session" }).click();
  await page.getByRole("heading", { name: "The session is deleted" }).waitFor();
});

test("storages are ordered by drag and by keyboard, and projects found while one types", async () => {
  const email = "order@lab.example";
  const { page } = await signedIn(email);
  const lab = await makeLab(email, "Order");
  await page.goto(`${NEW}?projects=${lab.project.id}`);
  await page.getByLabel("Find Data storages").pressSequentially("clou");
  await page.getByRole("button", { name: "Add Order server" }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Add Order cloud" }).click();
  for (const place of ["server", "archive"]) {
    await page.getByRole("button", { name: `Add Order ${place}` }).click();
    await page.getByRole("button", { name: `Remove Order ${place}` }).waitFor();
  }
  const rows = page.locator('[data-field="datastorage"] [data-order] > li');
  const order = () => rows.locator(".chosen-name").allTextContents();
  expect(await order()).toEqual(["Order cloud", "Order server", "Order archive"]);
  await rows.nth(2).dragTo(rows.nth(0), { targetPosition: { x: 40, y: 2 } });
  await page.getByRole("button", { name: "Move Order archive up", disabled: true }).waitFor();
  await expect.poll(order).toEqual(["Order archive", "Order cloud", "Order server"]);
  await page.getByRole("button", { name: "Remove Order server" }).focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect.poll(order).toEqual(["Order archive", "Order server", "Order cloud"]);
});

test("without scripts a session is added, and its storages are ordered by buttons", async () => {
  const email = "plain@lab.example";
  const { page, context } = await newPage({
    javaScriptEnabled: false,
    viewport: { width: 390, height: 844 },
  });
  await signedIn(email, context);
  const lab = await makeLab(email, "Plain");
  await page.goto(NEW);
  await page.getByLabel("Name", { exact: false }).first().fill("plain");
  await page.getByRole("button", { name: "Add Plain project" }).click();
  await page.getByRole("button", { name: "Add Plain server" }).click();
  await page.getByRole("button", { name: "Add Plain cloud" }).click();
  await page.getByRole("button", { name: "Move Plain cloud up" }).click();
  await page.getByLabel("Add to Tags").fill("pilot, CA1");
  await page.getByRole("button", { name: "Add the session" }).click();
  await page.getByText("Saved.").waitFor();
  const text = await page.locator("main").innerText();
  expect(text.indexOf("Plain cloud")).toBeLessThan(text.indexOf("Plain server"));
  expect(text).toContain("pilot");
  expect(lab.storages).toHaveLength(3);
});

test("two people at one session: the second one sees both versions and decides", async () => {
  const email = "both@lab.example";
  const { page, context } = await signedIn(email);
  const lab = await makeLab(email, "Both");
  await page.goto(`${NEW}?projects=${lab.project.id}&name=shared`);
  await page.getByRole("button", { name: "Add the session" }).click();
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("Description").fill("What I think.");
  const other = await context.newPage();
  await other.goto(page.url());
  await other.getByLabel("Description").fill("What they think.\nIn two lines.");
  await other.getByLabel("Add to Tags").fill("theirs");
  await other.getByRole("button", { name: "Save" }).click();
  await other.getByText("Saved.").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "Somebody else has changed this session" }).waitFor();
  await inspect(page, "session-conflict");
  await page.getByRole("button", { name: "Save as chosen" }).click();
  await page.getByText("Saved.").waitFor();
  const text = await page.locator("main").innerText();
  expect(text).toContain("What I think.");
  expect(text).toContain("theirs");
});

test("an expired sign-in loses nothing", async () => {
  const email = "expired@lab.example";
  const { page, context } = await signedIn(email);
  const lab = await makeLab(email, "Expired");
  await page.goto(`${NEW}?projects=${lab.project.id}`);
  await page.getByLabel("Name", { exact: false }).first().fill("typed for hours");
  await context.clearCookies();
  await page.getByRole("button", { name: "Add the session" }).click();
  await page.getByRole("heading", { name: "Sign in to save" }).waitFor();
  await inspect(page, "session-signed-out");
  await signedIn(email, context);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText("Look it over, and save it now").waitFor();
  await page.getByRole("button", { name: "Add the session" }).click();
  await page.getByRole("heading", { name: "typed for hours" }).waitFor();
});

test("sessions are imported from a file, after a look at every row", async () => {
  const email = "import@lab.example";
  const { page } = await signedIn(email);
  await makeLab(email, "Import");
  await page.goto("/private/stem/session/import/");
  await inspect(page, "import");
  const choose = (text: string) =>
    page.getByLabel(/CSV file|corrected file/).setInputFiles({
      name: "sessions.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(text),
    });
  await choose("name,date_time,tags\nimported-1,2023-02-30,pilot\nimported-2,,\n");
  await page.getByRole("button", { name: "Check the file" }).click();
  await page.getByRole("heading", { name: "The file has errors" }).waitFor();
  await inspect(page, "import-faulty");
  await choose("name,date_time,tags\nimported-1,2023-02-28T10:00,pilot\nimported-2,,\n");
  await page.getByRole("button", { name: "Check it again" }).click();
  await page.getByRole("heading", { name: "2 sessions are ready" }).waitFor();
  await inspect(page, "import-ready");
  await page.getByRole("button", { name: "Import 2 sessions" }).click();
  await page.getByRole("heading", { name: "2 sessions are imported" }).waitFor();
});

test("the folders and protocols of a data storage are rows, which move and go away", async () => {
  const { page } = await signedIn("rows@lab.example");
  const { storages } = await makeLab("rows@lab.example", "Rows");
  const path = `/private/personal_attributes/datastorage/${storages[0]?.id}/`;
  await page.goto(`${path}edit/`);
  const folders = page.getByRole("group", { name: "Data organization" });
  await folders.getByRole("button", { name: "Move row 3 up" }).click();
  await folders.getByText("Moved to position 2.").waitFor();
  await folders.getByRole("button", { name: "Remove row 3" }).click();
  await folders.getByText("Row removed.").waitFor();
  await page.getByLabel("Data protocols, Protocol 2").fill("SFTP");
  await page.getByLabel("Data protocols, Path 2").fill("/mnt/data");
  await page.getByLabel("Data protocols, Public 2").selectOption("public");
  await page.getByLabel("Users, member 2").pressSequentially("rows@");
  await page.locator('datalist option[value="rows@lab.example"]').waitFor({ state: "attached" });
  await page.getByLabel("Users, member 2").fill("");
  await inspect(page, "storage-edit");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  const cells = await page.locator("table.objects td").allTextContents();
  expect(cells).toEqual([
    "Projects",
    "Sessions",
    "SMB",
    "//server/data",
    "No",
    "SFTP",
    "/mnt/data",
    "Yes",
  ]);
  await inspect(page, "storage");
});
