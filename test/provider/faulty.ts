import { createHash, createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  ACCESS_TOKEN,
  CLIENT_ID,
  CLIENT_SECRET,
  type CodeScenario,
  decodeScenario,
  encodeScenario,
  type Fault,
  type IssuerScenario,
} from "./scenario.ts";

// A provider on loopback that answers as a test asks. Only its answers are wrong: it checks what it is sent.

const pair = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = pair();
const otherKey = pair();

export interface FaultyProvider {
  readonly url: string;
  close(): Promise<void>;
}

export async function startFaultyProvider(): Promise<FaultyProvider> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => {
      response.writeHead(400, { "Content-Type": "application/json" });
      response.end(JSON.stringify({ error: "invalid_request", error_description: error.message }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, search, origin } = new URL(
    request.url ?? "/",
    `http://${request.headers.host}`,
  );
  const [, text = "", endpoint = ""] = /^\/([\w-]+)\/(.+)$/.exec(pathname) ?? [];
  const issuer = `${origin}/${text}`;
  const scenario = decodeScenario(text) as IssuerScenario;
  const isMoved = request.url?.includes("moved") ?? false;
  const fail = (fault: Fault | undefined, right: unknown) =>
    fault === undefined || isMoved
      ? sendJson(response, right)
      : sendFault(response, fault, `${pathname}?moved`);
  switch (endpoint) {
    case ".well-known/openid-configuration":
      return fail(scenario.discovery, without({ ...metadataOf(issuer), ...scenario.metadata }));
    case "authorize":
      return send(response, `${issuer.replace("127.0.0.1", "localhost")}/elsewhere${search}`);
    case "elsewhere": {
      const asked = new URLSearchParams(search);
      const [nonce, challenge] = [asked.get("nonce"), asked.get("code_challenge")];
      const code = {
        nonce: nonce ?? "",
        challenge: challenge ?? "",
        claims: scenario.person ?? {},
      };
      const state = asked.get("state") ?? "";
      const query = new URLSearchParams({ code: encodeScenario(code), state });
      return send(response, `${asked.get("redirect_uri")}?${query}`);
    }
    case "jwks":
      return fail(scenario.jwks, { keys: [publicJwk(key.publicKey)] });
    case "token": {
      const form = new URLSearchParams(await readBody(request));
      const code = decodeScenario(form.get("code") ?? "") as CodeScenario;
      const faults = faultsOf(form, code);
      if (faults !== "") throw new Error(faults);
      if (code.error !== undefined) return sendJson(response, { error: code.error }, 400);
      const idToken = code.withoutIdToken ? {} : { id_token: idTokenOf(issuer, code) };
      // The userinfo endpoint reads from the access token what it shall answer.
      const access = `${ACCESS_TOKEN}.${Buffer.from(JSON.stringify(code.userinfo ?? {})).toString("base64url")}`;
      return fail(code.token, { access_token: access, token_type: "Bearer", ...idToken });
    }
    case "userinfo": {
      const [, claims = ""] =
        /^Bearer [\w-]+\.([\w-]*)$/.exec(request.headers.authorization ?? "") ?? [];
      const said = JSON.parse(Buffer.from(claims, "base64url").toString()) as object;
      return fail(scenario.userinfo, without({ sub: "subject-1", ...said }));
    }
    default:
      response.writeHead(404).end();
  }
}

function metadataOf(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize?tenant=lab`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    userinfo_endpoint: `${issuer}/userinfo`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    token_endpoint_auth_methods_supported: ["client_secret_post"],
  };
}

/** Why a token request is not right. */
function faultsOf(form: URLSearchParams, { challenge }: CodeScenario): string {
  const verifier = form.get("code_verifier") ?? "";
  return [
    form.get("grant_type") !== "authorization_code" && "grant_type",
    form.get("client_id") !== CLIENT_ID && "client_id",
    form.get("client_secret") !== CLIENT_SECRET && "client_secret",
    !/\/account\/callback\/(\d\/)?$/.test(form.get("redirect_uri") ?? "") && "redirect_uri",
    createHash("sha256").update(verifier).digest("base64url") !== challenge && "code_verifier",
  ]
    .filter(Boolean)
    .join(", ");
}

function idTokenOf(issuer: string, { claims, signature, nonce }: CodeScenario): string {
  const now = Math.floor(Date.now() / 1000);
  const payload = without({
    iss: issuer,
    sub: "subject-1",
    aud: CLIENT_ID,
    iat: now,
    exp: now + 300,
    nonce,
    ...claims,
  });
  const alg = { none: "none", "with the client secret": "HS256" }[signature as string] ?? "RS256";
  const signed = [{ alg, kid: "key-1", typ: "JWT" }, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${signed}.${signatureOf(signed, signature).toString("base64url")}`;
}

function signatureOf(signed: string, signature: CodeScenario["signature"]): Buffer {
  if (signature === "none") return Buffer.alloc(0);
  if (signature === "with the client secret") {
    return createHmac("sha256", CLIENT_SECRET).update(signed).digest();
  }
  const { privateKey } = signature === "of another key" ? otherKey : key;
  const made = sign("sha256", Buffer.from(signed), privateKey);
  if (signature === "broken") made[7] = (made[7] ?? 0) ^ 1;
  return made;
}

const publicJwk = (publicKey: KeyObject) => ({
  ...publicKey.export({ format: "jwk" }),
  kid: "key-1",
  use: "sig",
  alg: "RS256",
});

/** The entries that are not null. */
const without = (entries: object) =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== null));

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, location: string): void {
  response.writeHead(302, { Location: location }).end();
}

function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}

function sendFault(response: ServerResponse, fault: Fault, moved: string): void {
  const json = { "Content-Type": "application/json" };
  switch (fault) {
    case "silent":
      return;
    case "dripping": {
      response.writeHead(200, json);
      const drip = setInterval(() => response.write(" "), 1_000);
      response.on("close", () => clearInterval(drip));
      return;
    }
    case "huge":
      response.writeHead(200, json).end(JSON.stringify({ padding: "x".repeat(1024 * 1024) }));
      return;
    case "html":
      response.writeHead(200, { "Content-Type": "text/html" }).end("<h1>Sign in</h1>");
      return;
    case "half":
      response.writeHead(200, json).end('{"issuer": "ht');
      return;
    case "list":
      response.writeHead(200, json).end("[1]");
      return;
    case "redirect":
      send(response, moved);
      return;
    default:
      response.writeHead(fault, json).end("{}");
  }
}
