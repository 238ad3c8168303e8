import { join } from "node:path";
import { Failure } from "./failure.ts";
import { openGate } from "./gate.ts";
import { ROOT } from "./wrangler.ts";

/** Where the service listens, what it keeps where, and variables of `wrangler.toml` that are otherwise. */
export interface ServiceOptions {
  readonly ip: string;
  readonly port: number;
  readonly directory: string;
  readonly environment?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** The service on this machine. */
export interface Service {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Serves the Worker of `wrangler.toml` on the database in a directory, and takes up changes of `src/`.
 *
 * The development server of wrangler opens more than the API: a debugger, which runs any code, and paths
 * of its own. The debugger stays off, all sockets of the server stay on this machine, and callers reach
 * the Worker through a gate alone. `./wrangler.ts` has switched off the explorer of the database.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { ip, port, directory, environment, variables = {} } = options;
  const { unstable_startWorker: startWorker } = await import("wrangler");
  const worker = await startWorker({
    config: join(ROOT, "wrangler.toml"),
    ...(environment !== undefined && { env: environment }),
    bindings: Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, { type: "plain_text", value }]),
    ),
    dev: {
      server: { hostname: "127.0.0.1", port: 0 },
      inspector: false,
      persist: directory,
      remote: false,
      watch: true,
      // It would name the socket behind the gate as the address of the service.
      logLevel: "warn",
      structuredLogsHandler: showLog,
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

function showLog({ level, message }: { readonly level: string; readonly message: string }): void {
  const stream = level === "error" || level === "warn" ? process.stderr : process.stdout;
  stream.write(`${message}\n`);
}
