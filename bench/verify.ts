import type { Servers } from "./servers.ts";
import { newSession, SESSIONS, send, sessionId, type Target } from "./target.ts";

const DETAILS = 50;

/**
 * Checks that the floor answers with the bytes and the headers of the service. Otherwise the comparison would not
 * be fair.
 *
 * @throws Error that shows both answers
 */
export async function verifyFloor({ service, floor }: Servers, target: Target): Promise<void> {
  const { token } = target.access;
  const from = async (base: string, method: string, path: string, body?: unknown) => {
    const { status, text, headers } = await send({ base, token }, method, path, body);
    return `${status} ${text.replaceAll(base, "")}\n${headersOf(headers)}`;
  };
  for (const path of ["", ...target.samples.slice(0, DETAILS).map(({ id }) => `${id}/`)]) {
    compare(
      path,
      await from(service, "GET", SESSIONS + path),
      await from(floor, "GET", SESSIONS + path),
    );
  }
  const [one, other] = [newSession(target), newSession(target)];
  const made = await from(service, "POST", SESSIONS, one);
  const madeByFloor = await from(floor, "POST", SESSIONS, other);
  for (const text of [made, madeByFloor]) target.doomed.push(idIn(text));
  compare("create", anonymous(made, one.name), anonymous(madeByFloor, other.name));
}

/**
 * The headers of an answer, without what differs from one request or server to the next. The entity tag is that of
 * a text in which addresses of the server occur.
 */
function headersOf(headers: Headers): string {
  return [...headers]
    .map(([name, value]) => `${name}: ${value.replace(BOOKMARK, "bookmark")}`)
    .map((line) => line.replace(/^(etag|x-request-id|server-timing|date): .*/, "$1"))
    .join("\n");
}

const BOOKMARK = /\b[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}\b/;

/** The id of the session in an answer: its status, its body in one line, and its headers. */
const idIn = (answer: string) => sessionId(answer.slice(4, answer.indexOf("\n")));

/** The answer to a creation, without what differs from one session to the next. */
function anonymous(answer: string, name: string): string {
  return answer
    .replace(idIn(answer), "id")
    .replace(name, "name")
    .replace(/^(location|content-length): .*/gm, "$1");
}

function compare(what: string, service: string, floor: string): void {
  if (service === floor) return;
  throw new Error(`The floor answers ${what} otherwise.\nservice: ${service}\nfloor:   ${floor}`);
}
