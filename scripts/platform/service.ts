import { join } from "node:path";
import { Failure } from "./failure.ts";
import { openGate } from "./gate.ts";
import { ROOT } from "./wrangler.ts";

/** The log levels of the service, from no log to all of it. */
export const LOG_LEVELS = ["none", "error", "warn", "info", "log", "debug"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where the service listens, the directory of its data, and the differences from `wrangler.toml`. */
export interface ServiceOptions {
  readonly ip: string;
  readonly port: number;
  readonly directory: string;
  readonly environment?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly logLevel?: LogLevel;
  /** How many requests without a token one address may send in ten seconds. */
  readonly addressLimit?: number;
}

/** The running local service. */
export interface Service {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Serves the Worker of `wrangler.toml` on the database in a directory, and reloads it when a file in `src/`
 * changes.
 *
 * The development server of wrangler exposes more than the API: a debugger, which runs any code, and paths of
 * its own. The debugger is therefore off, all sockets of the server listen only on this machine, and callers
 * reach the Worker only through the gate. `./wrangler.ts` switches off wrangler's explorer of the database.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { ip, port, directory, environment, variables = {}, logLevel = "log" } = options;
  const { addressLimit } = options;
  const { unstable_startWorker: startWorker } = await import("wrangler");
  const worker = await startWorker({
    config: join(ROOT, "wrangler.toml"),
    ...(environment !== undefined && { env: environment }),
    bindings: {
      ...Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name, { type: "plain_text", value }]),
      ),
      ...(addressLimit !== undefined && {
        RATE_LIMIT_BY_ADDRESS: {
          type: "ratelimit",
          namespace_id: "1002",
          simple: { limit: addressLimit, period: 10 },
        },
      }),
    },
    dev: {
      server: { hostname: "127.0.0.1", port: 0 },
      inspector: false,
      persist: directory,
      remote: false,
      watch: true,
      // At a more detailed level than "warn" it would print the socket behind the gate as the address of the
      // service.
      logLevel: isShown("warn", logLevel) ? "warn" : logLevel,
      structuredLogsHandler: ({ level, message }: StructuredLog) => {
        if (isShown(level, logLevel)) showLog(level, message);
      },
    },
  });
  try {
    await worker.ready;
    const gate = await openGate(ip, port, await worker.url);
    const stop = async () => {
      await gate.close();
      await worker.dispose();
    };
    return { port: gate.port, stop };
  } catch (error) {
    await worker.dispose();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`The service cannot be started: ${reason}`);
  }
}

/** A console message of the Worker. */
interface StructuredLog {
  readonly level: string;
  readonly message: string;
}

function isShown(level: string, most: LogLevel): boolean {
  const levels: readonly string[] = LOG_LEVELS;
  return levels.indexOf(level) <= levels.indexOf(most);
}

function showLog(level: string, message: string): void {
  const stream = level === "error" || level === "warn" ? process.stderr : process.stdout;
  stream.write(`${message}\n`);
}
