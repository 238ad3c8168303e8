type ProviderVariables = import("./auth/oidc/settings.ts").ProviderVariables;

declare namespace Cloudflare {
  /** The Worker's bindings, as `wrangler.toml` declares them. */
  interface Env extends ProviderVariables {
    DB: D1Database;
    /** The files of Swagger UI; absent where nobody serves files, as in the benchmark. */
    ASSETS?: Fetcher;
    /** The origins whose pages may call the API, separated by commas. */
    CORS_ORIGINS?: string;
    RATE_LIMIT_BY_ADDRESS?: RateLimit;
    RATE_LIMIT_BY_TOKEN?: RateLimit;
  }
}
