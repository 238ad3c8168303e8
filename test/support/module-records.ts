import { env } from "cloudflare:workers";
import { foldCase } from "../../src/values/fold.ts";

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

/** Records of other services, of which this one knows nothing but the ids. */
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
    defaults: { notes: "", order: null },
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
