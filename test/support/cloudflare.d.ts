declare namespace Cloudflare {
  interface Env {
    /** A second database, which plays a replica of the first. */
    REPLICA: D1Database;
    /** A rate limit of three requests in ten seconds. */
    LIMIT_OF_THREE: RateLimit;
    /** The migrations of `drizzle/`, handed in by the test configuration. */
    MIGRATIONS: import("@cloudflare/vitest-plugin").D1Migration[];
    /** How many sequences the model-based test runs, empty for as many as it takes by itself. */
    MODEL_RUNS: string;
    /** Whether tests look at all cases of a kind: "1", or empty for those that tell most. */
    THOROUGH: string;
    COST_SIZE: string;
    /** Where random tests begin: a number, `random`, or empty for the seed that every run shares. */
    SEED: string;
  }
  interface GlobalProps {
    mainModule: typeof import("../../src/index.ts");
  }
}
