import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type BuiltUser,
  buildAssay,
  buildEquipment,
  buildInventory,
  buildProcedure,
  buildProject,
  buildSession,
  buildSetup,
  buildStock,
  buildSubject,
  buildUser,
  unique,
} from "../support/builders.ts";
import { type Client, clientFor } from "../support/client.ts";

// What a record names without belonging to it: the subjects, the setup and the assay of a behavior, the procedures
// and the equipment of a recording, the stock of a procedure.

type Id = { readonly id: string };

/** What is named, in a lab that shares it with nobody else. */
interface Named {
  readonly subjects: Id & { readonly name: string };
  readonly setup: Id & { readonly name: string };
  readonly behavioralassay: Id & { readonly name: string };
  readonly procedures: Id;
  readonly equipment: Id & { readonly name: string };
  readonly consumablestock: Id;
}

async function buildNamedBy(user: Id): Promise<Named> {
  const users = { contributor: [user] };
  const subjects = await buildSubject({ projects: [await buildProject({ users })] });
  const setup = await buildSetup({ users });
  const name = unique("amplifier");
  const equipment = await buildEquipment(setup);
  await env.DB.prepare("UPDATE equipment SET name = ?1, name_folded = ?1 WHERE id = ?2")
    .bind(name, equipment.id)
    .run();
  return {
    subjects,
    setup,
    behavioralassay: await buildAssay({ users }),
    procedures: await buildProcedure(subjects),
    equipment: { ...equipment, name },
    consumablestock: await buildStock(await buildInventory({ users })),
  };
}

const NOWHERE = "00000000-0000-4000-8000-00000000dead";

/** A field that names records: where it is, and the body of the record that has it. */
interface Case {
  readonly model: string;
  readonly key: string;
  readonly field: keyof Named;
  readonly isList: boolean;
  readonly isNamed: boolean;
  readonly permission: string;
}

const CASES: readonly Case[] = [
  ["behavior", "behavior", "subjects", true, true, "view_project"],
  ["behavior", "behavior", "setup", false, true, "view_setup"],
  ["behavior", "behavior", "behavioralassay", false, true, "view_behavioralassay"],
  ["dataacquisition", "data_acquisition", "procedures", true, false, "view_project"],
  ["dataacquisition", "data_acquisition", "equipment", true, true, "view_setup"],
  ["manipulation", "manipulation", "procedures", true, false, "view_project"],
  ["manipulation", "manipulation", "equipment", true, true, "view_setup"],
  ["procedure", "procedure", "equipment", true, true, "view_setup"],
  ["procedure", "procedure", "consumablestock", false, false, "view_inventory"],
].map(([model, key, field, isList, isNamed, permission]) => ({
  model,
  key,
  field,
  isList,
  isNamed,
  permission,
})) as readonly Case[];

let owner: BuiltUser;
let stranger: BuiltUser;
/** What `owner` may read, and what only `stranger` may. */
let own: Named;
let hidden: Named;
let session: Id;
let publicSession: Id;

const everywhere = () => ({ contributor: [owner, stranger] });

beforeAll(async () => {
  owner = await buildUser();
  stranger = await buildUser();
  own = await buildNamedBy(owner);
  hidden = await buildNamedBy(stranger);
  session = await buildSession({ projects: [await buildProject({ users: everywhere() })] });
  publicSession = await buildSession({
    projects: [await buildProject({ users: everywhere(), isPublic: true })],
  });
});

/** The body of a record of a model that names what a lab has. */
function bodyOf({ model }: Case, named: Named, where: Id, subject: Id): Record<string, unknown> {
  const [subjects, procedures, equipment] = [
    [named.subjects.id],
    [named.procedures.id],
    [named.equipment.id],
  ];
  const bodies: Readonly<Record<string, Record<string, unknown>>> = {
    behavior: {
      session: where.id,
      subjects,
      setup: named.setup.id,
      behavioralassay: named.behavioralassay.id,
    },
    dataacquisition: { session: where.id, type: "ExtracellularEphys", procedures, equipment },
    manipulation: { session: where.id, type: "OptogeneticStimulation", procedures, equipment },
    procedure: {
      subject: subject.id,
      type: "SiliconProbeImplant",
      coordinates_system: "Stereotaxic_BregmaAbsolute",
      equipment,
      consumablestock: named.consumablestock.id,
    },
  };
  return bodies[model] ?? {};
}

/** A subject that both users may change, whose procedures name things. */
const sharedSubject = async (isPublic = false) =>
  buildSubject({ projects: [await buildProject({ users: everywhere(), isPublic })] });

const pathOf = ({ model }: Case, portal = "private") => `/api/${portal}/modules/${model}/`;

/** A record that the caller made, and its address. */
async function make(one: Case, client: Client, named: Named, isPublic = false) {
  const where = isPublic ? publicSession : session;
  const body = bodyOf(one, named, where, await sharedSubject(isPublic));
  const answer = await client.post(pathOf(one), body);
  expect(answer.status, answer.text).toBe(201);
  const record = answer.body[one.key];
  return { body, record, address: `${pathOf(one)}${record.id}/` };
}

const asValue = ({ isList }: Case, id: string) => (isList ? [id] : id);

describe.each(CASES.map((one) => [`${one.model}.${one.field}`, one] as const))("%s", (_, one) => {
  const { field, key } = one;

  test("takes what the caller may read, and shows it in place of its id when it is included", async () => {
    const { record, address } = await make(one, owner.client, own);
    expect(record[field]).toEqual(asValue(one, own[field].id));
    const { body } = await owner.client.get(`${address}?include[]=${field}`);
    const [included] = [body[key][field]].flat();
    expect(included.id).toBe(own[field].id);
    expect(Object.keys(included).length).toBeGreaterThan(5);
  });

  test("refuses an id of nothing here, and says where", async () => {
    const body = bodyOf(one, own, session, await sharedSubject());
    const sent = { ...body, [field]: asValue(one, NOWHERE) };
    const answer = await owner.client.post(pathOf(one), sent);
    expect([answer.status, answer.body]).toEqual([
      400,
      { [field]: [expect.stringContaining(NOWHERE)] },
    ]);
  });

  test("refuses what the caller may not read, in a new record and in a change", async () => {
    const body = bodyOf(one, own, session, await sharedSubject());
    const value = asValue(one, hidden[field].id);
    const { record, address } = await make(one, owner.client, own);
    for (const answer of [
      await owner.client.post(pathOf(one), { ...body, [field]: value }),
      await owner.client.patch(address, { [field]: value }),
      await owner.client.put(address, {
        ...bodyOf(one, own, { id: record.session }, { id: record.subject }),
        [field]: value,
      }),
    ]) {
      expect(answer.status, answer.text).toBe(403);
      expect(answer.body.detail).toContain(one.permission);
      expect(answer.body.detail).toContain(hidden[field].id);
    }
    expect((await owner.client.get(address)).body[key]).toEqual(record);
  });

  test("keeps what the record has, in a change by somebody who may not read it", async () => {
    const { record, address } = await make(one, stranger.client, hidden);
    const value = asValue(one, hidden[field].id);
    const patched = await owner.client.patch(address, { notes: "seen", [field]: value });
    expect([patched.status, patched.body[key]?.[field]]).toEqual([200, value]);
    const put = await owner.client.put(address, record);
    expect([put.status, put.body[key]?.[field]]).toEqual([200, value]);
  });

  test("takes it back no more once it was taken out", async () => {
    const { record, address } = await make(one, stranger.client, hidden);
    const other = await owner.client.patch(address, { [field]: asValue(one, own[field].id) });
    expect(other.status, other.text).toBe(200);
    expect((await owner.client.put(address, record)).status).toBe(403);
  });

  test("keeps an id of nothing here that was stored before, and shows it by itself", async () => {
    const { record, address } = await make(one, owner.client, own);
    const table = `${key}s`;
    const column = one.isList ? JSON.stringify([NOWHERE]) : NOWHERE;
    await env.DB.prepare(`UPDATE ${table} SET ${field} = ? WHERE id = ?`)
      .bind(column, record.id)
      .run();
    const value = asValue(one, NOWHERE);
    for (const answer of [
      await owner.client.patch(address, { [field]: value, notes: "kept" }),
      await owner.client.put(address, { ...record, [field]: value }),
    ]) {
      expect([answer.status, answer.body[key]?.[field]]).toEqual([200, value]);
    }
    const shown = await owner.client.get(`${address}?include[]=${field}`);
    expect(shown.body[key][field]).toEqual(one.isList ? [{ id: NOWHERE }] : { id: NOWHERE });
    const found = await owner.client.get(`${pathOf(one)}?filter{${field}}=${NOWHERE}`);
    expect(found.body.count).toBe(1);
    if (one.isList) {
      const added = await owner.client.patch(address, { [field]: [NOWHERE, own[field].id] });
      expect([added.status, added.body[key]?.[field]]).toEqual([200, [NOWHERE, own[field].id]]);
    }
    await owner.client.delete(address);
  });

  test("shows the id alone of what the caller may not read, in both portals", async () => {
    const { address } = await make(one, stranger.client, hidden, true);
    const alone = one.isList ? [{ id: hidden[field].id }] : { id: hidden[field].id };
    const publicly = address.replace("/private/", "/public/");
    for (const [client, path] of [
      [owner.client, address] as const,
      [clientFor(), publicly] as const,
    ]) {
      const { status, body } = await client.get(`${path}?include[]=${field}`);
      expect([status, body[key]?.[field]]).toEqual([200, alone]);
    }
  });

  test("is found by the id of what it names, and not by others", async () => {
    const { record } = await make(one, owner.client, own);
    const other = await make(one, stranger.client, hidden);
    const ids = async (query: string) => {
      const { body } = await owner.client.get(`${pathOf(one)}?limit=100&${query}`);
      const list = Object.values(body)[0] as readonly Id[];
      return list.map(({ id }) => id);
    };
    for (const path of [field, `${field}.id`]) {
      expect(await ids(`filter{${path}}=${own[field].id}`)).toContain(record.id);
      expect(await ids(`filter{${path}}=${own[field].id}`)).not.toContain(other.record.id);
      expect(await ids(`filter{-${path}}=${own[field].id}`)).not.toContain(record.id);
      expect(await ids(`filter{-${path}}=${own[field].id}`)).toContain(other.record.id);
    }
  });
});

const NAMED = CASES.filter(({ isNamed }) => isNamed);

describe.each(NAMED.map((one) => [`${one.model}.${one.field}.name`, one] as const))(
  "%s",
  (_, one) => {
    const { field } = one;
    const nameIn = (named: Named) => (named[field] as { readonly name: string }).name;

    const idsFor = async (client: Client, portal: string, query: string) => {
      const { status, body, text } = await client.get(`${pathOf(one, portal)}?limit=100&${query}`);
      expect(status, text).toBe(200);
      const list = Object.values(body)[0] as readonly Id[];
      return list.map(({ id }) => id);
    };

    test("finds records by the name of what they name", async () => {
      const { record } = await make(one, owner.client, own);
      const name = nameIn(own);
      const upper = name.toUpperCase();
      for (const query of [
        `filter{${field}.name}=${name}`,
        `filter{${field}.name.icontains}=${upper}`,
        `filter{${field}.name.in}=${name}`,
      ]) {
        expect(await idsFor(owner.client, "private", query), query).toContain(record.id);
      }
      const negated = await idsFor(owner.client, "private", `filter{-${field}.name}=${name}`);
      expect(negated).not.toContain(record.id);
    });

    test("tells nothing of a name that the caller may not read, in both portals", async () => {
      const { record } = await make(one, stranger.client, hidden, true);
      const name = nameIn(hidden);
      expect(await idsFor(stranger.client, "private", `filter{${field}.name}=${name}`)).toContain(
        record.id,
      );
      for (const [client, portal] of [
        [owner.client, "private"] as const,
        [clientFor(), "public"] as const,
      ]) {
        for (const asked of [
          `name}=${name}`,
          `name.icontains}=${name.slice(2)}`,
          "name.isnull}=0",
        ]) {
          const ids = await idsFor(client, portal, `filter{${field}.${asked}`);
          expect(ids, `${portal} ${asked}`).not.toContain(record.id);
          const others = await idsFor(client, portal, `filter{-${field}.${asked}`);
          expect(others, `${portal} -${asked}`).toContain(record.id);
        }
      }
    });
  },
);

describe("sessions by the subjects of their behaviors", () => {
  const SESSIONS = "/api/private/stem/session/";
  const behavior = CASES[0] as Case;

  const find = async (client: Client, query: string, portal = "private") => {
    const { status, body, text } = await client.get(
      `/api/${portal}/stem/session/?limit=100&${query}`,
    );
    expect(status, text).toBe(200);
    return body.sessions.map(({ id }: Id) => id);
  };

  test("are all found in one request, by id and by name", async () => {
    const { subjects } = own;
    await make(behavior, owner.client, own);
    await make(behavior, owner.client, own);
    for (const query of [
      `filter{subjects}=${subjects.id}`,
      `filter{subjects.id}=${subjects.id}`,
      `filter{subjects.name}=${subjects.name}`,
      `filter{subjects.name.istartswith}=${subjects.name.toUpperCase()}`,
    ]) {
      expect(await find(owner.client, query), query).toContain(session.id);
      const negated = query.replace("filter{", "filter{-");
      expect(await find(owner.client, negated), negated).not.toContain(session.id);
    }
    const { body } = await owner.client.get(`${SESSIONS}?filter{subjects}=${subjects.id}`);
    expect(body.count).toBe(1);
  });

  test("are found by the name of a subject only where the caller may read it", async () => {
    await make(behavior, stranger.client, hidden, true);
    const { name } = hidden.subjects;
    const query = `filter{subjects.name}=${name}`;
    expect(await find(stranger.client, query)).toContain(publicSession.id);
    expect(await find(owner.client, query)).not.toContain(publicSession.id);
    expect(await find(clientFor(), query, "public")).not.toContain(publicSession.id);
    const negated = `filter{-subjects.name.icontains}=${name}`;
    expect(await find(clientFor(), negated, "public")).toContain(publicSession.id);
  });

  test("are found without a subject by isnull", async () => {
    const bare = await buildSession({ projects: [await buildProject({ users: everywhere() })] });
    await make(behavior, owner.client, own);
    const without = await find(owner.client, "filter{subjects.isnull}=1");
    expect(without).toContain(bare.id);
    expect(without).not.toContain(session.id);
  });
});
