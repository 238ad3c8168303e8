import { createRecord, jsonRequest, send } from "../service/send.ts";
import type { Ledger, State } from "./ledger.ts";

// Clients that write sessions one after the other, and keep account of what they were told.

const SESSIONS = "/api/private/stem/session/";
const CLIENTS = 8;

/** What the clients write to: a running service, in the name of somebody, in a project and on storages. */
export interface Target {
  readonly base: string;
  readonly token: string;
  readonly project: string;
  readonly storages: readonly string[];
}

/** The answers that the clients have seen, by method and status. */
export type Answers = Map<string, number>;

/** Makes what sessions need. */
export async function makeTarget(base: string, token: string): Promise<Target> {
  const make = (path: string, name: string) => createRecord(base, token, path, { name });
  const project = await make("/api/private/stem/project/", "kill");
  const storages: string[] = [];
  for (const name of ["one", "two", "three"]) {
    storages.push(await make("/api/private/personal_attributes/datastorage/", name));
  }
  return { base, token, project, storages };
}

/** A session in one of its states: each names the state in several tables. */
function bodyOf({ storages }: Target, state: number) {
  const turn = state % storages.length;
  return {
    description: `state ${state}`,
    tags: [`state ${state}`],
    datastorage: [...storages.slice(turn), ...storages.slice(0, turn)],
  };
}

/** Runs the clients until the service is gone; `prefix` begins the names of their sessions. */
export async function loadService(
  target: Target,
  prefix: string,
  ledger: Ledger,
  answers: Answers,
): Promise<void> {
  const clients = Array.from({ length: CLIENTS }, (_, index) => `${prefix}${index}-`);
  await Promise.all(clients.map((names) => runClient(target, names, ledger, answers)));
}

async function runClient(target: Target, names: string, ledger: Ledger, answers: Answers) {
  const write = async (name: string, state: State, method: string, path: string, body?: object) => {
    ledger.ask(name, state);
    const answer = await send(target.base, jsonRequest(target.token, method, path, body));
    const key = `${method} ${answer.status}`;
    answers.set(key, (answers.get(key) ?? 0) + 1);
    if (answer.status >= 500) throw new Interrupted();
    if (answer.status >= 300) throw new Error(`${key}: ${answer.text}`);
    ledger.confirm(name);
    return answer;
  };
  try {
    for (let count = 0; ; count += 1) {
      const name = `${names}${count}`;
      const whole = { name, projects: [target.project], ...bodyOf(target, 0) };
      const { body } = await write(name, 0, "POST", SESSIONS, whole);
      const path = `${SESSIONS}${body.session.id}/`;
      for (const state of [1, 2]) await write(name, state, "PATCH", path, bodyOf(target, state));
      if (count % 4 === 0) await write(name, "absent", "DELETE", path);
    }
  } catch (error) {
    // The service is gone, as it shall be: its last processes may still have said so.
    if (!(error instanceof Interrupted || isBroken(error))) throw error;
  }
}

class Interrupted extends Error {}

const isBroken = (error: unknown) =>
  error instanceof Error && "code" in error && /^E(CONNRE|PIPE)/.test(String(error.code));

/**
 * The states of the sessions whose names begin with `prefix`.
 *
 * @throws Error for one that is in no whole state
 */
export async function readStates(target: Target, prefix: string): Promise<Map<string, State>> {
  const states = new Map<string, State>();
  const query = `?limit=100&filter{name.startswith}=${prefix}`;
  for (let path: string | null = SESSIONS + query; path !== null; ) {
    const { body, status, text } = await send(target.base, jsonRequest(target.token, "GET", path));
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${text}`);
    for (const session of body.sessions) states.set(session.name, stateOf(target, session));
    path = body.next === null ? null : body.next.slice(target.base.length);
  }
  return states;
}

function stateOf(target: Target, session: Readonly<Record<string, unknown>>): State {
  const state = Number(/^state (\d+)$/.exec(String(session.description))?.[1]);
  for (const [field, value] of Object.entries(bodyOf(target, state))) {
    if (JSON.stringify(session[field]) === JSON.stringify(value)) continue;
    throw new Error(`A session is in no whole state: ${JSON.stringify(session)}`);
  }
  return state;
}
