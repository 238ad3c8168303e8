import { once } from "node:events";
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** The only socket that other machines can reach. It forwards requests to the development server. */
export interface Gate {
  readonly port: number;
  close(): Promise<void>;
}

/** Paths that the development server answers itself, in place of the Worker. */
const RESERVED = /^\/(?=(cdn-cgi|__cf_local)(\/|$))/;

/** Headers about one connection, which are not forwarded with the request. */
const HOP_BY_HOP = ["connection", "expect", "keep-alive", "proxy-connection", "upgrade"];

/** The bound on the headers of a request together with its path, in bytes: filters make long queries. */
const MAX_HEADER_SIZE = 128 * 1024;

/** Opens a gate on `host` and `port` that forwards every request to `target`. */
export async function openGate(host: string, port: number, target: URL): Promise<Gate> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer({ maxHeaderSize: MAX_HEADER_SIZE }, (incoming, outgoing) =>
    forward(incoming, outgoing, target, agent),
  );
  server.listen({ port, host: host === "*" ? "::" : host });
  await once(server, "listening");
  return {
    // The address of a server that listens on a port is an AddressInfo.
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
      agent.destroy();
    },
  };
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { hostname, port }: URL,
  agent: Agent,
): void {
  const path = pathForWorker(incoming.url ?? "/");
  if (path === undefined) {
    refuse(outgoing, 400, "The path of the request is malformed.");
    return;
  }
  const { method } = incoming;
  const headers = headersForWorker(incoming);
  const forwarded = request({ hostname, port, agent, method, path, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
    answer.on("error", () => outgoing.destroy());
    answer.pipe(outgoing);
  });
  forwarded.on("error", () => {
    // The error is ignored once the answer has started: the service may answer before it has read the whole
    // body.
    if (!outgoing.headersSent) refuse(outgoing, 503, "The service is starting. Try again.");
  });
  outgoing.on("close", () => {
    if (!outgoing.writableFinished) forwarded.destroy();
  });
  incoming.pipe(forwarded);
}

/**
 * The path and query for the Worker; undefined for a malformed path. A reserved path is escaped so that the
 * development server does not recognise it, and the Worker answers it as in a deployment.
 */
function pathForWorker(target: string): string | undefined {
  const absolute = target.startsWith("/") ? `http://localhost${target}` : target;
  if (!URL.canParse(absolute)) return target === "*" ? "/*" : undefined;
  const { pathname, search } = new URL(absolute);
  if (!RESERVED.test(pathname)) return target.startsWith("/") ? target : pathname + search;
  const first = pathname.charCodeAt(1).toString(16);
  return `/%${first}${pathname.slice(2)}${search}`;
}

/**
 * The headers without those that control the development server. The address of the caller is that of its
 * connection. A proxy on this machine may set another address, as Cloudflare does.
 */
function headersForWorker({ headers, socket }: IncomingMessage): IncomingHttpHeaders {
  const kept = Object.entries(headers).filter(
    ([name]) => !HOP_BY_HOP.includes(name) && !name.startsWith("mf-"),
  );
  const address = socket.remoteAddress?.replace(/^::ffff:/, "") ?? "";
  const named = isLoopback(address) ? headers["cf-connecting-ip"] : undefined;
  return { ...Object.fromEntries(kept), "cf-connecting-ip": named ?? address };
}

function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

function refuse(outgoing: ServerResponse, status: number, detail: string): void {
  outgoing.writeHead(status, { "Content-Type": "application/json" });
  outgoing.end(JSON.stringify({ detail }));
}
