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

/** The only socket that others can reach: what arrives there goes on to the development server. */
export interface Gate {
  readonly port: number;
  close(): Promise<void>;
}

/** Paths on which the development server answers itself, in place of the Worker. */
const RESERVED = /^\/(?=(cdn-cgi|__cf_local)(\/|$))/;

/** These are about one connection, not about the request. */
const HOP_BY_HOP = ["connection", "expect", "keep-alive", "proxy-connection", "upgrade"];

/** In bytes, for all headers of a request with its path: filters make long queries. */
const MAX_HEADER_SIZE = 128 * 1024;

/** Answers at `host` and `port` with what `target` answers. */
export async function openGate(host: string, port: number, target: URL): Promise<Gate> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer({ maxHeaderSize: MAX_HEADER_SIZE }, (incoming, outgoing) =>
    forward(incoming, outgoing, target, agent),
  );
  server.listen({ port, host: host === "*" ? "::" : host });
  await once(server, "listening");
  return {
    // A server that listens on a port has the address of one.
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
    // Nobody hears of it when the answer is under way: the service may answer before it has read a body.
    if (!outgoing.headersSent) refuse(outgoing, 503, "The service is starting. Try again.");
  });
  outgoing.on("close", () => {
    if (!outgoing.writableFinished) forwarded.destroy();
  });
  incoming.pipe(forwarded);
}

/**
 * The path as the Worker is to see it, with its query. A reserved one is spelt in such a way that the
 * development server takes it for any other, so that the Worker answers as it would when deployed.
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
 * The headers without those that steer the development server. The address of the caller is that of its
 * connection. A proxy on this machine may name another, as Cloudflare does.
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
