import { beforeAll, describe, expect, test } from "vitest";
import { type Browser, buildBrowserSession } from "../../support/browser.ts";
import { type BuiltUser, buildUser, unique } from "../../support/builders.ts";
import type { Client } from "../../support/client.ts";
import { valuesOf } from "../../support/page-forms.ts";

const STORAGES = "/personal_attributes/datastorage/";

let user: BuiltUser;
let client: Client;
let browser: Browser;

beforeAll(async () => {
  user = await buildUser();
  client = user.client;
  ({ browser } = await buildBrowserSession(user));
});

/** A data storage with an object that has more than a form has inputs for. */
async function opened() {
  const { body } = await client.post(`/api/private${STORAGES}`, {
    name: unique("storage"),
    data_organization: [
      { elements: "Projects", separator: "_" },
      { elements: "Sessions" },
      { elements: { first: 1 } },
    ],
    data_protocols: [
      { protocol: "SMB", path: "//server/data", is_public: true },
      { protocol: "S3", path: "", is_public: false },
    ],
  });
  const { id } = body.datastorage;
  const path = `/private${STORAGES}${id}/edit/`;
  const form = valuesOf((await browser.open(path)).text);
  const send = async (button: string, given: URLSearchParams) => {
    const sent = new URLSearchParams(given);
    sent.set("form_do", button);
    return browser.submit(path, {}, undefined, sent);
  };
  const stored = async () => (await client.get(`/api/private${STORAGES}${id}/`)).body.datastorage;
  return { form, send, stored };
}

describe("the form of a data storage", () => {
  test("has a row for each folder and each protocol, and no JSON to write", async () => {
    const { form } = await opened();
    expect(form.getAll("data_organization.elements").filter(Boolean)).toEqual([
      "Projects",
      "Sessions",
    ]);
    expect(form.getAll("data_protocols.path").filter(Boolean)).toEqual(["//server/data"]);
    expect(form.getAll("data_protocols.is_public").slice(0, 2)).toEqual(["true", ""]);
  });

  test("moves and removes rows, adds one, and keeps what it has no input for", async () => {
    const { form, send, stored } = await opened();
    const moved = valuesOf((await send("data_organization.down.0", form)).text);
    const removed = valuesOf((await send("data_protocols.remove.1", moved)).text);
    const added = new URLSearchParams();
    let row = 0;
    for (const [name, value] of removed) {
      if (name === "data_protocols.protocol") row += 1;
      const isNew = row === 2 && value === "";
      const given = { "data_protocols.protocol": "SFTP", "data_protocols.path": "/mnt/data" }[name];
      added.append(name, isNew && given !== undefined ? given : value);
    }
    expect((await send("save", added)).location).toMatch(/\?saved$/);
    expect(await stored()).toMatchObject({
      data_organization: [
        { elements: "Sessions" },
        { elements: "Projects", separator: "_" },
        { elements: { first: 1 } },
      ],
      data_protocols: [
        { protocol: "SMB", path: "//server/data", is_public: true },
        { protocol: "SFTP", path: "/mnt/data", is_public: false },
      ],
    });
  });

  test("shows an error of a row in the words of the API, and what was typed", async () => {
    const { form, send, stored } = await opened();
    const before = await stored();
    form.set("data_protocols.protocol", "");
    const refused = await send("save", form);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain("item 1: protocol: This field");
    expect(valuesOf(refused.text).get("data_protocols.path")).toBe("//server/data");
    expect(await stored()).toEqual(before);
  });

  test("refuses a kept object that is no JSON, without an error of the service", async () => {
    const { form, send } = await opened();
    form.set("data_organization.rest", "{");
    const refused = await send("save", form);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain("What the form keeps of an object is no longer JSON.");
  });
});
