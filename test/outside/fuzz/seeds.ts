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
  const named = await makeNamed(make, projects, { users, authenticated_groups: groups });
  for (const name of ["one", "two", "three"]) {
    const session = await make("stem/session", { name, projects, datastorage: storages });
    await makeRecords(make, session, named);
  }
}

/** What the records of sessions name. */
type Named = Readonly<
  Record<"subject" | "procedure" | "setup" | "equipment" | "behavioralassay", string>
>;

async function makeNamed(
  make: (path: string, body: unknown) => Promise<string>,
  projects: readonly string[],
  shared: object,
): Promise<Named> {
  const setup_type = crypto.randomUUID();
  const [project] = projects;
  const attribute = (path: string, body: object) =>
    make(`personal_attributes/${path}`, { name: path, ...shared, ...body });
  const setup = await attribute("setup", { setup_type });
  const behavioral_paradigm = crypto.randomUUID();
  const behavioralassay = await attribute("behavioralassay", { setup_type, behavioral_paradigm });
  const inventory = await attribute("inventory", {});
  const where = { coordinates_system: "External_XYZ_Absolute" };
  const equipment = await make("modules/equipment", { type: "Camera", setup, ...where });
  const consumablestock = await make("modules/consumablestock", { type: "OpticFiber", inventory });
  const animal = { name: "animal", projects, strain: crypto.randomUUID(), sex: "U" };
  const subject = await make("stem/subject", animal);
  const procedure = await make("modules/procedure", {
    type: "OpticFiberImplant",
    subject,
    consumablestock,
    equipment: [equipment],
    ...where,
  });
  await make("modules/subjectlog", { type: "Weighing", subject });
  await make("modules/procedurelog", { type: "Impedances", procedure });
  await make("stem/cohort", { name: "cohort", project, subjects: [subject] });
  await make("stem/collection", { name: "collection", project });
  return { subject, procedure, setup, equipment, behavioralassay };
}

async function makeRecords(
  make: (path: string, body: unknown) => Promise<string>,
  session: string,
  named: Named,
): Promise<void> {
  const [type, procedures] = ["ExtracellularEphys", [named.procedure]];
  const recorded = await make("modules/dataacquisition", { session, type });
  const { setup, behavioralassay } = named;
  const behavior = { session, subjects: [named.subject], setup, behavioralassay };
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
