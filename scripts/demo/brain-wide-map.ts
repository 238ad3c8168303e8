import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { session } from "../../src/models/session/session.ts";
import type { ImportedSession } from "../../src/models/session/session-rows.ts";
import { readBody } from "../operator/records.ts";

// The translation of the table of probe insertions into records of the service. Its ids are those of the
// source. Records without an id in the source have the same id in every demo database, so that links to them
// stay valid.

export const MAP_PROJECT_ID = "7e48d99c-3c1a-4ccc-b5ae-65ba04cd9add";
export const STORAGE_ID = "94230335-5d76-4924-986e-14834e85ed00";

/** The namespace of the ids that are made from names. */
const NAMESPACE = "c6f5a1de-8d0b-4f5e-9f0a-5f3f0d7c2a91";

// Ids of the taxonomies of BrainSTEM, which are not part of this service. They are made up.
const STRAIN_ID = idOf("strain");
const SETUP_TYPE_ID = idOf("setup type");
const PARADIGM_ID = idOf("behavioral paradigm");

const ASSAY_ID = idOf("behavioral assay");

const LAB_PROJECT_IDS: Readonly<Record<string, string>> = {
  angelakilab: "f04b756a-2d38-4858-a4d9-44abb1bd06b6",
  churchlandlab: "ae583d13-af6f-4769-a4e3-ba17d618f915",
  churchlandlab_ucla: "eb98a82f-cc15-415f-a7e1-1a4f0d302271",
  cortexlab: "605fd10d-a191-4c47-8318-4571a16198d6",
  danlab: "944f2b55-f98f-4b82-82e1-94e6bcff9176",
  hausserlab: "3fe7afa2-8595-4360-bd33-235274396ab8",
  hoferlab: "e88a4bde-ee61-419b-ab58-1f72ae7c372a",
  mainenlab: "e90b4c2b-78a3-4b0b-b2ca-f35ecc69e1c2",
  mrsicflogellab: "66db0834-de92-436b-8900-c7079bf0d69a",
  steinmetzlab: "10975e8b-5f01-4263-8000-0a11797c4c85",
  wittenlab: "50d042e6-23cc-4249-b829-f8c9173fc93c",
  zadorlab: "aff5b322-eeb1-49d6-b169-a9218a04cae5",
};

const LABS = Object.keys(LAB_PROJECT_IDS);

/** One row of the table: one probe in one animal during one session. */
interface Insertion {
  readonly pid: string;
  readonly eid: string;
  readonly probe_name: string;
  readonly session_number: string;
  readonly date: string;
  readonly subject: string;
  readonly lab: string;
}

/** A record to create: its id, and its body as the API takes it. */
export type DemoRecord = readonly [id: string, body: Readonly<Record<string, unknown>>];

/** The records by their model, except for the data storage. */
export interface BrainWideMap {
  readonly projects: readonly DemoRecord[];
  readonly setups: readonly DemoRecord[];
  readonly assays: readonly DemoRecord[];
  readonly sessions: readonly ImportedSession[];
  readonly subjects: readonly DemoRecord[];
  readonly dataAcquisitions: readonly DemoRecord[];
  readonly behaviors: readonly DemoRecord[];
  readonly collections: readonly DemoRecord[];
  readonly cohorts: readonly DemoRecord[];
}

export async function readBrainWideMap(): Promise<BrainWideMap> {
  const file = join(import.meta.dirname, "ibl-brain-wide-map-2022-10.csv");
  const insertions = parse<Insertion>(await readFile(file), { columns: true });
  // A session has one row for each of its insertions, and an animal one for each of its sessions.
  const sessions = distinct(insertions, ({ eid }) => eid);
  const subjects = distinct(insertions, ({ subject }) => subject);
  return {
    projects: [
      [MAP_PROJECT_ID, { name: "Brain-Wide Map", is_public: true }],
      ...Object.entries(LAB_PROJECT_IDS).map(([lab, id]): DemoRecord => [id, { name: lab }]),
    ],
    setups: LABS.map(toSetup),
    assays: [ASSAY],
    sessions: sessions.map(toSession),
    subjects: subjects.map(toSubject),
    dataAcquisitions: insertions.map(toDataAcquisition),
    behaviors: sessions.map(toBehavior),
    collections: [toCollection(sessions)],
    cohorts: LABS.map((lab) => toCohort(lab, subjects)),
  };
}

/** The last row of each key, in the order of the first ones. */
function distinct(
  insertions: readonly Insertion[],
  keyOf: (insertion: Insertion) => string,
): readonly Insertion[] {
  return [...new Map(insertions.map((insertion) => [keyOf(insertion), insertion])).values()];
}

/** The id of a record that has none in the source: a UUID of version 5. */
function idOf(...names: readonly string[]): string {
  const hash = createHash("sha1")
    .update(Buffer.from(NAMESPACE.replaceAll("-", ""), "hex"))
    .update(names.join("/"))
    .digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString("hex", 0, 16);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const setupIdOf = (lab: string) => idOf("setup", lab);
const subjectIdOf = (subject: string) => idOf("subject", subject);

const projectsOf = (lab: string) => [MAP_PROJECT_ID, LAB_PROJECT_IDS[lab]];

/** The standard rig of the task. The table does not say how many a lab has. */
function toSetup(lab: string): DemoRecord {
  const body = {
    name: `Electrophysiology rig, ${lab}`,
    location: lab,
    description:
      "The rig for recordings during the task: a head-fixed mouse, a steering wheel, a screen and a water spout.",
    setup_type: SETUP_TYPE_ID,
    is_public: true,
  };
  return [setupIdOf(lab), body];
}

const ASSAY: DemoRecord = [
  ASSAY_ID,
  {
    name: "IBL decision-making task",
    description:
      "A mouse turns a wheel to move a visual stimulus from the left or the right to the centre of the screen, for water.",
    setup_type: SETUP_TYPE_ID,
    behavioral_paradigm: PARADIGM_ID,
    is_public: true,
  },
];

function toSession({ eid, lab, subject, date, session_number }: Insertion): ImportedSession {
  const number = session_number.padStart(3, "0");
  const input = readBody(session, {
    name: [lab, subject, date, number].join("/"),
    projects: projectsOf(lab),
    date_time: `${date}T00:00:00Z`,
    datastorage: [STORAGE_ID],
    extra_fields: { subject, session_number: Number(session_number) },
  });
  // The path below the address of the data storage.
  const nameUsedInStorage = [lab, "Subjects", subject, date, number].join("/");
  return { id: eid, nameUsedInStorage, input };
}

function toSubject({ lab, subject }: Insertion): DemoRecord {
  const body = {
    name: subject,
    projects: projectsOf(lab),
    strain: STRAIN_ID,
    sex: "U",
    status: "unknown",
  };
  return [subjectIdOf(subject), body];
}

function toDataAcquisition({ pid, eid, probe_name }: Insertion): DemoRecord {
  const body = {
    session: eid,
    type: "ExtracellularEphys",
    details: { probe_name },
    order: Number(probe_name.slice("probe".length)),
  };
  return [pid, body];
}

function toBehavior({ eid, lab, subject }: Insertion): DemoRecord {
  const body = {
    session: eid,
    subjects: [subjectIdOf(subject)],
    setup: setupIdOf(lab),
    behavioralassay: ASSAY_ID,
  };
  return [idOf("behavior", eid), body];
}

function toCollection(sessions: readonly Insertion[]): DemoRecord {
  const body = {
    name: "Brain-Wide Map 2022",
    description: "The sessions of the release of October 2022.",
    project: MAP_PROJECT_ID,
    sessions: sessions.map(({ eid }) => eid),
  };
  return [idOf("collection"), body];
}

function toCohort(lab: string, subjects: readonly Insertion[]): DemoRecord {
  const body = {
    name: `Mice of ${lab}`,
    description: "The mice of the lab in the release of October 2022.",
    project: MAP_PROJECT_ID,
    subjects: subjects.filter((row) => row.lab === lab).map(({ subject }) => subjectIdOf(subject)),
  };
  return [idOf("cohort", lab), body];
}
