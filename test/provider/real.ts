import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";
import { CLIENT_ID, CLIENT_SECRET } from "./scenario.ts";

/** A provider in order, on loopback. Whoever signs in there is whom they say, with any password. */
export interface RealProvider {
  readonly issuer: string;
  /** Lets the service in: its address is known once it has started with the issuer. */
  register(redirectUri: string): void;
  close(): Promise<void>;
}

/** @param claimsOf what the provider says of somebody who signs in with this name */
export async function startRealProvider(
  claimsOf: (login: string) => Readonly<Record<string, unknown>>,
): Promise<RealProvider> {
  let handler: RequestListener = (_, response) => response.writeHead(503).end();
  const server = createServer((request, response) => handler(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const register = (redirectUri: string) => {
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: CLIENT_ID,
          client_secret: CLIENT_SECRET,
          redirect_uris: [redirectUri],
          // The one of the specification; the faulty provider takes the secret in the body.
          token_endpoint_auth_method: "client_secret_basic",
        },
      ],
      clientAuthMethods: ["client_secret_basic"],
      pkce: { required: () => true },
      claims: {
        openid: ["sub"],
        email: ["email", "email_verified"],
        profile: ["given_name", "family_name"],
      },
      findAccount: (_, login) => ({
        accountId: login,
        claims: () => ({ sub: login, ...claimsOf(login) }),
      }),
    });
    handler = provider.callback();
  };
  return {
    issuer,
    register,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
