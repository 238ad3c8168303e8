declare namespace Cloudflare {
  /** The Worker's bindings, as `wrangler.toml` declares them. */
  interface Env {
    DB: D1Database;
  }
}
