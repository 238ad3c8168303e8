import { env } from "cloudflare:workers";
import { foldCase } from "../../src/values/fold.ts";
import { LEVEL, type LevelName } from "../../src/values/permission.ts";
import { ELSEWHERE, type Grants, type Sharing } from "./builders.ts";

/** One model of records that belong to a session, as the tests that run over all of them see it. */
export interface RecordModel {
  /** The model in the URL. */
  readonly model: string;
  readonly path: `/${string}`;
  /** The keys of one object and of a list. */
  readonly one: string;
  readonly many: string;
  /** The key of its ids in a session. */
  readonly inSession: string;
  readonly table: string;
  /** The fields that a body must have beside the session. */
  readonly required: Readonly<Record<string, unknown>>;
  /** What the optional fields are when a body does not name them. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Columns of a row beside the id and the session. */
  readonly columns: Readonly<Record<string, string>>;
}

/**
 * Ids by which records name subjects, procedures, setups, assays and equipment. `buildNamed` makes a record of each
 * of these models with each id; without it they are ids of nothing here.
 */
export const OUTSIDE = [
  "0c9a6a52-6a0c-4b1c-9a55-3f6f7f1f0a01",
  "0c9a6a52-6a0c-4b1c-9a55-3f6f7f1f0a02",
  "0c9a6a52-6a0c-4b1c-9a55-3f6f7f1f0a03",
] as const;

const [FIRST, SECOND] = OUTSIDE;

export const RECORD_MODELS: readonly RecordModel[] = [
  {
    model: "dataacquisition",
    path: "/modules/dataacquisition",
    one: "data_acquisition",
    many: "data_acquisitions",
    inSession: "dataacquisition",
    table: "data_acquisitions",
    required: { type: "ExtracellularEphys" },
    defaults: {
      notes: "",
      procedures: [],
      equipment: [],
      details: {},
      type_schema_version: "1.1.0",
      image: null,
      order: null,
      tags: [],
    },
    columns: { type: "ExtracellularEphys" },
  },
  {
    model: "behavior",
    path: "/modules/behavior",
    one: "behavior",
    many: "behaviors",
    inSession: "behaviors",
    table: "behaviors",
    required: { subjects: [FIRST], setup: SECOND, behavioralassay: FIRST },
    defaults: { notes: "", order: null, tags: [] },
    columns: { subjects: JSON.stringify([FIRST]), setup: SECOND, behavioralassay: FIRST },
  },
  {
    model: "manipulation",
    path: "/modules/manipulation",
    one: "manipulation",
    many: "manipulations",
    inSession: "manipulations",
    table: "manipulations",
    required: { type: "LiquidPerturbation", procedures: [FIRST] },
    defaults: {
      notes: "",
      equipment: [],
      details: [],
      type_schema_version: "1.1.0",
      order: null,
      tags: [],
    },
    columns: { type: "LiquidPerturbation", procedures: JSON.stringify([FIRST]) },
  },
  {
    model: "epoch",
    path: "/stem/epoch",
    one: "epoch",
    many: "epochs",
    inSession: "epochs",
    table: "epochs",
    required: { name: "baseline" },
    defaults: {
      start: null,
      end: null,
      notes: "",
      order: null,
      dataacquisition: [],
      behaviors: [],
      manipulations: [],
    },
    columns: { name: "baseline", name_folded: foldCase("baseline") },
  },
];

/** @throws Error for a model that there is not */
export function recordModel(name: string): RecordModel {
  const found = RECORD_MODELS.find(({ model }) => model === name);
  if (found === undefined) throw new Error(`no model ${name}`);
  return found;
}

/** A record of a session, by its row. */
export async function buildRecord(
  { table, columns }: RecordModel,
  session: { readonly id: string },
  more: Readonly<Record<string, string | number>> = {},
): Promise<{ readonly id: string }> {
  const id = crypto.randomUUID();
  const row = { id, session_id: session.id, ...columns, ...more };
  const names = Object.keys(row).join(", ");
  const places = Object.keys(row).map(() => "?");
  await env.DB.prepare(`INSERT INTO ${table} (${names}) VALUES (${places.join(", ")})`)
    .bind(...Object.values(row))
    .run();
  return { id };
}

/** The project of the subjects among them. */
export const NAMED_PROJECT = "0c9a6a52-6a0c-4b1c-9a55-3f6f7f1f0aff";

/** Makes what the ids of `OUTSIDE` name, and lets users and groups read it, each time others. */
export async function buildNamed({ users = {}, groups = {} }: Sharing): Promise<void> {
  const run = (text: string, ...values: string[]) =>
    env.DB.prepare(text.replace("INSERT", "INSERT OR IGNORE")).bind(...values);
  const ids = JSON.stringify([NAMED_PROJECT]);
  const SET = "(SELECT id FROM project_sets WHERE project_ids = ?)";
  const made = OUTSIDE.flatMap((id) => [
    run(
      `INSERT INTO subjects (id, name, name_folded, project_set_id, strain, sex, status)
       VALUES (?1, ?1, ?1, ${SET.replace("?", "?2")}, ?3, 'U', 'active')`,
      id,
      ids,
      ELSEWHERE,
    ),
    run("INSERT INTO setups (id, name, name_folded, setup_type) VALUES (?1, ?1, ?1, ?1)", id),
    run(
      `INSERT INTO behavioral_assays (id, name, name_folded, setup_type, behavioral_paradigm)
       VALUES (?1, ?1, ?1, ?1, ?1)`,
      id,
    ),
    run(
      `INSERT INTO procedures (id, type, subject_id, coordinates_system)
       VALUES (?1, 'Headcap', ?1, 'External_XYZ_Absolute')`,
      id,
    ),
    run(
      `INSERT INTO equipment (id, type, setup_id, coordinates_system)
       VALUES (?1, 'Camera', ?1, 'External_XYZ_Absolute')`,
      id,
    ),
  ]);
  await env.DB.batch([
    // A trigger refuses a second row with the id of a project before SQLite can ignore it.
    run(
      `INSERT INTO projects (id, name, name_folded)
       SELECT ?1, ?1, ?1 WHERE NOT EXISTS (SELECT 1 FROM projects WHERE id = ?1)`,
      NAMED_PROJECT,
    ),
    run("INSERT INTO project_sets (project_ids) VALUES (?)", ids),
    ...made,
    ...grantsOf("user", users, run),
    ...grantsOf("group", groups, run),
  ]);
}

function grantsOf(
  kind: "user" | "group",
  grants: Grants,
  run: (text: string, ...values: string[]) => D1PreparedStatement,
) {
  return Object.entries(grants).flatMap(([level, members]) =>
    members.flatMap((member) => {
      const on = (table: string, id: string) =>
        run(
          `INSERT INTO ${table}_${kind}s (${table}_id, ${kind}_id, level)
           VALUES (?, ?, ${LEVEL[level as LevelName]})`,
          id,
          member.id,
        );
      const attributes = OUTSIDE.flatMap((id) => [on("setup", id), on("behavioral_assay", id)]);
      return [on("project", NAMED_PROJECT), ...attributes];
    }),
  );
}
