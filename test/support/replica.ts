import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Client } from "./client.ts";
import { clientOn } from "./d1-binding.ts";

// Locally D1 has no replicas. A second database plays one: it holds the state of the primary at one moment,
// and stands still until it is told to catch up. All else is real: the SQL, the bookmarks, the Worker.

/** A binding of the database and of one replica that lags. */
export interface Replicated {
  readonly binding: D1Database;
  /** Where each journey was allowed to go, in order: `"always-primary"` without a session. */
  readonly asked: string[];
  /** Which database answered each journey. */
  readonly answeredBy: ("primary" | "replica")[];
  /** Brings the replica to the state of the primary. */
  catchUp(): Promise<void>;
  /** From now on every journey that may go to the replica fails. */
  breakReplica(): void;
}

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}

/** A replica in the state of the primary. */
export async function replicatedDatabase(): Promise<Replicated> {
  await applyD1Migrations(env.REPLICA, env.MIGRATIONS);
  // A replica copies rows, and does nothing by itself.
  await dropTriggers();
  const asked: string[] = [];
  const answeredBy: ("primary" | "replica")[] = [];
  let state = "";
  let isBroken = false;

  /** D1 waits until the replica is new enough, or asks another: here the primary answers then. */
  const open = (start: string) => {
    const fromPrimary =
      start === "first-primary" || (start !== "first-unconstrained" && start > state);
    const session = (fromPrimary ? env.DB : env.REPLICA).withSession();
    const batch: D1DatabaseSession["batch"] = (statements) => {
      asked.push(start);
      if (isBroken && start !== "first-primary") {
        return Promise.reject(new Error("D1_ERROR: Timed out while waiting for the bookmark."));
      }
      answeredBy.push(fromPrimary ? "primary" : "replica");
      return session.batch(statements);
    };
    const getBookmark = () => (fromPrimary ? session.getBookmark() : state);
    return { prepare: session.prepare.bind(session), batch, getBookmark };
  };

  const binding = new Proxy(env.DB, {
    get(target, name) {
      if (name === "withSession") return open;
      if (name === "batch") {
        asked.push("always-primary");
        answeredBy.push("primary");
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  const catchUp = async () => {
    state = await copyRows();
  };
  await catchUp();
  const breakReplica = () => {
    isBroken = true;
  };
  return { binding, asked, answeredBy, catchUp, breakReplica };
}

async function dropTriggers(): Promise<void> {
  const { results } = await env.REPLICA.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'trigger'",
  ).all<{ name: string }>();
  for (const { name } of results) await env.REPLICA.prepare(`DROP TRIGGER ${name}`).run();
}

/** @returns the bookmark of the state that was copied */
async function copyRows(): Promise<string> {
  const tables = await findTables();
  const session = env.DB.withSession("first-primary");
  const answers = await session.batch<Record<string, unknown>>(
    tables.map(({ name }) => session.prepare(`SELECT * FROM ${name}`)),
  );
  const inserts = tables.flatMap(({ name, columns }, index) => {
    const values = columns.map(() => "?").join(", ");
    const insert = env.REPLICA.prepare(
      `INSERT INTO ${name} (${columns.join(", ")}) VALUES (${values})`,
    );
    return (answers[index]?.results ?? []).map((row) => insert.bind(...columns.map((c) => row[c])));
  });
  await env.REPLICA.batch([
    env.REPLICA.prepare("PRAGMA defer_foreign_keys = on"),
    ...tables.map(({ name }) => env.REPLICA.prepare(`DELETE FROM ${name}`)),
    ...inserts,
  ]);
  return session.getBookmark() ?? "";
}

/** The tables of our own, without those of a full-text index. */
async function findTables(): Promise<readonly Table[]> {
  const { results } = await env.DB.prepare(
    `SELECT tables.name, json_group_array(columns.name) AS columns
      FROM pragma_table_list AS tables, pragma_table_info(tables.name) AS columns
      WHERE tables.type = 'table' AND tables.name NOT GLOB 'sqlite_*' AND tables.name NOT GLOB '_cf_*'
      GROUP BY tables.name`,
  ).all<{ name: string; columns: string }>();
  return results.map(({ name, columns }) => ({ name, columns: JSON.parse(columns) }));
}

/** A client that keeps cookies, as `requests.Session` does, so far as this service sets any. */
export interface CookieClient extends Client {
  /** The cookies that it would send, by name. */
  readonly cookies: ReadonlyMap<string, string>;
}

/** Cookies for paths below `/api/private/`: the only ones there are. */
export function cookieClient(binding: D1Database, token: string | undefined): CookieClient {
  const cookies = new Map<string, string>();
  const client = clientOn(binding, token);
  const send: Client["send"] = async (method, path, body, extra) => {
    const headers = new Headers(extra);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    if (cookie !== "" && path.startsWith("/api/private/")) headers.set("Cookie", cookie);
    const answer = await client.send(method, path, body, headers);
    for (const text of answer.headers.getSetCookie()) keep(cookies, text);
    return answer;
  };
  return {
    token,
    cookies,
    send,
    get: (path) => send("GET", path),
    post: (path, body) => send("POST", path, body),
    put: (path, body) => send("PUT", path, body),
    patch: (path, body) => send("PATCH", path, body),
    delete: (path) => send("DELETE", path),
  };
}

function keep(cookies: Map<string, string>, text: string): void {
  const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
  if (/; Path=\/api\/private\/(;|$)/.exec(text) === null) throw new Error(`Other path: ${text}`);
  if (text.includes("Max-Age=0;")) cookies.delete(name);
  else cookies.set(name, value);
}
