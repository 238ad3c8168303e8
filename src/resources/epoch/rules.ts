import { projectSetIsVisible } from "../../db/access.ts";
import { type SQL, sql } from "../../db/sql.ts";
import { dataAcquisitions, epochDataAcquisitions, epochs } from "../../db/tables.ts";
import type { Fault } from "../../domain/fault.ts";
import type { Check } from "../../record/checks.ts";
import { projectSetOf } from "../../record/of-session.ts";
import { rulesOfSession, sessionOf } from "../../record/of-session-write.ts";
import type { RecordRules } from "../../record/service.ts";
import { epoch } from "./fields.ts";
import { LINK_NAMES, LINKS } from "./links.ts";
import type { EpochInput } from "./schemas.ts";

const ofSession = rulesOfSession<EpochInput>(epoch, epochs);

export const epochRules: RecordRules<EpochInput> = {
  create: (input) => [
    ...ofSession.create(input),
    ...linkRules(input, sql`${input.session ?? null}`, ""),
    endsAfterStart(input, ""),
  ],
  change: (id, input) => [
    ...ofSession.change(id, input),
    ...linkRules(input, sessionOf(epochs, id), id),
    endsAfterStart(input, id),
  ],
  remove: ofSession.remove,
};

/** What must hold for the records that an epoch of this session refers to. */
function linkRules(input: Partial<EpochInput>, session: SQL, epochId: string): readonly Check[] {
  const checks: Check[] = [];
  for (const name of LINK_NAMES) {
    const ids = input[name] ?? [];
    if (ids.length > 0) checks.push(areInSession(name, ids, session));
  }
  const { dataacquisition = [] } = input;
  if (dataacquisition.length > 0) checks.push(areInNoOther(dataacquisition, session, epochId));
  return checks;
}

/**
 * The records exist, in this session. To those who may not see the session it is not told which
 * records it has.
 */
function areInSession(field: keyof typeof LINKS, ids: readonly string[], session: SQL): Check {
  const { records } = LINKS[field];
  return (viewer) => sql`SELECT json_object('kind', 'conflict', 'field', ${field}, 'message',
      'Invalid pk "' || value || '" - object does not exist in this session.') AS fault
    FROM json_each(${JSON.stringify(ids)})
    WHERE NOT EXISTS (SELECT 1 FROM ${records} WHERE ${records.id} = value
      AND (${records.sessionId} = ${session}
        OR NOT ${projectSetIsVisible(viewer, projectSetOf(session))}))`;
}

/** Each data acquisition is in one epoch at most. */
function areInNoOther(ids: readonly string[], session: SQL, epochId: string): Check {
  return (
    viewer,
  ) => sql`SELECT json_object('kind', 'conflict', 'field', 'dataacquisition', 'message',
      'Data acquisition "' || value || '" is in another epoch already: it can be in one only.') AS fault
    FROM json_each(${JSON.stringify(ids)})
    JOIN ${dataAcquisitions} ON ${dataAcquisitions.id} = value
    WHERE ${dataAcquisitions.sessionId} = ${session}
    AND ${projectSetIsVisible(viewer, projectSetOf(session))}
    AND EXISTS (SELECT 1 FROM ${epochDataAcquisitions}
      WHERE ${epochDataAcquisitions.dataAcquisitionId} = value
      AND ${epochDataAcquisitions.epochId} <> ${epochId})`;
}

/** The end that the epoch will have is not before its start, whichever of the two is given. */
function endsAfterStart({ start, end }: Partial<EpochInput>, id: string): Check {
  const fault: Fault = {
    kind: "conflict",
    field: "end",
    message: "Ensure the end is not before the start.",
  };
  const stored = (column: SQL) => sql`(SELECT ${column} FROM ${epochs} WHERE ${epochs.id} = ${id})`;
  const from = start === undefined ? stored(epochs.start) : sql`${start}`;
  const to = end === undefined ? stored(epochs.end) : sql`${end}`;
  return () => sql`SELECT ${JSON.stringify(fault)} AS fault WHERE ${to} < ${from}`;
}
