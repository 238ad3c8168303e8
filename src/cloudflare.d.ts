declare namespace Cloudflare {
  /** The Worker's bindings, as `wrangler.toml` declares them. */
  interface Env {
    DB: D1Database;
    /** The origins whose pages may call the API, separated by commas. */
    CORS_ORIGINS?: string;
    RATE_LIMIT_BY_ADDRESS?: RateLimit;
    RATE_LIMIT_BY_TOKEN?: RateLimit;
  }
}
