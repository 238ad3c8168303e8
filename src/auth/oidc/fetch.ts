import { isLoopback } from "../loopback.ts";
import { ProviderError } from "./provider-error.ts";

/** The largest accepted answer of a provider, in bytes. Discovery documents and keys have a few thousand. */
const MAX_BYTES = 256 * 1024;

/**
 * Whether an address of a provider is encrypted, or on this machine for tests. A provider that is elsewhere
 * cannot send this service to its own machine.
 */
export function isAllowedAddress(address: string, issuer: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  if (protocol === "https:") return true;
  return protocol === "http:" && isLoopback(hostname) && isLoopback(new URL(issuer).hostname);
}

/** A request to a provider, as the library makes it. */
interface ProviderRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: URLSearchParams | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A `fetch` for the addresses of a provider. It follows no redirect, and reads an answer whole, up to a bound.
 * It throws a ProviderError for an address that is not allowed, no answer, an answer that says to try again,
 * and one that is too large.
 */
export const fetchFrom =
  (issuer: string) =>
  async (address: string, request: ProviderRequest): Promise<Response> => {
    const { origin, pathname } = new URL(address);
    const place = origin + pathname;
    if (!isAllowedAddress(address, issuer)) {
      throw new ProviderError("invalid", `${place} is not encrypted`);
    }
    try {
      const { method, headers: sent, body = null, signal = null } = request;
      const answer = await fetch(address, {
        method,
        headers: sent,
        body,
        signal,
        redirect: "manual",
      });
      const { status, headers } = answer;
      if (status >= 500 || status === 429) {
        await answer.body?.cancel();
        throw new ProviderError("unavailable", `${place} answers ${status}`);
      }
      const chunks = await readChunks(answer.body, place);
      return new Response(hasBody(status) ? new Blob(chunks) : null, { status, headers });
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      const reason = error instanceof Error ? error.name : "unknown";
      throw new ProviderError("unavailable", `${place} does not answer (${reason})`);
    }
  };

async function readChunks(
  body: ReadableStream<Uint8Array> | null,
  place: string,
): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_BYTES) throw new ProviderError("invalid", `${place} answers too much`);
    chunks.push(chunk);
  }
  return chunks;
}

const hasBody = (status: number) => ![204, 205, 304].includes(status);
