import { env } from "cloudflare:workers";
import { type BuiltUser, buildProject, buildUser } from "./builders.ts";

/** How the sessions of a database are spread over projects. */
export interface Shape {
  readonly name: string;
  readonly projects: number;
  /** How many project sets there are for this many sessions. */
  readonly sets: (sessions: number) => number;
  /** How many projects the callers are in. */
  readonly few: number;
  readonly many: number;
}

export const SHAPES: readonly Shape[] = [
  { name: "20 projects, few sets", projects: 20, sets: (n) => Math.min(400, n), few: 1, many: 10 },
  {
    name: "300 projects, many sets",
    projects: 300,
    sets: (n) => Math.floor(n * 0.387),
    few: 3,
    many: 150,
  },
];

/** A database of one shape, and who sees how much of it. */
export interface ShapedDatabase {
  readonly sessions: number;
  readonly few: BuiltUser;
  readonly many: BuiltUser;
  readonly projects: readonly string[];
  readonly storages: readonly string[];
}

const STORAGES = 12;
/** Setups, and as many assays and inventories; the devices at setups and the stocks in inventories. */
const SETUPS = 60;
const EQUIPMENT = 600;
const STOCKS = 600;
const ROWS_A_STATEMENT = 5_000;

/** One subject for so many sessions. */
const SESSIONS_OF_SUBJECT = 20;

const countSubjects = (sessions: number) => Math.ceil(sessions / SESSIONS_OF_SUBJECT);

/** How many sessions or subjects a list of a project has at most: one in ten lists is as long as lists may be. */
const LONG_LIST = 2_000;
const SHORT_LIST = 30;

/** Knuth's multiplicative hash: the same spread every time. */
const spread = (n: number) => (n * 2_654_435_761) % 4_294_967_296;

export const uuid = (kind: string, n: number) =>
  `${kind}0000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

/** Fills the empty database with sessions of a shape, each with records of every kind, their subjects, and what they name. */
export async function buildShape(shape: Shape, sessions: number): Promise<ShapedDatabase> {
  const few = await buildUser();
  const many = await buildUser();
  const projects: string[] = [];
  for (let n = 0; n < shape.projects; n += 1) {
    const members = [
      ...(n < shape.few ? [few] : []),
      ...(n % 2 === 0 && n / 2 < shape.many ? [many] : []),
    ];
    const project = await buildProject({ users: { contributor: members }, isPublic: n % 4 === 1 });
    projects.push(project.id);
  }
  const storages = Array.from({ length: STORAGES }, (_, n) => uuid("d", n));
  await insert(
    "data_storages (id, name, name_folded, is_public)",
    4,
    storages.map((id, n) => [id, `Disk ${n}`, `disk ${n}`, n % 2]),
  );
  const sets = projectSetsOf(shape.sets(sessions), projects);
  await insert(
    "project_sets (id, project_ids)",
    2,
    sets.map((ids, n) => [n + 1, JSON.stringify(ids)]),
  );
  await insertSubjects(sessions, sets.length);
  await insertAttributes([few, many]);
  await insertSessions(sessions, sets.length);
  await insertLists(projects);
  return { sessions, few, many, projects, storages };
}

/** Distinct lists of one to three projects. */
function projectSetsOf(count: number, projects: readonly string[]): readonly (readonly string[])[] {
  const sets = new Map<string, readonly string[]>();
  const random = randomNumbers(20_261_124);
  const one = () => projects[Math.floor(random() * projects.length)] ?? "";
  while (sets.size < count) {
    const ids = [...new Set([one(), one(), one()].slice(0, 1 + Math.floor(random() * 3)))];
    sets.set(ids.join(), ids);
  }
  return [...sets.values()];
}

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

async function insertSessions(count: number, sets: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, n) => n);
  await insert(
    "sessions (id, name, name_folded, date_time, updated_date, project_set_id)",
    6,
    numbers.map((n) => {
      const name = `rat-${String(spread(n)).padStart(10, "0")}/${n}`;
      return [uuid("5", n), name, name, dayOf(n), dayOf(n * 3 + 1), (spread(n + 5) % sets) + 1];
    }),
  );
  await insert(
    "session_tags (session_id, tag, tag_folded, position)",
    4,
    numbers.map((n) => [uuid("5", n), `tag-${n % 40}`, `tag-${n % 40}`, 0]),
  );
  await insert(
    "session_data_storages (id, session_id, data_storage_id, position)",
    4,
    numbers.map((n) => [uuid("e", n), uuid("5", n), uuid("d", n % STORAGES), 0]),
  );
  const ids = (kind: string, n: number) => JSON.stringify([uuid(kind, n)]);
  for (const kind of ["6", "7"]) {
    await insert(
      "data_acquisitions (id, session_id, type, procedures, equipment)",
      5,
      numbers.map((n) => [
        uuid(kind, n),
        uuid("5", n),
        "ExtracellularEphys",
        ids("a", n % countSubjects(count)),
        ids("2", n % EQUIPMENT),
      ]),
    );
  }
  await insert(
    "behaviors (id, session_id, setup, behavioralassay, subjects)",
    5,
    numbers.map((n) => [
      uuid("8", n),
      uuid("5", n),
      uuid("b", n % SETUPS),
      uuid("c", n % SETUPS),
      ids("a", n % countSubjects(count)),
    ]),
  );
  await insert(
    "manipulations (id, session_id, type, procedures)",
    4,
    numbers.map((n) => [
      uuid("9", n),
      uuid("5", n),
      "Optogenetics",
      ids("a", n % countSubjects(count)),
    ]),
  );
  await insert(
    "epochs (id, session_id, name, name_folded)",
    4,
    numbers.map((n) => [uuid("4", n), uuid("5", n), "Task", "task"]),
  );
}

/** Subjects in project sets, each with two procedures that have a log, and two logs with entries. */
async function insertSubjects(sessions: number, sets: number): Promise<void> {
  const numbers = Array.from({ length: countSubjects(sessions) }, (_, n) => n);
  await insert(
    "subjects (id, name, name_folded, birth_date, project_set_id, strain, sex, status)",
    8,
    numbers.map((n) => {
      const [name, day] = [`animal-${String(spread(n)).padStart(10, "0")}`, dayOf(n).slice(0, 10)];
      const set = (spread(n + 5) % sets) + 1;
      return [uuid("a", n), name, name, day, set, uuid("1", n % 7), "U", "active"];
    }),
  );
  await insertTags("subject", "a", numbers);
  for (const kind of ["a", "b"]) {
    await insert(
      "procedures (id, subject_id, type, date_time, equipment, consumablestock, coordinates_system)",
      7,
      numbers.map((n) => [
        uuid(kind, n),
        uuid("a", n),
        "SiliconProbeImplant",
        dayOf(n),
        JSON.stringify([uuid("2", n % EQUIPMENT)]),
        uuid("3", n % STOCKS),
        "Stereotaxic_BregmaAbsolute",
      ]),
    );
    await insert(
      "procedure_logs (id, procedure_id, type)",
      3,
      numbers.map((n) => [uuid(kind, n), uuid(kind, n), "Impedances"]),
    );
    await insert(
      "subject_logs (id, subject_id, type)",
      3,
      numbers.map((n) => [uuid(kind, n), uuid("a", n), "Weighing"]),
    );
    for (const log of ["procedure_log", "subject_log"]) {
      await insert(
        `${log}_entries (${log}_id, date_time, details)`,
        3,
        numbers.flatMap((n) => [1, 2, 3].map((k) => [uuid(kind, n), dayOf(n + k), '{"value":1}'])),
      );
    }
  }
  await insertTags("procedure", "a", numbers);
}

async function insertTags(record: string, kind: string, numbers: readonly number[]): Promise<void> {
  await insert(
    `${record}_tags (${record}_id, tag, tag_folded, position)`,
    4,
    numbers.map((n) => [uuid(kind, n), `tag-${n % 40}`, `tag-${n % 40}`, 0]),
  );
}

/** Setups, assays and inventories, of which each user may read some, and what belongs to them. */
async function insertAttributes(users: readonly BuiltUser[]): Promise<void> {
  const numbers = Array.from({ length: SETUPS }, (_, n) => n);
  const kinds = [
    ["setups", "setup", "b", ", setup_type"],
    ["behavioral_assays", "behavioral_assay", "c", ", setup_type, behavioral_paradigm"],
    ["inventories", "inventory", "f", ""],
  ] as const;
  for (const [table, record, kind, required] of kinds) {
    const more = required.split(", ").slice(1);
    await insert(
      `${table} (id, name, name_folded, is_public${required})`,
      4 + more.length,
      numbers.map((n) => [
        uuid(kind, n),
        `${record} ${n}`,
        `${record} ${n}`,
        n % 3 === 0 ? 1 : 0,
        ...more.map(() => uuid("1", 1)),
      ]),
    );
    await insert(
      `${record}_users (${record}_id, user_id, level)`,
      3,
      users.flatMap(({ id }, index) =>
        numbers.filter((n) => n % (4 - 2 * index) === 0).map((n) => [uuid(kind, n), id, 2]),
      ),
    );
  }
  await insert(
    "equipment (id, name, name_folded, setup_id, type, coordinates_system)",
    6,
    Array.from({ length: EQUIPMENT }, (_, n) => [
      uuid("2", n),
      `Camera ${n}`,
      `camera ${n}`,
      uuid("b", n % SETUPS),
      "Camera",
      "External_XYZ_Absolute",
    ]),
  );
  await insert(
    "consumable_stocks (id, inventory_id, type, status)",
    4,
    Array.from({ length: STOCKS }, (_, n) => [
      uuid("3", n),
      uuid("f", n % SETUPS),
      "SiliconProbe",
      "AVAILABLE",
    ]),
  );
}

/** Ten collections and ten cohorts for each project, with what is in it. */
async function insertLists(projects: readonly string[]): Promise<void> {
  const lists = projects.flatMap((project, place) =>
    Array.from(
      { length: 10 },
      (_, n) => [uuid("d", place * 10 + n), `List ${n}`, project] as const,
    ),
  );
  for (const [list, member] of [
    ["collection", "session"],
    ["cohort", "subject"],
  ] as const) {
    await insert(
      `${list}s (id, name, name_folded, project_id)`,
      4,
      lists.map(([id, name, project]) => [id, name, name.toLowerCase(), project]),
    );
    await env.DB.prepare(
      `INSERT INTO ${list}_${member}s (${list}_id, ${member}_id, position)
       SELECT list_id, member_id, position FROM (
         SELECT lists.id AS list_id, members.id AS member_id, lists.name,
           row_number() OVER (PARTITION BY lists.id ORDER BY members.id) - 1 AS position
         FROM ${list}s AS lists
         JOIN session_projects USING (project_id) JOIN ${member}s AS members USING (project_set_id))
       WHERE position < CASE name WHEN 'List 0' THEN ${LONG_LIST} ELSE ${SHORT_LIST} END`,
    ).run();
  }
}

async function insert(into: string, columns: number, rows: readonly (readonly unknown[])[]) {
  const values = Array.from({ length: columns }, (_, index) => `value ->> ${index}`).join(", ");
  for (let first = 0; first < rows.length; first += ROWS_A_STATEMENT) {
    const chunk = JSON.stringify(rows.slice(first, first + ROWS_A_STATEMENT));
    await env.DB.prepare(`INSERT INTO ${into} SELECT ${values} FROM json_each(?)`)
      .bind(chunk)
      .run();
  }
}

const dayOf = (n: number) => {
  const day = new Date(Date.UTC(2000, 0, 1) + (spread(n) % 10_000) * 86_400_000);
  return day.toISOString().slice(0, 19);
};

/** Empties the database of an earlier shape. */
export async function clear(): Promise<void> {
  const tables = [
    "sessions",
    "subjects",
    "data_storages",
    "setups",
    "behavioral_assays",
    "inventories",
    "projects",
    "access_tokens",
    "users",
  ];
  await env.DB.batch(tables.map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
}

/** How many project sets a caller sees: those with one of the projects of this query. */
export async function countSets(readable: string): Promise<number> {
  const row = await env.DB.prepare(
    `SELECT count(DISTINCT project_set_id) AS sets FROM session_projects WHERE project_id IN (${readable})`,
  ).first<{ sets: number }>();
  return row?.sets ?? 0;
}
