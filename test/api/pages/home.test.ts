import { beforeAll, describe, expect, test } from "vitest";
import { datasetOf } from "../../../src/pages/structured-data.tsx";
import { buildBrowserSession, newBrowser } from "../../support/browser.ts";
import { type BuiltUser, buildProject, buildUser } from "../../support/builders.ts";
import { ORIGIN } from "../../support/client.ts";
import { sessionRow, writeSessions } from "../../support/session-rows.ts";

let user: BuiltUser;
let open: { readonly id: string };
const newest = sessionRow({
  name: "newest public",
  projects: [],
  createdDate: "2026-02-01T00:00:00",
});

beforeAll(async () => {
  user = await buildUser();
  open = await buildProject({ name: "Open maze", isPublic: true });
  const own = await buildProject({ name: "Own sleep", users: { member: [user] } });
  await writeSessions([
    { ...newest, projects: [open.id] },
    ...Array.from({ length: 7 }, (_, n) =>
      sessionRow({
        name: `public ${n}`,
        projects: [open.id],
        createdDate: `2026-01-0${n + 1}T00:00:00`,
      }),
    ),
    sessionRow({ name: "own old", projects: [own.id], updatedDate: "2026-01-01T00:00:00" }),
    sessionRow({ name: "own new", projects: [own.id], updatedDate: "2026-03-01T00:00:00" }),
  ]);
});

const namesOn = (text: string) =>
  [...text.matchAll(/class="row-name" href="[^"]+">([^<]+)</g)].map(([, name]) => name);

describe("the home page", () => {
  test("counts what is public and shows the newest of it to a visitor", async () => {
    const { text } = await newBrowser().open("/");
    expect(text).toMatch(
      /<a href="\/public\/stem\/session\/">8 sessions<\/a> and <a href="\/public\/stem\/project\/">1 project<\/a> are public/,
    );
    expect(namesOn(text)).toEqual([
      "newest public",
      "public 6",
      "public 5",
      "public 4",
      "public 3",
      "Open maze",
    ]);
    expect(text).not.toMatch(/own (old|new)|Own sleep/);
    expect(text).toContain(`BrainstemClient(url=&quot;${ORIGIN}/&quot;`);
    expect(text).toContain('action="/public/stem/session/"');
    expect(text).toContain('href="/account/sign-in/"');
  });

  test("shows one's own sessions and projects, the latest changed first", async () => {
    const { browser } = await buildBrowserSession(user);
    const { text } = await browser.open("/");
    expect(namesOn(text)).toEqual(["own new", "own old", "Own sleep"]);
    expect(text).toContain('action="/private/stem/session/"');
    expect(text).not.toContain("token=");
  });

  test("is that of a visitor where a session has ended", async () => {
    const browser = newBrowser();
    browser.cookies.set("__Host-brainstem", "0".repeat(64));
    const { status, text } = await browser.open("/");
    expect(status).toBe(200);
    expect(namesOn(text)[0]).toBe("newest public");
    expect(text).not.toMatch(/own (old|new)/);
  });
});

describe("what search engines read", () => {
  const read = async (path: string) => {
    const { status, text, headers } = await newBrowser().open(path);
    const addresses = [...text.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address = ""]) => address);
    return { status, text, headers, addresses };
  };

  test("robots.txt keeps them from what is private, and names the sitemap", async () => {
    const { text, headers } = await read("/robots.txt");
    expect(headers.get("Content-Type")).toBe("text/plain; charset=utf-8");
    expect(text).toContain("Disallow: /private/");
    expect(text).toContain(`Sitemap: ${ORIGIN}/sitemap.xml`);
  });

  test("the sitemap leads to all public sessions and projects, and to nothing else", async () => {
    const index = await read("/sitemap.xml");
    expect(index.headers.get("Content-Type")).toBe("application/xml; charset=utf-8");
    expect(index.headers.get("Cache-Control")).toBe("public, max-age=3600");
    const parts = await Promise.all(
      index.addresses.map((address) => read(address.slice(ORIGIN.length))),
    );
    const all = parts.flatMap(({ addresses }) => addresses);
    expect(all).toHaveLength(3 + 8 + 1);
    expect(all).toContain(`${ORIGIN}/public/stem/session/${newest.id}/`);
    expect(all).toContain(`${ORIGIN}/public/stem/project/${open.id}/`);
    expect(all.filter((address) => address.includes("/private/"))).toEqual([]);
  });

  test.each(["/sitemap/session/2", "/sitemap/session/0", "/sitemap/user/1", "/sitemap/lists/2"])(
    "there is no part %s",
    async (path) => {
      expect((await read(path)).status).toBe(404);
    },
  );

  test("sees no cookie and sets none, even of a visitor who has signed in", async () => {
    const { browser } = await buildBrowserSession(user);
    const { headers } = await browser.open("/sitemap.xml");
    expect(headers.get("Set-Cookie")).toBeNull();
  });
});

describe("structured data", () => {
  const ADDRESS = `${ORIGIN}/public/stem/session/1a827c68-19b4-4cec-8ae5-e13c8f1de900/`;

  test("describes a session as a data set", () => {
    const record = {
      id: "1a827c68-19b4-4cec-8ae5-e13c8f1de900",
      name: "rat 7",
      description: "Rest.",
      tags: ["REM"],
      date_time: "2023-03-20T15:30:00Z",
      download_links: [{ url: "https://doi.org/10.5281/zenodo.1" }],
    };
    expect(datasetOf("session", record, ADDRESS)).toEqual({
      "@context": "https://schema.org",
      "@type": "Dataset",
      "@id": ADDRESS,
      url: ADDRESS,
      identifier: record.id,
      name: "rat 7",
      description: "The recording session rat 7 in a session registry for neuroscience. Rest.",
      isAccessibleForFree: true,
      keywords: ["REM"],
      temporalCoverage: "2023-03-20T15:30:00Z",
      distribution: [{ "@type": "DataDownload", contentUrl: "https://doi.org/10.5281/zenodo.1" }],
      includedInDataCatalog: {
        "@type": "DataCatalog",
        name: "BrainSTEM session registry",
        url: `${ORIGIN}/`,
      },
    });
  });

  test("has descriptions as long as search engines take, without half a character", () => {
    const record = { id: "1", name: "a", description: `a${"😀".repeat(5_000)}`, tags: [] };
    const { description } = datasetOf("project", record, ADDRESS) as { description: string };
    expect(description.length).toBeLessThanOrEqual(5_000);
    expect(description.isWellFormed()).toBe(true);
  });

  test("of the home page is JSON that no text ends", async () => {
    const { text } = await newBrowser().open("/");
    const [, json = ""] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(text) ?? [];
    expect(JSON.parse(json)).toMatchObject({ "@type": "DataCatalog", url: `${ORIGIN}/` });
    expect(json).not.toContain("<");
  });
});
