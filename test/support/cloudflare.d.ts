declare namespace Cloudflare {
  interface Env {
    /** The migrations of `drizzle/`, handed in by the test configuration. */
    MIGRATIONS: import("@cloudflare/vitest-plugin").D1Migration[];
  }
  interface GlobalProps {
    mainModule: typeof import("../../src/index.ts");
  }
}
