import { createServer } from "node:net";
import { Failure } from "./failure.ts";

/**
 * Checks that a port is free. Otherwise the service would find out late and print a long error.
 *
 * @returns the port; for port 0 a free one
 */
export function findPort(host: string, port: number): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new Failure(explain(error, host, port))));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      const found = typeof address === "object" && address !== null ? address.port : port;
      server.close(() => resolve(found));
    });
  });
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): string {
  if (error.code === "EADDRINUSE") {
    return `Port ${port} on ${host} is taken: stop what runs there, or start on another port with "npm start -- --port ${port + 1}".`;
  }
  if (error.code === "EACCES") {
    return `Port ${port} on ${host} may not be opened by this user: choose one above 1023 with "npm start -- --port 8787".`;
  }
  return `The service cannot listen on ${host}:${port}: ${error.message}.`;
}
