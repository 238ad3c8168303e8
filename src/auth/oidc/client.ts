import * as oauth from "oauth4webapi";
import { fetchFrom, isAllowedAddress } from "./fetch.ts";
import type { Claims } from "./person.ts";
import { ProviderError } from "./provider-error.ts";
import type { Provider } from "./settings.ts";
import type { Transaction } from "./transaction.ts";

// The authorization code flow of OpenID Connect with PKCE. The library does the protocol.

/** How long a provider may take for all its answers in one request of a person, in milliseconds. */
const PATIENCE = 10_000;

/** By how many seconds the clock of a provider may differ. */
const CLOCK_TOLERANCE = 60;

/** How long a discovery document is used, in milliseconds. The library keeps the keys for five minutes. */
const DISCOVERY_LIFETIME = 3_600_000;

/** The discovery documents that this isolate has read, by issuer. */
const discovered = new Map<string, { readonly server: oauth.AuthorizationServer; at: number }>();

/** An address at the provider for the browser, and what the callback needs to finish. */
export interface Started {
  readonly address: string;
  readonly transaction: Transaction;
}

/**
 * Starts a sign-in.
 *
 * @param redirectUri where the provider sends the browser back
 * @throws ProviderError
 */
export function startAt(provider: Provider, redirectUri: string): Promise<Started> {
  return explained(async () => {
    const { clientId, scopes, issuer } = provider;
    const { authorization_endpoint: endpoint = "" } = await discover(provider, optionsFor(issuer));
    if (!isAllowedAddress(endpoint, issuer)) {
      throw new ProviderError("invalid", "the authorization endpoint is not an https:// address");
    }
    const transaction = {
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      verifier: oauth.generateRandomCodeVerifier(),
      issuer,
    };
    const address = new URL(endpoint);
    const parameters = {
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: "code",
      scope: scopes,
      state: transaction.state,
      nonce: transaction.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(transaction.verifier),
      code_challenge_method: "S256",
    };
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    return { address: address.href, transaction };
  });
}

/**
 * Finishes a sign-in: exchanges the code for an ID token, and checks that token and its signature. When it
 * lacks the email, the userinfo endpoint is asked.
 *
 * @param answered the parameters with which the browser came back
 * @returns the claims of the ID token, or of the userinfo endpoint
 * @throws ProviderError
 */
export function finishAt(
  provider: Provider,
  redirectUri: string,
  answered: URLSearchParams,
  { state, nonce, verifier }: Transaction,
): Promise<Claims> {
  return explained(async () => {
    const options = optionsFor(provider.issuer);
    const server = await discover(provider, options);
    const client = { client_id: provider.clientId, [oauth.clockTolerance]: CLOCK_TOLERANCE };
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authenticationFor(provider, server),
      oauth.validateAuthResponse(server, client, answered, state),
      redirectUri,
      verifier,
      options,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: nonce,
      requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(server, response, options);
    const claims = oauth.getValidatedIdTokenClaims(tokens);
    if (claims === undefined) throw new ProviderError("invalid", "there is no ID token");
    const isEnough = provider.knownBy === "orcid" || claims.email !== undefined;
    if (isEnough || server.userinfo_endpoint === undefined) return claims;
    const { access_token: accessToken } = tokens;
    return oauth.processUserInfoResponse(
      server,
      client,
      claims.sub,
      await oauth.userInfoRequest(server, client, accessToken, options),
    );
  });
}

type Options = ReturnType<typeof optionsFor>;

/** A provider on this machine may use plain http; `fetchFrom` holds it to that. */
const optionsFor = (issuer: string) => ({
  signal: AbortSignal.timeout(PATIENCE),
  [oauth.customFetch]: fetchFrom(issuer),
  [oauth.allowInsecureRequests]: issuer.startsWith("http:"),
});

async function discover(
  { issuer, faults }: Provider,
  options: Options,
): Promise<oauth.AuthorizationServer> {
  if (faults.length > 0) throw new ProviderError("settings", faults.join("; "));
  const known = discovered.get(issuer);
  if (known !== undefined && Date.now() - known.at < DISCOVERY_LIFETIME) return known.server;
  const url = new URL(issuer);
  const response = await oauth.discoveryRequest(url, options);
  const server = await oauth.processDiscoveryResponse(url, response);
  discovered.set(issuer, { server, at: Date.now() });
  return server;
}

/** In the body where the provider takes that: not all providers decode the secret in the header alike. */
function authenticationFor(
  { clientSecret }: Provider,
  { token_endpoint_auth_methods_supported: methods }: oauth.AuthorizationServer,
): oauth.ClientAuth {
  return methods?.includes("client_secret_post") === true
    ? oauth.ClientSecretPost(clientSecret)
    : oauth.ClientSecretBasic(clientSecret);
}

/** The errors with which a provider says that it is busy. */
const BUSY = ["temporarily_unavailable", "server_error"];

/** Turns the errors of the library into those of this service. */
async function explained<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    if (error instanceof oauth.AuthorizationResponseError) {
      const fault =
        error.error === "access_denied"
          ? "denied"
          : BUSY.includes(error.error)
            ? "unavailable"
            : "invalid";
      throw new ProviderError(fault, `the provider sent the error ${plain(error.error)}`);
    }
    if (error instanceof oauth.ResponseBodyError) {
      const fault = error.error === "invalid_grant" ? "over" : "invalid";
      throw new ProviderError(fault, `the token endpoint says ${plain(error.error)}`);
    }
    // The messages of the library are fixed sentences. The causes, which have what the provider sent, are not
    // looked at.
    throw new ProviderError("invalid", error instanceof Error ? error.message : "unknown");
  }
}

/** The code of an error comes from outside, and could say anything. */
const plain = (code: string) => (/^\w{1,64}$/.test(code) ? code : "(not a code)");
