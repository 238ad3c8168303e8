import { beforeAll, describe, expect, test } from "vitest";
import {
  type Browser,
  buildBrowserSession,
  newBrowser,
  type Opened,
} from "../../support/browser.ts";
import { buildUser } from "../../support/builders.ts";
import { ORIGIN } from "../../support/client.ts";

// Whatever people type is text on every page, also on those that show it again before it is stored.

const MARKUP = `"'></title></textarea></script><script>alert(1)</script><img src=x onerror=alert(2)>`;
const LINK = "javascript:alert(1)";

let browser: Browser;
let ids: Readonly<Record<"session" | "project" | "storage" | "group" | "epoch", string>>;

beforeAll(async () => {
  const user = await buildUser();
  const { client } = user;
  ({ browser } = await buildBrowserSession(user));
  const make = async (path: string, key: string, body: object): Promise<string> => {
    const answer = await client.post(`/api/private${path}`, body);
    expect(answer.status).toBe(201);
    return answer.body[key].id;
  };
  const project = await make("/stem/project/", "project", {
    name: MARKUP,
    description: `${MARKUP} ${LINK}`,
    tags: [MARKUP],
    is_public: true,
    extra_fields: { html: MARKUP },
  });
  const storage = await make("/personal_attributes/datastorage/", "datastorage", {
    name: MARKUP,
    location: MARKUP,
    description: MARKUP,
    is_public: true,
    data_organization: [{ elements: MARKUP, [MARKUP]: MARKUP }, { elements: "Sessions" }],
    data_protocols: [{ protocol: MARKUP, path: `${LINK}//${MARKUP}`, is_public: true }],
  });
  const session = await make("/stem/session/", "session", {
    name: MARKUP,
    description: MARKUP,
    projects: [project],
    datastorage: [storage],
    date_time: "2024-01-01T00:00:00Z",
    tags: [MARKUP, LINK],
    extra_fields: { html: MARKUP, link: LINK },
    download_links: [{ repository: "Other", url: `https://example.org/?a=%22"'<script>` }],
  });
  const epoch = await make("/stem/epoch/", "epoch", {
    session,
    name: MARKUP,
    notes: MARKUP,
    start: 0,
    end: 10,
  });
  const group = await make("/users/group/", "group", { name: MARKUP });
  await client.patch(`/api/private/stem/session/${session}/`, { description: `${MARKUP} again` });
  await client.patch(`/api/private/stem/project/${project}/`, {
    groups: { [MARKUP]: { can_change: true } },
  });
  ids = { session, project, storage, group, epoch };
});

/** The page has no element, no script and no link of what people typed. */
function expectText({ text, headers }: Opened): void {
  expect(headers.get("Content-Type")).toMatch(/^text\/html/);
  expect(text).toContain("alert(1)");
  expect(text).not.toMatch(/<script(?! src="\/assets\/| type="application\/ld\+json")/i);
  expect(text).not.toMatch(/<img src=x|<[^>]*\sonerror=(?![^"<>]*(?:&quot;|"))/i);
  expect(text).not.toMatch(/(?:href|src|action)="?javascript:/i);
  expect(headers.get("Content-Security-Policy")).toContain("script-src 'self'");
}

const encoded = encodeURIComponent(MARKUP);

/** Pages that show the records. */
const SHOWN: readonly (readonly [string, () => string])[] = [
  ["the home page", () => "/"],
  ["the list of sessions", () => "/private/stem/session/"],
  [
    "a filtered list",
    () => `/private/stem/session/?filter{name}=${encoded}&filter{tags}=${encoded}`,
  ],
  [
    "a list with every column",
    () =>
      "/private/stem/session/?only[]=extra_fields&only[]=download_links&only[]=description&only[]=datastorage",
  ],
  ["a session", () => `/private/stem/session/${ids.session}/`],
  ["its form", () => `/private/stem/session/${ids.session}/edit/`],
  ["its copy", () => `/private/stem/session/new/?from=${ids.session}`],
  ["its deletion", () => `/private/stem/session/${ids.session}/delete/`],
  ["its history", () => `/private/stem/session/${ids.session}/history/`],
  ["a project", () => `/private/stem/project/${ids.project}/`],
  ["its plot by tag", () => `/private/stem/project/${ids.project}/?by=tag`],
  ["its plot by storage", () => `/private/stem/project/${ids.project}/?by=datastorage`],
  ["the question to unpublish it", () => `/private/stem/project/${ids.project}/?confirm=unpublish`],
  ["the history of the project", () => `/private/stem/project/${ids.project}/history/`],
  ["the form of a project", () => `/private/stem/project/${ids.project}/edit/`],
  ["a data storage", () => `/private/personal_attributes/datastorage/${ids.storage}/`],
  [
    "the form of a data storage",
    () => `/private/personal_attributes/datastorage/${ids.storage}/edit/`,
  ],
  ["an epoch", () => `/private/stem/epoch/${ids.epoch}/`],
  ["the form of an epoch", () => `/private/stem/epoch/${ids.epoch}/edit/`],
  ["a group", () => `/private/users/group/${ids.group}/`],
  ["the import", () => "/private/stem/session/import/"],
  ["an answer of the API", () => `/api/private/stem/session/${ids.session}/?include[]=projects`],
];

const PUBLIC: readonly (readonly [string, () => string])[] = [
  ["the home page", () => "/"],
  ["the list of sessions", () => "/public/stem/session/"],
  ["a session", () => `/public/stem/session/${ids.session}/`],
  ["a project", () => `/public/stem/project/${ids.project}/`],
  ["a data storage", () => `/public/personal_attributes/datastorage/${ids.storage}/`],
  ["an answer of the API", () => "/api/public/stem/project/"],
];

describe("what people stored is text", () => {
  test.each(SHOWN)("on %s", async (_, path) => {
    expectText(await browser.open(path()));
  });

  test.each(PUBLIC)("for a visitor on %s", async (_, path) => {
    expectText(await newBrowser().open(path()));
  });
});

describe("what an address says is text", () => {
  test.each([
    `/private/stem/session/?search=${encoded}`,
    `/private/stem/session/?${encoded}=1`,
    `/private/stem/session/?filter{${encoded}}=1`,
    `/private/stem/session/?sort[]=${encoded}`,
    `/private/stem/session/new/?name=${encoded}`,
    `/api/private/stem/session/?${encoded}=${encoded}`,
    `/api/private/stem/session/?filter{name}=${encoded}&search=${encoded}`,
  ])("%s", async (path) => {
    expectText(await browser.open(path));
  });

  test("that asks to sign in", async () => {
    const { location = "" } = await newBrowser().open(`/private/stem/session/?search=${encoded}`);
    expect(new URL(location, ORIGIN).pathname).toBe("/account/sign-in/");
  });
});

describe("what a form says is text when it is shown again", () => {
  test("in the form of a session, with all of its errors", async () => {
    await browser.open("/private/stem/session/new/");
    const form = {
      name: `${MARKUP}${MARKUP}`,
      description: MARKUP,
      "projects.search": "",
      "extra_fields.key": MARKUP,
      "extra_fields.value": MARKUP,
      "extra_fields.as": MARKUP,
      "download_links.repository": MARKUP,
      "download_links.url": LINK,
      "tags.add": MARKUP,
      [MARKUP]: MARKUP,
      form_do: "save",
    };
    const refused = await browser.submit("/private/stem/session/new/", form);
    expect(refused.status).toBe(400);
    expectText(refused);
  });

  test("in the preview of an import", async () => {
    await browser.open("/private/stem/session/import/");
    const quoted = `"${MARKUP.replaceAll('"', '""')}"`;
    const preview = await browser.submit("/private/stem/session/import/", {
      form_text: `name,description,tags\n${quoted},${quoted},${quoted}`,
      project: ids.project,
      form_do: "check",
    });
    expectText(preview);
  });

  test("in the form for a member of a project", async () => {
    const path = `/private/stem/project/${ids.project}/`;
    await browser.open(path);
    const member = { kind: "users", key: MARKUP, level: "member", action: "add-member" };
    const refused = await browser.submit(path, member);
    expect(refused.status).toBe(400);
    expectText(refused);
  });
});

describe("the structured data of a public page", () => {
  test.each(["session", "project"] as const)("of a %s is JSON that no text ends", async (kind) => {
    const path = `/public/stem/${kind}/${ids[kind]}/`;
    const { text } = await newBrowser().open(path);
    const [, json = ""] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(text) ?? [];
    expect(json).not.toContain("<");
    expect(JSON.parse(json)).toMatchObject({
      "@context": "https://schema.org",
      "@type": "Dataset",
      "@id": ORIGIN + path,
      identifier: ids[kind],
      name: MARKUP,
      ...(kind === "session" && {
        temporalCoverage: "2024-01-01T00:00:00Z",
        keywords: [MARKUP, LINK],
      }),
    });
    expect((await browser.open(path.replace("public", "private"))).text).not.toContain("ld+json");
  });
});
