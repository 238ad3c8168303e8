import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AxeResults } from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { expect, inject, onTestFinished } from "vitest";
import { createRecord, readInput } from "../../../scripts/operator/records.ts";
import { createSignInLink } from "../../../scripts/operator/sign-in.ts";
import { createUser, listUsers } from "../../../scripts/operator/users.ts";
import { openDatabase } from "../../../scripts/platform/database.ts";
import { OPERATOR } from "../../../src/db/access.ts";
import type { Connection } from "../../../src/db/connection.ts";
import { userInput } from "../../../src/models/account/new-user.ts";
import { dataStorage } from "../../../src/models/data-storage.ts";
import { project } from "../../../src/models/project.ts";

// Pages in a real browser, against the service as `npm start` serves it.

export const SERVICE_URL = inject("serviceUrl");

/**
 * The database of the running service, as the administrator's commands open it. It takes a second to open, so all
 * test files share it; it ends with them.
 */
const database = openDatabase({ kind: "local", directory: inject("serviceDirectory") });

async function onDatabase<Result>(work: (connection: Connection) => Promise<Result>) {
  return work((await database).connection);
}

const SCREENSHOTS = join(import.meta.dirname, "..", "screenshots");

/** Pictures are for people to look at, and take a browser as long as all the rest. */
const TAKES_PICTURES = process.env.SCREENSHOTS === "1";

const SCREENS = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 900 },
} as const;

// One connection for all test files. It ends with the browser.
const browser = await chromium.connect(inject("browserEndpoint"));
const axe = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
if (TAKES_PICTURES) await mkdir(SCREENSHOTS, { recursive: true });

/** A page in a browser profile of its own, without cookies. Its profile is gone after the test. */
export async function newPage(
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<{ readonly page: Page; readonly context: BrowserContext }> {
  const context = await browser.newContext({
    baseURL: SERVICE_URL,
    viewport: SCREENS.desktop,
    ...options,
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  refuseTrouble(page);
  return { page, context };
}

/** A sign-in link for the user with this email, who is made when there is none. */
export function linkFor(
  email: string,
  names: Readonly<Record<string, string>> = {},
): Promise<string> {
  return onDatabase(async (connection) => {
    const users = await listUsers(connection, OPERATOR);
    if (!users.some((user) => user.email === email)) {
      await createUser(connection, OPERATOR, readInput(userInput, { email, ...names }));
    }
    const of = { email, baseUrl: SERVICE_URL };
    return (await createSignInLink(connection, OPERATOR, of)).address;
  });
}

/**
 * A page of a user who has signed in with a link.
 *
 * @param profile the browser profile to sign in with, a new one when absent
 */
export async function signedIn(
  email: string,
  profile?: BrowserContext,
): Promise<{ readonly page: Page; readonly context: BrowserContext }> {
  const link = await linkFor(email);
  const opened =
    profile === undefined ? await newPage() : { page: await profile.newPage(), context: profile };
  await opened.page.goto(link);
  await opened.page.getByRole("button", { name: `Sign in as ${email}` }).click();
  return opened;
}

/** A record of a lab, as a page shows it. */
export interface LabRecord {
  readonly id: string;
  readonly name: string;
}

/**
 * A project and three data storages that a user owns.
 *
 * @param name the beginning of their names, which nobody else uses
 */
export function makeLab(
  email: string,
  name: string,
): Promise<{ readonly project: LabRecord; readonly storages: readonly LabRecord[] }> {
  const operator = { ...OPERATOR, owner: email };
  return onDatabase(async (connection) => {
    const make = async (
      model: Parameters<typeof createRecord>[2],
      body: { readonly name: string },
    ) => ({
      id: String(JSON.parse(await createRecord(connection, operator, model, body)).id),
      name: body.name,
    });
    const storages: LabRecord[] = [];
    for (const place of ["server", "archive", "cloud"]) {
      const body = {
        name: `${name} ${place}`,
        location: "Basement",
        data_organization: [
          { elements: "Projects" },
          { elements: "Subjects" },
          { elements: "Sessions" },
        ],
        data_protocols: [{ protocol: "SMB", path: `//${place}/data`, is_public: false }],
      };
      storages.push(await make(dataStorage, body));
    }
    return { project: await make(project, { name: `${name} project` }), storages };
  });
}

/** A page may have no script error, and load nothing that its content security policy forbids. */
function refuseTrouble(page: Page): void {
  const trouble: string[] = [];
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|refused/i.test(message.text())) trouble.push(message.text());
  });
  onTestFinished(() => expect(trouble).toEqual([]));
}

/** In which of its colours axe looks at a page on each screen: it needs each layout once, and each colour once. */
const CHECKED = { phone: "dark", desktop: "light" } as const;

/**
 * Looks at a page as people do: on a phone and on a desktop, in the light or in the dark. axe finds nothing, and
 * nothing is wider than the screen. Each screen is kept as a picture in both colours.
 */
export async function inspect(page: Page, name: string): Promise<void> {
  await page.evaluate(axe);
  for (const screen of ["phone", "desktop"] as const) {
    await page.setViewportSize(SCREENS[screen]);
    const checked = CHECKED[screen];
    for (const colorScheme of TAKES_PICTURES ? (["light", "dark"] as const) : [checked]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await takePicture(page, `${name}-${screen}-${colorScheme}`);
      if (colorScheme !== checked) continue;
      expect(await violationsOf(page), `${name}, ${screen}, ${colorScheme}`).toEqual([]);
    }
    // In the page, for which the tests have no types.
    const beyond = await page.evaluate<number>(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    );
    expect(beyond, `${name} on the ${screen}`).toBe(0);
  }
  await page.setViewportSize(SCREENS.desktop);
  await page.emulateMedia({ colorScheme: "light" });
}

/** Keeps a page as a picture in `test/browser/screenshots`, where `SCREENSHOTS=1` asks for it. */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (!TAKES_PICTURES) return;
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}

/** What axe finds, one line each. Its script runs beside the page, whose own policy would not let it in. */
async function violationsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await page.evaluate<AxeResults>(
    // Whatever else axe would list takes it most of its time.
    'axe.run({ resultTypes: ["violations"] })',
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}
