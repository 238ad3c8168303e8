import { statfsSync } from "node:fs";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** A rate limit that no test meets. */
const unmet = (namespace_id: string) => ({
  namespace_id,
  simple: { limit: 1_000_000, period: 10 as const },
});

/** Where Linux keeps files in memory. */
const MEMORY = "/dev/shm";

/**
 * D1 waits for the disk at every commit. Where Linux has room for them, the databases of the tests lie in memory
 * instead, which takes a sixth off the time of every test file.
 */
function keepDatabasesInMemory(): void {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    if (bavail * bsize > 2 * 1024 ** 3) process.env.TMPDIR = MEMORY;
  } catch {
    // Other systems have no such directory.
  }
}

interface InWorkerd {
  readonly include: readonly string[];
  readonly exclude?: readonly string[];
  /** Whether the tests look at all cases of a kind, in place of those that tell most. */
  readonly isThorough?: boolean;
  /** Whether the databases may lie in memory. A browser in the same process would lie there, too. */
  readonly isInMemory?: boolean;
}

/** Tests that run beside the Worker, in workerd with a real D1. */
const inWorkerd = (
  name: string,
  { include, exclude = [], isThorough = false, isInMemory = true }: InWorkerd,
) => ({
  plugins: [
    cloudflareTest(async () => {
      if (isInMemory) keepDatabasesInMemory();
      return {
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
            THOROUGH: isThorough ? "1" : "",
            COST_SIZE: process.env.COST_SIZE ?? "",
            SEED: process.env.SEED ?? "",
          },
        },
      };
    }),
  ],
  test: {
    name,
    include: [...include],
    exclude: [...exclude],
    // A machine that is busy with other tests is slow, and that is no failure.
    testTimeout: 30_000,
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

/** The account: signing in, browser sessions, tokens. */
const ACCOUNT = "test/api/account/**/*.test.ts";

/** The files that ask `test/support/thorough.ts` how much they look at. */
const THOROUGH = [
  "test/api/account/browser-routes.test.ts",
  "test/api/account/oidc.test.ts",
  "test/api/cost/rows-read.test.ts",
  "test/api/denial-matrix.test.ts",
  "test/api/model.test.ts",
  "test/api/query/deep-pages.test.ts",
  "test/api/query/property.test.ts",
  "test/api/revealed.test.ts",
  "test/api/session/written-is-read.test.ts",
];

export default defineConfig({
  test: {
    // The Worker logs every request: only a failed test shows its log.
    silent: "passed-only",
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          environment: "node",
          // Pure functions leave nothing behind.
          isolate: false,
        },
      },
      inWorkerd("api", { include: ["test/api/**/*.test.ts"], exclude: [ACCOUNT] }),
      // Apart from the rest of test/api, so that the two processes of npm test take as long.
      inWorkerd("account", { include: [ACCOUNT], isInMemory: false }),
      // Every route against what goes wrong: failures of the database, hostile input, replicas that lag.
      inWorkerd("every-route", { include: ["test/every-route/**/*.test.ts"] }),
      // Files of test/api that look at more here: npm run test:long.
      inWorkerd("thorough", { include: THOROUGH, isThorough: true }),
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
      // The whole round between a browser, the service and providers of identities, and the reference of the API.
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
