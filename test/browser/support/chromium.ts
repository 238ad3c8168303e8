import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type BrowserServer, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const APPLICATIONS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

const HELP = `The tests of the pages need Chromium. On Linux (x64) "npm ci" installs one. Elsewhere install Chromium or Google Chrome, or name one: CHROMIUM_PATH=/path/to/chromium npm test`;

/** Starts a Chromium without a window. The tests connect to it. */
export async function startChromium(): Promise<BrowserServer> {
  const { executablePath, args } = await findChromium();
  try {
    return await chromium.launchServer({ executablePath, args: [...args], headless: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${executablePath} does not start: ${reason}\n${HELP}`);
  }
}

/** The Chromium of `CHROMIUM_PATH`, else the one that npm installed, else one of this machine. */
async function findChromium(): Promise<{ executablePath: string; args: readonly string[] }> {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== "") {
    if (existsSync(named)) return { executablePath: named, args: ARGUMENTS };
    throw new Error(`CHROMIUM_PATH is ${named}, and there is no such file. ${HELP}`);
  }
  if (process.platform === "linux" && process.arch === "x64") {
    const { default: installed } = await import("@sparticuz/chromium");
    return { executablePath: await installed.executablePath(), args: ARGUMENTS };
  }
  const directories: readonly string[] = process.env.PATH?.split(delimiter) ?? [];
  const onPath = directories.flatMap((directory) => NAMES.map((name) => join(directory, name)));
  const found = [...onPath, ...APPLICATIONS].find((path) => existsSync(path));
  if (found === undefined) throw new Error(HELP);
  return { executablePath: found, args: ARGUMENTS };
}

/**
 * Containers and root have no support for the sandbox. The tests open pages of this service alone. The arguments
 * that the installed package proposes are for one page in one process, which ends with the first profile.
 */
const ARGUMENTS = ["--no-sandbox", "--disable-gpu"];
