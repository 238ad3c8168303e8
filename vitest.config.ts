import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** A rate limit that no test meets. */
const unmet = (namespace_id: string) => ({
  namespace_id,
  simple: { limit: 1_000_000, period: 10 as const },
});

/** Tests that run beside the Worker, in workerd with a real D1. */
const inWorkerd = (name: string) => ({
  plugins: [
    cloudflareTest(async () => ({
      wrangler: { configPath: "./wrangler.toml" },
      miniflare: {
        // A second database, for the part of a replica that lags.
        d1Databases: { DB: "DB", REPLICA: "REPLICA" },
        // The tests call from no address, much faster than strangers may; some bind limits of their own.
        ratelimits: {
          RATE_LIMIT_BY_TOKEN: unmet("1001"),
          RATE_LIMIT_BY_ADDRESS: unmet("1002"),
          LIMIT_OF_THREE: { namespace_id: "1003", simple: { limit: 3, period: 10 } },
        },
        bindings: {
          MIGRATIONS: await readD1Migrations("drizzle"),
          MODEL_RUNS: process.env.MODEL_RUNS ?? "",
          COST_SIZE: process.env.COST_SIZE ?? "",
          SEED: process.env.SEED ?? "",
        },
      },
    })),
  ],
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    setupFiles: ["test/support/setup.ts"],
    globalSetup: ["test/provider/setup.ts"],
    // One worker and one reset a file are three times as fast as a runtime a file.
    isolate: false,
    maxWorkers: 1,
  },
});

/** The pages in a real browser. One service and one browser serve all files. */
const inBrowser = (name: string, include: string) => ({
  test: {
    name,
    include: [include],
    environment: "node",
    globalSetup: ["test/browser/support/setup.ts"],
    isolate: false,
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

export default defineConfig({
  test: {
    // The Worker logs every request: only a failed test shows its log.
    silent: "passed-only",
    projects: [
      {
        test: { name: "unit", include: ["test/unit/**/*.test.ts"], environment: "node" },
      },
      inWorkerd("api"),
      // Every route against what goes wrong: failures of the database, hostile input, replicas that lag.
      inWorkerd("every-route"),
      {
        test: {
          name: "scripts",
          include: ["test/scripts/**/*.test.ts"],
          environment: "node",
          // They start wrangler, and wait for it on machines that are busy with the other tests.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      inBrowser("browser", "test/browser/*.test.ts"),
      // The whole round between a browser, the service and providers of identities.
      inBrowser("browser-long", "test/browser/long/*.test.ts"),
      {
        // What takes minutes: npm run test:long.
        test: {
          name: "long",
          include: ["test/long/**/*.test.ts"],
          environment: "node",
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
