import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_readConfig } from "wrangler";
import { ROOT } from "../scripts/platform/wrangler.ts";
import type { Bundles } from "./bundle.ts";
import { DATABASE_ID } from "./database.ts";

/** The addresses of the Workers, which run in one workerd on one database, each with its own socket. */
export interface Servers {
  readonly service: string;
  readonly floor: string;
  readonly counted: string;
  close(): Promise<void>;
}

/** A rate limit of `wrangler.toml`, as wrangler parses it. */
interface RateLimitSetting {
  readonly name: string;
  readonly namespace_id: string;
  readonly simple: { readonly limit: number; readonly period: 10 | 60 };
}

/**
 * A limit that is never reached. All requests come from one address here, and those without a token are sent
 * as fast as possible.
 */
const UNMET = 1_000_000;

/** Starts the Workers on the database in `directory`, without the proxy of the development server. */
export async function startServers(bundles: Bundles, directory: string): Promise<Servers> {
  const configuration = unstable_readConfig({ config: join(ROOT, "wrangler.toml") });
  const { compatibility_date, ratelimits, vars } = configuration;
  const worker = async (name: "service" | "floor" | "counted") => ({
    name,
    modules: true,
    script: await readFile(bundles[name].module, "utf8"),
    d1Databases: { DB: DATABASE_ID },
    bindings: vars,
    ratelimits: Object.fromEntries(
      ratelimits.map(({ name: limit, namespace_id, simple }: RateLimitSetting) => [
        limit,
        { namespace_id, simple: { ...simple, limit: UNMET } },
      ]),
    ),
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
    ...(compatibility_date !== undefined && { compatibilityDate: compatibility_date }),
  });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: await Promise.all([worker("service"), worker("floor"), worker("counted")]),
      resourcePersistencePath: directory,
      cf: false,
      logRequests: false,
      handleStructuredLogs: showTrouble,
    }),
  );
  const origin = async (name: string) => (await miniflare.unsafeGetDirectURL(name)).origin;
  return {
    service: await origin("service"),
    floor: await origin("floor"),
    counted: await origin("counted"),
    close: () => miniflare.dispose(),
  };
}

/**
 * Prints only warnings and errors. The log line of each request is part of the measurement, but no one reads
 * it.
 */
function showTrouble({ level, message }: { readonly level: string; readonly message: string }) {
  if (level === "error" || level === "warn") process.stderr.write(`${message}\n`);
}
