import type { TestProject } from "vitest/node";
import { makeDirectory, startService } from "../../scripts/command.ts";
import { startChromium } from "./chromium.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The address of the running service, without a closing slash. */
    readonly serviceUrl: string;
    /** The directory of its database. */
    readonly serviceDirectory: string;
    /** What `npm start` said. */
    readonly serviceOutput: string;
    /** Where Playwright reaches the browser. */
    readonly browserEndpoint: string;
  }
}

/** Starts the service on a database of its own, as `npm start` does, and one browser for all test files. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await makeDirectory();
  const [service, browser] = await Promise.all([startService(directory.path), startChromium()]);
  project.provide("serviceUrl", service.url);
  project.provide("serviceDirectory", directory.path);
  project.provide("serviceOutput", service.stdout);
  project.provide("browserEndpoint", browser.wsEndpoint());
  return async () => {
    await Promise.all([browser.close(), service.stop()]);
    await directory.remove();
  };
}
