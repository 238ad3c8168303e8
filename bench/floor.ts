import { foldCase } from "../src/values/fold.ts";
import { hash } from "../src/values/hash.ts";
import { toInstant } from "../src/values/instant.ts";
import { hashToken } from "../src/values/token.ts";

// The floor is the lower bound for the service: three operations, each as one batch of handwritten SQL,
// without a framework, a query language or validation. Like the service, it counts each request against its
// limit and writes one log line. It answers with the same bytes and the same headers, which the benchmark
// checks before it measures. The difference is therefore the cost of everything else that the service does.

const TOKEN = `FROM access_tokens JOIN users ON users.id = access_tokens.user_id
  WHERE token_hash = ?1 AND revoked_date IS NULL AND expires_date > ?2 AND is_active`;

const CALLER = `SELECT users.id ${TOKEN}`;

/** What the log line tells of the caller. */
const CREDENTIAL = `SELECT users.id AS "userId", access_tokens.id AS "tokenId" ${TOKEN}`;

/**
 * The projects or data storages on which a user has a level, with the level. `user` is SQL of the surrounding
 * query.
 */
const sharedWith = (kind: "project" | "data_storage", user: string) => `
  SELECT ${kind}_id AS id, level FROM ${kind}_users WHERE user_id = ${user}
  UNION ALL SELECT ${kind}_id, ${kind}_groups.level FROM group_members
    JOIN ${kind}_groups USING (group_id) WHERE user_id = ${user}`;

// The order is in an inner query, which an index serves. An order inside the aggregate always sorts.
const values = (table: string, column: string, order: string) =>
  `(SELECT json_group_array(${column}) FROM (
    SELECT ${column} FROM ${table} WHERE session_id = s.id ORDER BY ${order}))`;

/** The ids of the records of a session, in the order of the index. */
const ids = (table: string) => values(table, "id", "position IS NULL, position, created_date, id");

const SESSION_JSON = `'{"id":"' || s.id || '","name":' || json_quote(s.name)
  || ',"description":' || json_quote(s.description) || ',"epochs":' || ${ids("epochs")}
  || ',"projects":' || (SELECT project_ids FROM project_sets WHERE id = s.project_set_id)
  || ',"date_time":' || coalesce('"' || s.date_time || 'Z"', 'null')
  || ',"datastorage":' || ${values("session_data_storages", "data_storage_id", "position, id")}
  || ',"extra_fields":' || s.extra_fields || ',"download_links":' || s.download_links
  || ',"dataacquisition":' || ${ids("data_acquisitions")} || ',"behaviors":' || ${ids("behaviors")}
  || ',"manipulations":' || ${ids("manipulations")}
  || ',"name_used_in_storage":' || json_quote(s.name_used_in_storage)
  || ',"tags":' || ${values("session_tags", "tag", "position")} || '}'`;

const DETAIL = `SELECT ${SESSION_JSON} AS body FROM sessions AS s WHERE s.id = ?3 AND EXISTS (
  SELECT 1 FROM session_projects WHERE project_set_id = s.project_set_id
  AND project_id IN (SELECT id FROM (${sharedWith("project", `(${CALLER})`)})))`;

const READABLE = `(SELECT id FROM (${sharedWith("project", "(SELECT id FROM caller)")}))`;

// The sessions are read in the order of their names, which is fast for a caller who sees most of them. The
// plus sign stops SQLite from looking up each project of the caller in the index of a session's project set.
const LIST = `WITH caller AS MATERIALIZED (${CALLER}),
  page AS MATERIALIZED (SELECT rowid AS place, name FROM sessions INDEXED BY sessions_name_project_set
    WHERE EXISTS (SELECT 1 FROM session_projects AS seen
      WHERE seen.project_set_id = sessions.project_set_id AND +project_id IN ${READABLE})
    ORDER BY name LIMIT 20)
  SELECT (SELECT group_concat(${SESSION_JSON}, ',')
      FROM page CROSS JOIN sessions AS s ON s.rowid = page.place) AS body,
    (SELECT max(name) FROM page) AS last,
    (SELECT sum(session_count) FROM (SELECT DISTINCT project_set_id, session_count
      FROM session_projects WHERE project_id IN ${READABLE} AND session_count > 0)) AS count`;

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

/** The headers of every answer. */
const HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Content-Type": "application/json",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Origin-Agent-Cluster": "?1",
  "Referrer-Policy": "no-referrer",
  "Strict-Transport-Security": "max-age=15552000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
  "X-DNS-Prefetch-Control": "off",
  "X-Download-Options": "noopen",
  "X-Frame-Options": "SAMEORIGIN",
  "X-Permitted-Cross-Domain-Policies": "none",
  "X-XSS-Protection": "0",
} as const;

/** The cookie that carries the bookmark of an answer, and its attributes. */
const COOKIES = {
  GET: ["brainstem-d1-read", "Max-Age=600; Path=/api/private/; HttpOnly; SameSite=Lax"],
  POST: ["brainstem-d1-write", "Max-Age=1200; Path=/api/private/; HttpOnly; SameSite=Lax"],
} as const;

export default {
  async fetch(request, { DB, RATE_LIMIT_BY_TOKEN }): Promise<Response> {
    const start = Date.now();
    const requestId = crypto.randomUUID();
    const token = request.headers.get("Authorization")?.slice("Bearer ".length) ?? "";
    const caller = [await hashToken(token), toInstant(new Date())] as const;
    const isWithin = (await RATE_LIMIT_BY_TOKEN?.limit({ key: caller[0] }))?.success ?? true;
    const database = DB.withSession("first-primary");
    const { status, json, tagged, credential, results } = isWithin
      ? await route(database, caller, request)
      : refuse(429);
    const databaseTime = Date.now() - start;
    const headers = new Headers(HEADERS);
    headers.set("ETag", `"${(await hash(tagged)).slice(0, 32)}"`);
    if (request.method === "GET") headers.set("Vary", "Accept");
    const bookmark = database.getBookmark() ?? "";
    headers.set("X-D1-Bookmark", bookmark);
    const [cookie, attributes] = COOKIES[request.method === "GET" ? "GET" : "POST"];
    headers.set("Set-Cookie", `${cookie}=${bookmark}; ${attributes}`);
    headers.set("X-Request-Id", requestId);
    const duration = Date.now() - start;
    headers.set(
      "Server-Timing",
      `total;dur=${duration}, db;dur=${databaseTime};desc="1 round trips"`,
    );
    // biome-ignore lint/suspicious/noConsole: the line of log that the service writes too.
    console.log(
      JSON.stringify({
        requestId,
        method: request.method,
        route: LIST_PATH,
        status,
        ...credential,
        roundTrips: 1,
        rowsRead: results.reduce((sum, { meta }) => sum + meta.rows_read, 0),
        rowsWritten: results.reduce((sum, { meta }) => sum + meta.rows_written, 0),
        servedByPrimary: results[0]?.meta.served_by_primary,
        duration,
      }),
    );
    return new Response(json, { status, headers });
  },
} satisfies ExportedHandler<Cloudflare.Env>;

type Caller = readonly [tokenHash: string, now: string];

interface Answer {
  readonly status: number;
  readonly json: string;
  /** The text whose hash is the entity tag: one object, or the whole list. */
  readonly tagged: string;
  readonly credential?: object;
  readonly results: readonly D1Result[];
}

async function route(
  database: D1DatabaseSession,
  caller: Caller,
  request: Request,
): Promise<Answer> {
  if (request.method === "POST") return create(database, caller, await request.json());
  const { pathname } = new URL(request.url);
  const id = pathname.slice(LIST_PATH.length).replace("/", "");
  return id === "" ? list(database, caller, request.url) : detail(database, caller, id);
}

async function detail(database: D1DatabaseSession, caller: Caller, id: string): Promise<Answer> {
  const results = await database.batch<Record<string, string>>([
    database.prepare(CREDENTIAL).bind(...caller),
    database.prepare(DETAIL).bind(...caller, id),
  ]);
  const body = results[1]?.results[0]?.body;
  return body === undefined ? refuse(404) : answerOne(results, body, 200);
}

async function list(database: D1DatabaseSession, caller: Caller, url: string): Promise<Answer> {
  const results = await database.batch<Record<string, string | number>>([
    database.prepare(CREDENTIAL).bind(...caller),
    database.prepare(LIST).bind(...caller),
  ]);
  const [credential] = results[0]?.results ?? [];
  if (credential === undefined) return refuse(401);
  const { body = "", last = "", count = 0 } = results[1]?.results[0] ?? {};
  const total = Number(count);
  const next = total > 20 ? `"${url}?limit=20&offset=20"` : "null";
  const cursor = total > 20 ? `"${btoa(JSON.stringify(["", [last]])).replace(/=+$/, "")}"` : "null";
  const json = `{"sessions":[${body}],"count":${total},"next":${next},"previous":null,"meta":{"page":1,"per_page":20,"total_results":${total},"total_pages":${Math.ceil(total / 20)},"cursor":${cursor}}}`;
  return { status: 200, json, tagged: json, credential, results };
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

async function create(
  database: D1DatabaseSession,
  caller: Caller,
  input: NewSession,
): Promise<Answer> {
  const id = crypto.randomUUID();
  const projects = JSON.stringify(input.projects);
  const extras = JSON.stringify(input.extra_fields);
  const storages = JSON.stringify(input.datastorage.map((one) => [crypto.randomUUID(), one]));
  const tags = JSON.stringify(input.tags.map((tag) => [tag, foldCase(tag)]));
  const { name, description, date_time } = input;
  const row = [id, name, foldCase(name), description, foldCase(description)];
  const [ensureSet, insertRow, insertTags, insertStorages, read] = CREATE;
  const results = await database.batch<Record<string, string>>([
    database.prepare(CREDENTIAL).bind(...caller),
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
  const body = results.at(-1)?.results[0]?.body;
  return body === undefined ? refuse(403) : answerOne(results, body, 201);
}

function answerOne(
  results: readonly D1Result<Record<string, string>>[],
  body: string,
  status: number,
): Answer {
  const [credential] = results[0]?.results ?? [];
  if (credential === undefined) return refuse(401);
  return { status, json: `{"session":${body}}`, tagged: body, credential, results };
}

function refuse(status: 401 | 403 | 404 | 429): Answer {
  const json = '{"detail":"Refused."}';
  return { status, json, tagged: json, results: [] };
}
