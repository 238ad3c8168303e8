import type { Person } from "../service/database.ts";
import { createRecord } from "../service/send.ts";

/** Those who ask, the one who owns what there is at first before the others. */
export const NAMES = ["owner", "manager", "contributor", "member", "stranger"] as const;

type People = Readonly<Record<(typeof NAMES)[number], Person>>;

/** Makes one or more of everything that requests can speak of. */
export async function makeWorld(base: string, people: People): Promise<void> {
  const make = (path: string, body: unknown) =>
    createRecord(base, people.owner.token, `/api/private/${path}/`, body);
  const users = {
    [people.manager.email]: { is_manager: true },
    [people.contributor.email]: { can_change: true },
    [people.member.email]: {},
  };
  await make("users/group", { name: "group", users: { [people.member.email]: {} } });
  const groups = { group: { can_change: true } };
  const projects: string[] = [];
  const storages: string[] = [];
  for (const [name, is_public] of [
    ["first", false],
    ["second", true],
  ] as const) {
    projects.push(await make("stem/project", { name, is_public, users, groups }));
    const storage = { name, is_public, users, authenticated_groups: groups };
    storages.push(await make("personal_attributes/datastorage", storage));
  }
  for (const name of ["one", "two", "three"]) {
    const session = await make("stem/session", { name, projects, datastorage: storages });
    await makeRecords(make, session, crypto.randomUUID());
  }
}

async function makeRecords(
  make: (path: string, body: unknown) => Promise<string>,
  session: string,
  other: string,
): Promise<void> {
  const [type, procedures] = ["ExtracellularEphys", [other]];
  const recorded = await make("modules/dataacquisition", { session, type });
  const behavior = { session, subjects: [other], setup: other, behavioralassay: other };
  const done = await make("modules/manipulation", {
    session,
    type: "OdorStimulation",
    procedures,
  });
  await make("stem/epoch", {
    session,
    name: "whole",
    dataacquisition: [recorded],
    behaviors: [await make("modules/behavior", behavior)],
    manipulations: [done],
  });
}
