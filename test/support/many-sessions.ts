import { env } from "cloudflare:workers";
import { type BuiltUser, buildProject, buildUser } from "./builders.ts";

const LABS = 12;
const ROWS_A_STATEMENT = 5000;

/** A database as large labs have it, and who sees how much of it. */
export interface Crowd {
  /** Sees every session, through the map and its lab. */
  readonly all: BuiltUser;
  /** Sees one lab in twelve. */
  readonly few: BuiltUser;
  readonly lab: { readonly id: string };
}

/** Sets of one map project and one lab each, and the first sessions in them. */
export async function buildCrowd(): Promise<Crowd> {
  const [all, few] = [await buildUser(), await buildUser()];
  const map = await buildProject({ users: { contributor: [all] } });
  const labs = await Promise.all(
    Array.from({ length: LABS }, (_, lab) =>
      buildProject({ users: { contributor: lab === 0 ? [all, few] : [all] } }),
    ),
  );
  const insert = env.DB.prepare("INSERT INTO project_sets (id, project_ids) VALUES (?, ?)");
  const sets = labs.map(({ id }, index) => insert.bind(index + 1, JSON.stringify([map.id, id])));
  await env.DB.batch(sets);
  const [lab = map] = labs;
  return { all, few, lab };
}

/** Adds sessions with these numbers, spread over the labs: names in no order, a day each, a tag and a probe. */
export async function addSessions(from: number, to: number): Promise<void> {
  for (let first = from; first < to; first += ROWS_A_STATEMENT) {
    const numbers = Array.from(
      { length: Math.min(ROWS_A_STATEMENT, to - first) },
      (_, n) => first + n,
    );
    const rows = JSON.stringify(
      numbers.map((n) => [uuid("5", n), nameOf(n), dayOf(n), (n % LABS) + 1]),
    );
    await env.DB.batch([
      // As the service writes sessions: each is indexed once, with its tag.
      env.DB.prepare(
        "INSERT INTO session_search_deferred (id) SELECT value ->> 0 FROM json_each(?)",
      ).bind(rows),
      env.DB.prepare(
        `INSERT INTO sessions (id, name, name_folded, date_time, project_set_id)
         SELECT value ->> 0, value ->> 1, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)`,
      ).bind(rows),
      env.DB.prepare(
        `INSERT INTO session_tags (session_id, tag, tag_folded, position)
         SELECT value ->> 0, 'tag', 'tag', 0 FROM json_each(?)`,
      ).bind(rows),
      env.DB.prepare(
        `INSERT INTO data_acquisitions (id, session_id, type)
         SELECT '6' || substr(value ->> 0, 2), value ->> 0, 'ExtracellularEphys' FROM json_each(?)`,
      ).bind(rows),
      env.DB.prepare("DELETE FROM session_search_deferred"),
    ]);
  }
}

export const uuid = (kind: string, n: number) =>
  `${kind}0000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

/** Knuth's multiplicative hash: the same spread every time. */
const spread = (n: number) => (n * 2_654_435_761) % 4_294_967_296;

const nameOf = (n: number) => `rat-${String(spread(n)).padStart(10, "0")}/${n}`;

const dayOf = (n: number) => {
  const day = new Date(Date.UTC(2000, 0, 1) + (spread(n) % 10_000) * 86_400_000);
  return day.toISOString().slice(0, 19);
};
