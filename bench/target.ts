/** The measured service, and the token of its requests. */
export interface Access {
  /** The address before `/api/...`. */
  readonly base: string;
  /** Null for requests without a token. */
  readonly token: string | null;
}

/** The used fields of a session. */
export interface SessionRow {
  readonly id: string;
  readonly name: string;
  readonly date_time: string | null;
  readonly projects: readonly string[];
  readonly datastorage: readonly string[];
}

/** The data for the operations: the existing records, and the sessions that the benchmark has created. */
export interface Target {
  readonly access: Access;
  /** A mark in the name of each session that the benchmark creates, by which it finds them again. */
  readonly mark: string;
  readonly count: number;
  readonly samples: readonly SessionRow[];
  /** The projects of the created sessions. Filters use the first one. */
  readonly projects: readonly string[];
  readonly dataStorages: readonly string[];
  /** The ids of created sessions for operations that change. */
  readonly own: readonly string[];
  /** The ids of created sessions for operations that delete. */
  readonly doomed: string[];
  /** A session with its entity tag, and a cursor in the middle of the list, where the service has them. */
  readonly known?: { readonly id: string; readonly tag: string };
  readonly cursor?: string;
  /** Whether the service knows `search=`. */
  readonly searches: boolean;
}

export const SESSIONS = "/api/private/stem/session/";

const OWN_SESSIONS = 64;
/** How many sessions are created at the same time. */
const CONNECTIONS = 8;
const SAMPLE_PAGES = 5;
const SAMPLE_PAGE = 100;

/** Sends one request and reads the answer, whatever its status. */
export async function send(
  { base, token }: Access,
  method: string,
  path: string,
  body?: unknown,
  extra?: Readonly<Record<string, string>>,
): Promise<{ status: number; text: string; headers: Headers }> {
  const answer = await fetch(base + path, {
    method,
    headers: {
      ...(token !== null && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "Content-Type": "application/json" }),
      ...extra,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

interface SessionList {
  readonly sessions: readonly SessionRow[];
  readonly count: number;
  readonly meta?: { readonly cursor?: string | null };
}

async function listSessions(access: Access, query: string): Promise<SessionList> {
  const { status, text } = await send(access, "GET", `${SESSIONS}?${query}`);
  if (status !== 200) throw new Error(`GET ${SESSIONS}?${query} answered ${status}: ${text}`);
  // The list of the wire contract. Any other answer fails at the first use.
  return JSON.parse(text) as SessionList;
}

/** Reads what a service contains, and creates the sessions that the operations will change. */
export async function surveyTarget(
  access: Access,
  mark: string,
  projects: readonly string[],
): Promise<Target> {
  const { count, sessions } = await listSessions(access, "limit=1");
  const samples: SessionRow[] = [];
  for (let page = 0; page < SAMPLE_PAGES; page += 1) {
    const offset = Math.floor((count * page) / SAMPLE_PAGES);
    samples.push(...(await listSessions(access, `limit=${SAMPLE_PAGE}&offset=${offset}`)).sessions);
  }
  const inProjects = projects.length > 0 ? projects : (sessions[0]?.projects ?? []);
  const dataStorages = await findDataStorages(access, mark, inProjects);
  const target = {
    access,
    mark,
    count,
    samples,
    projects: inProjects,
    dataStorages,
    doomed: [],
    searches: (await send(access, "GET", `${SESSIONS}?search=theta`)).status === 200,
  };
  const own = await createSessions(target, OWN_SESSIONS);
  const middle = await listSessions(access, `limit=1&offset=${Math.floor(count / 2)}`);
  const id = samples[0]?.id ?? "";
  const tag = (await send(access, "GET", `${SESSIONS}${id}/`)).headers.get("ETag");
  const cursor = middle.meta?.cursor;
  return { ...target, own, ...(tag && { known: { id, tag } }), ...(cursor && { cursor }) };
}

/** Up to three data storages that sessions of the project use and that the caller may use. */
async function findDataStorages(access: Access, mark: string, projects: readonly string[]) {
  const { sessions } = await listSessions(access, `filter{projects}=${projects[0]}&limit=100`);
  const used = [...new Set(sessions.flatMap(({ datastorage }) => datastorage))];
  const usable: string[] = [];
  for (const dataStorage of used.slice(0, 10)) {
    const body = newSession({ mark, projects, dataStorages: [dataStorage] });
    if ((await send(access, "POST", SESSIONS, body)).status === 201) usable.push(dataStorage);
    if (usable.length === 3) break;
  }
  return usable;
}

/** Creates sessions and returns their ids. */
export async function createSessions(
  target: Omit<Target, "own">,
  count: number,
): Promise<readonly string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const some = Array.from({ length: Math.min(CONNECTIONS, count - ids.length) });
    ids.push(...(await Promise.all(some.map(() => createSession(target)))));
  }
  return ids;
}

async function createSession(target: Omit<Target, "own">): Promise<string> {
  const { status, text } = await send(target.access, "POST", SESSIONS, newSession(target));
  if (status !== 201) throw new Error(`POST ${SESSIONS} answered ${status}: ${text}`);
  return sessionId(text);
}

/** The id in an answer `{"session": {...}}`. */
export function sessionId(text: string): string {
  return (JSON.parse(text) as { session: { id: string } }).session.id;
}

let created = 0;

/** The body of a new session. Its name is new, and sorts at a random position among the others. */
export function newSession({
  mark,
  projects,
  dataStorages,
}: Pick<Target, "mark" | "projects" | "dataStorages">) {
  created += 1;
  const place = (Math.imul(created, 0x9e3779b1) >>> 0).toString(36).toUpperCase();
  return {
    name: `${place}_${mark}_${created}`,
    description: "Chronic recording in the striatum while the mouse turns a wheel for a reward.",
    projects,
    date_time: "2024-05-17T09:30:00Z",
    datastorage: dataStorages,
    extra_fields: { rig: "rig-A", weight_g: 24.5, trials: 412 },
    tags: ["wheel", "chronic"],
  };
}

/** Deletes all sessions that the benchmark has created. */
export async function removeOwnSessions(access: Access, mark: string): Promise<void> {
  const query = `filter{name.contains}=_${mark}_&limit=100`;
  for (;;) {
    const { sessions } = await listSessions(access, query);
    if (sessions.length === 0) return;
    const answers = await Promise.all(
      sessions.map(({ id }) => send(access, "DELETE", `${SESSIONS}${id}/`)),
    );
    const failed = answers.find(({ status }) => status !== 204 && status !== 404);
    if (failed !== undefined) {
      throw new Error(`Sessions named *_${mark}_* are left behind: ${failed.text}`);
    }
  }
}
