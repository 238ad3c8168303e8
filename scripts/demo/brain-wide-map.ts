import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { dataAcquisition } from "../../src/models/data-acquisition.ts";
import { session } from "../../src/models/session/session.ts";
import type { ImportedSession } from "../../src/models/session/session-rows.ts";
import { readBody } from "../operator/records.ts";

// The translation of the table of probe insertions into records of the service. Its ids are those of the
// source. Records without an id in the source have the same id in every demo database, so that links to them
// stay valid.

export const MAP_PROJECT_ID = "7e48d99c-3c1a-4ccc-b5ae-65ba04cd9add";
export const STORAGE_ID = "94230335-5d76-4924-986e-14834e85ed00";

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

type DataAcquisitionInput = ReturnType<typeof toDataAcquisition>;

export interface BrainWideMap {
  /** The projects of the labs. */
  readonly labs: readonly (readonly [id: string, name: string])[];
  readonly sessions: readonly ImportedSession[];
  readonly dataAcquisitions: readonly (readonly [id: string, input: DataAcquisitionInput])[];
}

export async function readBrainWideMap(): Promise<BrainWideMap> {
  const file = join(import.meta.dirname, "ibl-brain-wide-map-2022-10.csv");
  const insertions = parse<Insertion>(await readFile(file), { columns: true });
  // A session has one row for each of its insertions.
  const bySession = new Map(insertions.map((insertion) => [insertion.eid, insertion]));
  return {
    labs: Object.entries(LAB_PROJECT_IDS).map(([lab, id]) => [id, lab]),
    sessions: [...bySession.values()].map(toSession),
    dataAcquisitions: insertions.map((insertion) => [insertion.pid, toDataAcquisition(insertion)]),
  };
}

function toSession({ eid, lab, subject, date, session_number }: Insertion): ImportedSession {
  const number = session_number.padStart(3, "0");
  const input = readBody(session, {
    name: [lab, subject, date, number].join("/"),
    projects: [MAP_PROJECT_ID, LAB_PROJECT_IDS[lab]],
    date_time: `${date}T00:00:00Z`,
    datastorage: [STORAGE_ID],
    extra_fields: { subject, session_number: Number(session_number) },
  });
  // The path below the address of the data storage.
  const nameUsedInStorage = [lab, "Subjects", subject, date, number].join("/");
  return { id: eid, nameUsedInStorage, input };
}

function toDataAcquisition({ eid, probe_name }: Insertion) {
  return readBody(dataAcquisition, {
    session: eid,
    type: "ExtracellularEphys",
    details: { probe_name },
    order: Number(probe_name.slice("probe".length)),
  });
}
