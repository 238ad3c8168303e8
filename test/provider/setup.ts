import type { TestProject } from "vitest/node";
import { startFaultyProvider } from "./faulty.ts";

/** Starts the provider that the tests in workerd call: it needs Node. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const provider = await startFaultyProvider();
  project.provide("providerUrl", provider.url);
  return () => provider.close();
}
