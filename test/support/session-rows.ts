import { env } from "cloudflare:workers";
import { foldCase } from "../../src/values/fold.ts";
import { writeJson } from "../../src/values/json.ts";
import { unique } from "./builders.ts";

/** What a session consists of in the tables; ids of other records are those of rows that exist. */
export interface SessionRow {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly projects: readonly string[];
  /** In the stored form, as are the other dates. */
  readonly dateTime: string | null;
  readonly dataStorages: readonly string[];
  /** The ids of the associations with the data storages; made up where they do not matter. */
  readonly associations?: readonly string[];
  readonly extraFields: Readonly<Record<string, string | number>>;
  readonly nameUsedInStorage: string;
  readonly tags: readonly string[];
  readonly createdDate: string;
  readonly updatedDate: string;
  /** The ids under which records of each kind are made, in their order. */
  readonly epochs: readonly string[];
  readonly dataAcquisitions: readonly string[];
  readonly behaviors: readonly string[];
  readonly manipulations: readonly string[];
  /** The ids of the subjects that each of the behaviors names. */
  readonly subjects: readonly string[];
}

const NOW = "2024-01-01T00:00:00";

/** A session of these projects; what is not given is empty. */
export function sessionRow(given: Partial<SessionRow> & Pick<SessionRow, "projects">): SessionRow {
  return {
    id: crypto.randomUUID(),
    name: unique("session"),
    description: "",
    dateTime: null,
    dataStorages: [],
    extraFields: {},
    nameUsedInStorage: "",
    tags: [],
    createdDate: NOW,
    updatedDate: NOW,
    epochs: [],
    dataAcquisitions: [],
    behaviors: [],
    manipulations: [],
    subjects: [],
    ...given,
  };
}

/** Writes any number of sessions with their relations, a statement for each table. */
export async function writeSessions(rows: readonly SessionRow[]): Promise<void> {
  await env.DB.batch([
    fill(
      "project_sets (project_ids)",
      "DISTINCT value ->> 0",
      rows.map((row) => [JSON.stringify(row.projects)]),
    ),
    fill(
      `sessions (id, name, name_folded, description, description_folded, date_time, extra_fields,
        extra_fields_folded, name_used_in_storage, name_used_in_storage_folded, created_date,
        updated_date, project_set_id)`,
      `${columns(12)}, (SELECT id FROM project_sets WHERE project_ids = value ->> 12)`,
      rows.map(columnsOf),
    ),
    fill(
      "session_tags (session_id, position, tag, tag_folded)",
      columns(4),
      each(rows, (row) => row.tags).map((tag) => [...tag, foldCase(tag[2])]),
    ),
    fill(
      "session_data_storages (session_id, position, data_storage_id, id)",
      columns(4),
      rows.flatMap((row) =>
        row.dataStorages.map((storage, index) => [
          row.id,
          index,
          storage,
          row.associations?.[index] ?? crypto.randomUUID(),
        ]),
      ),
    ),
    fill(
      "epochs (session_id, position, id, name, name_folded)",
      `${columns(3)}, 'epoch', 'epoch'`,
      each(rows, (row) => row.epochs),
    ),
    fill(
      "data_acquisitions (session_id, position, id, type)",
      `${columns(3)}, 'ExtracellularEphys'`,
      each(rows, (row) => row.dataAcquisitions),
    ),
    fill(
      "behaviors (session_id, position, id, setup, behavioralassay, subjects)",
      `${columns(3)}, value ->> 2, value ->> 2, value ->> 3`,
      rows.flatMap((row) =>
        row.behaviors.map((id, index) => [row.id, index, id, JSON.stringify(row.subjects)]),
      ),
    ),
    fill(
      "manipulations (session_id, position, id, type)",
      `${columns(3)}, 'Optogenetics'`,
      each(rows, (row) => row.manipulations),
    ),
  ]);
}

/** The rows travel as one JSON list, since a statement binds no more than 100 parameters. */
function fill(into: string, select: string, rows: readonly unknown[]): D1PreparedStatement {
  return env.DB.prepare(
    `INSERT INTO ${into} SELECT ${select} FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`,
  ).bind(JSON.stringify(rows));
}

const columns = (count: number) =>
  Array.from({ length: count }, (_, index) => `value ->> ${index}`).join(", ");

function each(
  rows: readonly SessionRow[],
  items: (row: SessionRow) => readonly string[],
): (readonly [sessionId: string, position: number, item: string])[] {
  return rows.flatMap((row) => items(row).map((item, index) => [row.id, index, item] as const));
}

function columnsOf(row: SessionRow): readonly (string | null)[] {
  const foldedFields = Object.entries(row.extraFields).map(([key, value]) => [
    key,
    typeof value === "string" ? foldCase(value) : value,
  ]);
  return [
    row.id,
    row.name,
    foldCase(row.name),
    row.description,
    foldCase(row.description),
    row.dateTime,
    writeJson(row.extraFields),
    writeJson(Object.fromEntries(foldedFields)),
    row.nameUsedInStorage,
    foldCase(row.nameUsedInStorage),
    row.createdDate,
    row.updatedDate,
    JSON.stringify(row.projects),
  ];
}
