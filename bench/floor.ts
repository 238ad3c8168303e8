import { foldCase } from "../src/values/fold.ts";
import { toInstant } from "../src/values/instant.ts";
import { hashToken } from "../src/values/token.ts";

// The floor is the lower bound for the service: three operations, each as one batch of handwritten SQL,
// without a framework, a query language or validation. Like the service, it counts each request against its
// limit and writes one log line. It answers with the same bytes, which the benchmark checks before it
// measures. The difference is therefore the cost of everything else that the service does.

const CALLER = `SELECT users.id FROM access_tokens JOIN users ON users.id = access_tokens.user_id
  WHERE token_hash = ?1 AND revoked_date IS NULL AND expires_date > ?2 AND is_active`;

/**
 * The projects or data storages on which a user has a level, with the level. `user` is SQL of the surrounding
 * query.
 */
const sharedWith = (kind: "project" | "data_storage", user: string) => `
  SELECT ${kind}_id AS id, level FROM ${kind}_users WHERE user_id = ${user}
  UNION ALL SELECT ${kind}_id, ${kind}_groups.level FROM group_members
    JOIN ${kind}_groups USING (group_id) WHERE user_id = ${user}`;

const ids = (table: string, column = "id") =>
  `(SELECT json_group_array(${column} ORDER BY position, id) FROM ${table} WHERE session_id = s.id)`;

const SESSION_JSON = `'{"id":"' || s.id || '","name":' || json_quote(s.name)
  || ',"description":' || json_quote(s.description) || ',"epochs":' || ${ids("epochs")}
  || ',"projects":' || (SELECT project_ids FROM project_sets WHERE id = s.project_set_id)
  || ',"date_time":' || coalesce('"' || s.date_time || 'Z"', 'null')
  || ',"datastorage":' || ${ids("session_data_storages", "data_storage_id")}
  || ',"extra_fields":' || s.extra_fields || ',"download_links":' || s.download_links
  || ',"dataacquisition":' || ${ids("data_acquisitions")} || ',"behaviors":' || ${ids("behaviors")}
  || ',"manipulations":' || ${ids("manipulations")}
  || ',"name_used_in_storage":' || json_quote(s.name_used_in_storage)
  || ',"tags":' || (SELECT json_group_array(tag ORDER BY position) FROM session_tags
    WHERE session_id = s.id) || '}'`;

const DETAIL = `SELECT ${SESSION_JSON} AS body FROM sessions AS s WHERE s.id = ?3 AND EXISTS (
  SELECT 1 FROM session_projects WHERE project_set_id = s.project_set_id
  AND project_id IN (SELECT id FROM (${sharedWith("project", `(${CALLER})`)})))`;

// The sessions are read in the order of their names, which is fast for a caller who sees most of them. The
// plus sign stops SQLite from using the index by project set, after which it would have to sort.
const LIST = `WITH caller AS MATERIALIZED (${CALLER}),
  seen AS MATERIALIZED (SELECT DISTINCT project_set_id FROM session_projects
    WHERE project_id IN (SELECT id FROM (${sharedWith("project", "(SELECT id FROM caller)")}))),
  page AS MATERIALIZED (SELECT id, name FROM sessions
    WHERE +project_set_id IN (SELECT project_set_id FROM seen) ORDER BY name LIMIT 20)
  SELECT (SELECT group_concat(${SESSION_JSON}, ',' ORDER BY s.name)
      FROM page JOIN sessions AS s USING (id)) AS body,
    (SELECT max(name) FROM page) AS last,
    (SELECT sum(session_count) FROM project_sets
      WHERE id IN (SELECT project_set_id FROM seen)) AS count`;

// When the caller lacks a permission, the first row is not inserted. It has all conditions, and the other
// rows depend on it.
const CREATE = [
  "INSERT INTO project_sets (project_ids) VALUES (?1) ON CONFLICT DO NOTHING",
  `WITH caller AS MATERIALIZED (${CALLER})
    INSERT INTO sessions (id, name, name_folded, description, description_folded, date_time,
      project_set_id, extra_fields, extra_fields_folded, created_date, updated_date)
    SELECT ?3, ?4, ?5, ?6, ?7, ?8, (SELECT id FROM project_sets WHERE project_ids = ?9), ?10, ?11, ?2, ?2
    WHERE NOT EXISTS (SELECT 1 FROM json_each(?9) WHERE value NOT IN (
      SELECT id FROM (${sharedWith("project", "(SELECT id FROM caller)")}) WHERE level >= 2))
    AND NOT EXISTS (SELECT 1 FROM json_each(?12) WHERE value ->> 1 NOT IN (
      SELECT id FROM (${sharedWith("data_storage", "(SELECT id FROM caller)")}) WHERE level >= 2))`,
  `INSERT INTO session_tags (session_id, tag, tag_folded, position)
    SELECT ?1, value ->> 0, value ->> 1, key FROM json_each(?2)`,
  `INSERT INTO session_data_storages (id, session_id, data_storage_id, position)
    SELECT value ->> 0, ?1, value ->> 1, key FROM json_each(?2)`,
  `SELECT ${SESSION_JSON} AS body FROM sessions AS s WHERE s.id = ?1`,
] as const;

const LIST_PATH = "/api/private/stem/session/";

export default {
  async fetch(request, { DB, RATE_LIMIT_BY_TOKEN }): Promise<Response> {
    const start = Date.now();
    const requestId = crypto.randomUUID();
    const token = request.headers.get("Authorization")?.slice("Bearer ".length) ?? "";
    const caller = [await hashToken(token), toInstant(new Date())] as const;
    const isWithin = (await RATE_LIMIT_BY_TOKEN?.limit({ key: caller[0] }))?.success ?? true;
    const answered = isWithin ? await route(DB, caller, request) : refuse(429);
    // biome-ignore lint/suspicious/noConsole: the line of log that the service writes too.
    console.log(
      JSON.stringify({
        requestId,
        method: request.method,
        status: answered.status,
        duration: Date.now() - start,
      }),
    );
    return answered;
  },
} satisfies ExportedHandler<Cloudflare.Env>;

async function route(database: D1Database, caller: Caller, request: Request): Promise<Response> {
  if (request.method === "POST") return create(database, caller, await request.json());
  const { pathname } = new URL(request.url);
  const id = pathname.slice(LIST_PATH.length).replace("/", "");
  return id === "" ? list(database, caller, request.url) : detail(database, caller, id);
}

type Caller = readonly [tokenHash: string, now: string];

async function detail(database: D1Database, caller: Caller, id: string): Promise<Response> {
  const [callers, rows] = await database.batch<{ body: string }>([
    database.prepare(CALLER).bind(...caller),
    database.prepare(DETAIL).bind(...caller, id),
  ]);
  if (callers?.results.length !== 1) return refuse(401);
  const body = rows?.results[0]?.body;
  return body === undefined ? refuse(404) : answer(`{"session":${body}}`);
}

async function list(database: D1Database, caller: Caller, url: string): Promise<Response> {
  const [callers, rows] = await database.batch<{ body: string; last: string; count: number }>([
    database.prepare(CALLER).bind(...caller),
    database.prepare(LIST).bind(...caller),
  ]);
  if (callers?.results.length !== 1) return refuse(401);
  const { body = "", last = "", count = 0 } = rows?.results[0] ?? {};
  const next = count > 20 ? `"${url}?limit=20&offset=20"` : "null";
  const cursor = count > 20 ? `"${btoa(JSON.stringify(["", [last]])).replace(/=+$/, "")}"` : "null";
  return answer(
    `{"sessions":[${body}],"count":${count},"next":${next},"previous":null,"meta":{"page":1,"per_page":20,"total_results":${count},"total_pages":${Math.ceil(count / 20)},"cursor":${cursor}}}`,
  );
}

/** The body with which the benchmark creates a session; all of its fields are valid. */
interface NewSession {
  readonly name: string;
  readonly description: string;
  readonly projects: readonly string[];
  readonly date_time: string;
  readonly datastorage: readonly string[];
  readonly extra_fields: Readonly<Record<string, string | number>>;
  readonly tags: readonly string[];
}

async function create(database: D1Database, caller: Caller, input: NewSession): Promise<Response> {
  const id = crypto.randomUUID();
  const projects = JSON.stringify(input.projects);
  const extras = JSON.stringify(input.extra_fields);
  const storages = JSON.stringify(input.datastorage.map((one) => [crypto.randomUUID(), one]));
  const tags = JSON.stringify(input.tags.map((tag) => [tag, foldCase(tag)]));
  const { name, description, date_time } = input;
  const row = [id, name, foldCase(name), description, foldCase(description)];
  const [ensureSet, insertRow, insertTags, insertStorages, read] = CREATE;
  const results = await database.batch<{ body: string }>([
    database.prepare(CALLER).bind(...caller),
    database.prepare(ensureSet).bind(projects),
    database
      .prepare(insertRow)
      .bind(
        ...caller,
        ...row,
        date_time.slice(0, -1),
        projects,
        extras,
        foldCase(extras),
        storages,
      ),
    database.prepare(insertTags).bind(id, tags),
    database.prepare(insertStorages).bind(id, storages),
    database.prepare(read).bind(id),
  ]);
  if (results[0]?.results.length !== 1) return refuse(401);
  return answer(`{"session":${results.at(-1)?.results[0]?.body}}`, 201);
}

function answer(json: string, status = 200): Response {
  return new Response(json, { status, headers: { "Content-Type": "application/json" } });
}

function refuse(status: 401 | 404 | 429): Response {
  return answer('{"detail":"Refused."}', status);
}
