import type { Servers } from "./servers.ts";
import { newSession, SESSIONS, send, sessionId, type Target } from "./target.ts";

const DETAILS = 50;

/**
 * Checks that the floor answers with the bytes of the service. Otherwise the comparison would not be fair.
 *
 * @throws Error that shows both answers
 */
export async function verifyFloor({ service, floor }: Servers, target: Target): Promise<void> {
  const { token } = target.access;
  const from = async (base: string, method: string, path: string, body?: unknown) => {
    const { status, text } = await send({ base, token }, method, path, body);
    return `${status} ${text.replaceAll(base, "")}`;
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
  for (const text of [made, madeByFloor]) target.doomed.push(sessionId(text.slice(4)));
  compare("create", anonymous(made, one.name), anonymous(madeByFloor, other.name));
}

function anonymous(answer: string, name: string): string {
  return answer.replace(sessionId(answer.slice(4)), "id").replace(name, "name");
}

function compare(what: string, service: string, floor: string): void {
  if (service === floor) return;
  throw new Error(`The floor answers ${what} otherwise.\nservice: ${service}\nfloor:   ${floor}`);
}
