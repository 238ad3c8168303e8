import { request as httpRequest } from "node:http";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { makeDirectory, type Service, startService } from "../scripts/command.ts";
import { listeningSocketsOf } from "../scripts/processes.ts";

// `npm start` runs a development server. Nobody may reach the database through what that opens beside the API.

const HOSTS = ["localhost", "127.0.0.1", "attacker.example", "localhost.attacker.example:80"];

/** What the development server, or an earlier one, answers itself. */
const RESERVED_PATHS = [
  "/cdn-cgi",
  "/cdn-cgi/",
  "/cdn-cgi/explorer",
  "/cdn-cgi/explorer/api/d1/database",
  "/cdn-cgi/local/explorer",
  "/cdn-cgi/local/explorer/api",
  "/cdn-cgi/local/explorer/api/d1/database",
  "/cdn-cgi/local/explorer/api/local/workers",
  "/cdn-cgi/local/platform-proxy",
  "/cdn-cgi/local/scheduled",
  "/cdn-cgi/handler/scheduled",
  "/cdn-cgi/mf/scheduled",
  "/cdn-cgi/local/email?from=a@lab.example&to=b@lab.example",
  "/cdn-cgi/handler/email?from=a@lab.example&to=b@lab.example",
  "/cdn-cgi/local/r2/public",
  "/cdn-cgi/local/r2/s3",
  "/cdn-cgi/live-reload",
  "/cdn-cgi/mf/reload",
  "/cdn-cgi/mf/stream",
  "/cdn-cgi/mf/imagedelivery",
  "/cdn-cgi/ProxyWorker/play",
  "/cdn-cgi/InspectorProxyWorker/websocket",
  "/__cf_local/stream",
  "/__cf_local/imagedelivery",
  "/__cf_local/imageupload",
];

/** The same path in spellings that a URL parser takes for one. */
const spellings = (path: string) => [
  path,
  `/api/..${path}`,
  `/api/%2e%2e${path}`,
  `/.${path}`,
  `/\\..${path}`,
  `http://localhost${path}`,
];

/** What only the development server answers: where a debugger is, what the explorer knows. */
const REVEALED = /webSocketDebuggerUrl|devtoolsFrontendUrl|openapi|"uuid"|doctype/i;

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

/** Sends a request whose target and headers stay as they are. */
function send(
  base: string,
  path: string,
  { method = "GET", headers = {}, body = "" }: SendOptions = {},
): Promise<Answer> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ hostname, port, path, method, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      answer.on("end", () => resolve({ status: answer.statusCode, body: text }));
    });
    sent.on("upgrade", (answer, socket) => {
      socket.destroy();
      resolve({ status: answer.statusCode, body: "" });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

interface SendOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const NOT_FOUND = { status: 404, body: '{"detail":"Not found."}' };

describe.each([
  ["on this machine alone", []],
  ["on all addresses", ["--ip", "0.0.0.0"]],
])("npm start %s, with an environment that asks for the explorer", (_, args) => {
  let directory: Awaited<ReturnType<typeof makeDirectory>>;
  let service: Service;

  beforeAll(async () => {
    vi.stubEnv("X_LOCAL_EXPLORER", "true");
    directory = await makeDirectory();
    service = await startService(directory.path, ...args);
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await service.stop();
    await directory.remove();
  });

  test.each(RESERVED_PATHS)("has nothing at %s, for any Host", async (path) => {
    // A proxy on this machine names the address of its caller: no one of them sends more than it may.
    const address = `192.0.2.${RESERVED_PATHS.indexOf(path)}`;
    for (const host of HOSTS) {
      for (const spelling of spellings(path)) {
        const answer = await send(service.url, spelling, {
          headers: { host, "cf-connecting-ip": address },
        });
        expect({ host, spelling, ...answer }).toEqual({ host, spelling, ...NOT_FOUND });
      }
    }
  });

  test("runs no SQL for a caller", async () => {
    const database = "00000000-0000-0000-0000-000000000000";
    for (const path of ["/cdn-cgi/explorer/api", "/cdn-cgi/local/explorer/api"]) {
      const answer = await send(service.url, `${path}/d1/database/${database}/raw`, {
        method: "POST",
        headers: { host: "localhost", "content-type": "application/json" },
        body: JSON.stringify({ sql: "SELECT * FROM access_tokens" }),
      });
      expect(answer).toEqual(NOT_FOUND);
    }
  });

  test("opens no WebSocket", async () => {
    const headers = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "c2Vzc2lvbnMgb2YgcmF0cw==",
      "sec-websocket-protocol": "WRANGLER_PROXYWORKER_LIVE_RELOAD_PROTOCOL",
    };
    expect(await send(service.url, "/cdn-cgi/live-reload", { headers })).toEqual(NOT_FOUND);
  });

  test("limits who shows no good token, whatever else is shown", async () => {
    const headers = { authorization: "Bearer guessed", "cf-connecting-ip": "192.0.2.250" };
    const statuses = new Set<number | undefined>();
    // More than once what is allowed in a window, because one may end meanwhile.
    for (let round = 0; round < 20 && !statuses.has(429); round += 1) {
      const sent = Array.from({ length: 100 }, () => send(service.url, "/api/health", { headers }));
      for (const { status } of await Promise.all(sent)) statuses.add(status);
    }
    expect([...statuses]).toEqual([200, 429]);
    const other = { headers: { ...headers, "cf-connecting-ip": "192.0.2.251" } };
    expect((await send(service.url, "/api/health", other)).status).toBe(200);
  });

  test("takes no header that steers the development server", async () => {
    const headers = {
      "MF-Original-URL": "http://localhost/cdn-cgi/local/scheduled",
      "MF-Route-Override": "none",
      "MF-Proxy-Shared-Secret": "guess",
      "MF-CF-Blob": "no JSON",
      "MF-Op": "GET",
    };
    expect((await send(service.url, "/api/health", { headers })).status).toBe(200);
  });

  test.runIf(args.length > 0 && externalAddress() !== undefined)(
    "answers the network with the API alone",
    async () => {
      const base = `http://${externalAddress()}:${new URL(service.url).port}`;
      const headers = { host: "localhost" };
      expect((await send(base, "/api/health", { headers })).status).toBe(200);
      expect(await send(base, "/cdn-cgi/explorer/api", { headers })).toEqual(NOT_FOUND);
    },
  );

  test.runIf(process.platform === "linux")(
    "has the API's socket and otherwise only loopback ones, which reveal nothing",
    async () => {
      const sockets = await listeningSocketsOf(service.process.pid ?? 0);
      const port = Number(new URL(service.url).port);
      expect(sockets.filter((socket) => socket.port === port)).toEqual([
        { port, isLoopback: args.length === 0 },
      ]);
      const others = sockets.filter((socket) => socket.port !== port);
      expect(others.length).toBeGreaterThan(0);
      expect(others.filter(({ isLoopback }) => !isLoopback)).toEqual([]);
      const paths = ["/json", "/json/list", "/json/version", ...RESERVED_PATHS];
      for (const socket of others) {
        for (const host of HOSTS) {
          for (const path of paths) {
            const base = `http://127.0.0.1:${socket.port}`;
            const { body } = await send(base, path, { headers: { host } });
            expect({ path, host, body }).not.toMatchObject({
              body: expect.stringMatching(REVEALED),
            });
          }
        }
      }
    },
  );
});

/** An address of this machine by which others reach it. */
function externalAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
}
