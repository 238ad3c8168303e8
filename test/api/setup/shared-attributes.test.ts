import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import {
  type BuiltUser,
  buildEquipment,
  buildGroup,
  buildStock,
  buildUser,
  ELSEWHERE,
  unique,
} from "../../support/builders.ts";
import { clientFor } from "../../support/client.ts";
import { historyOf } from "../../support/history.ts";
import { findBrokenInvariants } from "../../support/invariants.ts";

// Setups, behavioral assays and inventories: users and groups hold them at levels, as they hold data storages.

type Id = { readonly id: string };

const KINDS = [
  { model: "setup", many: "setups", required: { setup_type: ELSEWHERE } },
  {
    model: "behavioralassay",
    many: "behavioral_assays",
    required: { setup_type: ELSEWHERE, behavioral_paradigm: ELSEWHERE },
  },
  { model: "inventory", many: "inventories", required: {} },
] as const;

let owner: BuiltUser;
let colleague: BuiltUser;

beforeEach(async () => {
  owner = await buildUser();
  colleague = await buildUser();
});

const FLAGS = { can_change: false, is_manager: false, is_owner: false };

describe.each(KINDS)("a $model", ({ model, required }) => {
  const records = `/api/private/personal_attributes/${model}/`;

  const make = async (fields: object = {}) => {
    const answer = await owner.client.post(records, {
      name: unique(model),
      ...required,
      ...fields,
    });
    expect(answer.status, answer.text).toBe(201);
    const [[key, record]] = Object.entries(answer.body) as [[string, Record<string, unknown> & Id]];
    return { key, record, address: `${records}${record.id}/` };
  };

  test("belongs to who made it, whatever the body says", async () => {
    const { record } = await make({
      users: { [owner.email]: { ...FLAGS }, [colleague.email]: { can_change: true } },
    });
    expect(record.users).toEqual({
      [owner.email]: { can_change: true, is_manager: true, is_owner: true },
      [colleague.email]: { ...FLAGS, can_change: true },
    });
    expect(record.is_public).toBe(false);
  });

  test.each([
    ["", 200, 403, 403, 403],
    ["can_change", 200, 200, 403, 403],
    ["is_manager", 200, 200, 200, 403],
    ["is_owner", 200, 200, 200, 204],
  ])("lets a user with %s do as much", async (flag, reads, changes, shares, deletes) => {
    const { address } = await make({ users: { [colleague.email]: flag ? { [flag]: true } : {} } });
    const { client } = colleague;
    const third = await buildUser();
    expect((await client.get(address)).status).toBe(reads);
    expect((await client.patch(address, { name: unique(model) })).status).toBe(changes);
    expect((await client.patch(address, { users: { [third.email]: {} } })).status).toBe(shares);
    const published = await client.patch(address, { is_public: true });
    expect(published.status).toBe(deletes === 204 ? 200 : 403);
    expect((await client.delete(address)).status).toBe(deletes);
  });

  test("is shared with a group, and hidden from all others", async () => {
    const group = await buildGroup([colleague]);
    const { address } = await make();
    expect((await colleague.client.get(address)).status).toBe(403);
    const shared = await owner.client.patch(address, {
      authenticated_groups: { [group.name]: { can_change: true } },
    });
    expect(shared.status, shared.text).toBe(200);
    expect((await colleague.client.patch(address, { tags: ["x"] })).status).toBe(200);
  });

  test("keeps an owner", async () => {
    const { address } = await make();
    const { status, body } = await owner.client.patch(address, {
      users: { [owner.email]: { can_change: true } },
    });
    expect([status, Object.keys(body)]).toEqual([400, ["users"]]);
    expect(await findBrokenInvariants()).toEqual({});
  });

  test("is shown to the public without its members once an owner says so", async () => {
    const { key, record, address } = await make({ users: { [colleague.email]: {} } });
    const publicly = address.replace("private", "public");
    expect((await clientFor().get(publicly)).status).toBe(404);
    expect((await owner.client.patch(address, { is_public: true })).status).toBe(200);
    const { status, body, text } = await clientFor().get(publicly);
    expect([status, body[key]?.name]).toEqual([200, record.name]);
    expect(text).not.toContain("@");
  });

  test("takes back what was read", async () => {
    const { key, record, address } = await make({ tags: ["a"], description: "Ω" });
    const put = await owner.client.put(address, record);
    expect([put.status, put.body[key]]).toEqual([200, record]);
  });

  test("is gone once its owner deletes it", async () => {
    const { address } = await make();
    expect((await owner.client.delete(address)).status).toBe(204);
    expect((await owner.client.get(address)).status).toBe(404);
  });
});

const BELONGING = [
  {
    model: "equipment",
    key: "equipment",
    many: "equipment",
    parent: "setup",
    body: { type: "Amplifier", coordinates_system: "External_XYZ_Absolute" },
    build: buildEquipment,
  },
  {
    model: "consumablestock",
    key: "consumable stock",
    many: "consumable stocks",
    parent: "inventory",
    body: { type: "SiliconProbe" },
    build: buildStock,
  },
] as const;

describe.each(BELONGING)("$model", ({ model, key, many, parent, body, build }) => {
  const records = `/api/private/modules/${model}/`;
  const parents = `/api/private/personal_attributes/${parent}/`;
  const required = parent === "setup" ? { setup_type: ELSEWHERE } : {};

  const makeParent = async (user = owner, fields: object = {}): Promise<Id> => {
    const sent = { name: unique(parent), ...required, ...fields };
    const answer = await user.client.post(parents, sent);
    expect(answer.status, answer.text).toBe(201);
    return answer.body[parent];
  };

  test(`is read by the members of its ${parent} and written by its contributors`, async () => {
    const shared = await makeParent(owner, { users: { [colleague.email]: {} } });
    const made = await owner.client.post(records, { ...body, [parent]: shared.id });
    expect(made.status, made.text).toBe(201);
    const address = `${records}${made.body[key].id}/`;
    expect((await colleague.client.get(address)).status).toBe(200);
    expect((await colleague.client.get(records)).body[many]).toHaveLength(1);
    for (const answer of [
      await colleague.client.post(records, { ...body, [parent]: shared.id }),
      await colleague.client.patch(address, { notes: "x" }),
      await colleague.client.delete(address),
    ]) {
      expect(answer.status).toBe(403);
      expect(answer.body.detail).toContain(`change_${parent} on ${parent} ${shared.id}`);
    }
    await owner.client.patch(`${parents}${shared.id}/`, {
      users: { [colleague.email]: { can_change: true } },
    });
    expect((await colleague.client.patch(address, { notes: "x" })).status).toBe(200);
    const stranger = await buildUser();
    const hidden = await stranger.client.get(address);
    expect([hidden.status, hidden.body.detail]).toEqual([
      403,
      expect.stringContaining(`view_${parent}`),
    ]);
    expect((await stranger.client.get(records)).body.count).toBe(0);
  });

  test(`moves to another ${parent} where the caller may change both`, async () => {
    const [from, to] = [await makeParent(), await makeParent()];
    const foreign = await makeParent(colleague);
    const record = await build(from);
    const address = `${records}${record.id}/`;
    const moved = await owner.client.patch(address, { [parent]: to.id });
    expect([moved.status, moved.body[key]?.[parent]]).toEqual([200, to.id]);
    expect((await owner.client.patch(address, { [parent]: foreign.id })).status).toBe(403);
    const nothing = await owner.client.patch(address, { [parent]: crypto.randomUUID() });
    expect([nothing.status, Object.keys(nothing.body)]).toEqual([400, [parent]]);
    expect((await colleague.client.patch(address, { [parent]: foreign.id })).status).toBe(403);
    expect(await findBrokenInvariants()).toEqual({});
  });

  test(`goes with its ${parent}, with an audit entry`, async () => {
    const shared = await makeParent();
    const [first, second] = [await build(shared), await build(shared)];
    const entries = await historyOf(() => owner.client.delete(`${parents}${shared.id}/`));
    expect(entries.map(({ action, record }) => [action, record]).sort()).toEqual(
      [first, second, shared].map(({ id }) => ["delete", id]).sort(),
    );
    expect((await owner.client.get(`${records}${first.id}/`)).status).toBe(404);
    expect(await findBrokenInvariants()).toEqual({});
  });

  test(`is public with its ${parent}`, async () => {
    const [open, closed] = [await makeParent(owner, { is_public: true }), await makeParent()];
    const [shown, hidden] = [await build(open), await build(closed)];
    const publicly = records.replace("private", "public");
    expect((await clientFor().get(`${publicly}${shown.id}/`)).status).toBe(200);
    expect((await clientFor().get(`${publicly}${hidden.id}/`)).status).toBe(404);
    const ids = `filter{id.in}=${shown.id}&filter{id.in}=${hidden.id}`;
    const { body } = await clientFor().get(`${publicly}?${ids}&include[]=${parent}`);
    expect(body.count).toBe(1);
    expect(body[many][0][parent].id).toBe(open.id);
    expect(JSON.stringify(body)).not.toContain("@");
  });

  test("is sorted by when it was made, and found by what it belongs to", async () => {
    const shared = await makeParent();
    const ids: string[] = [];
    for (const day of [3, 1, 2]) {
      const record = await build(shared);
      ids.push(record.id);
      const table = model === "equipment" ? "equipment" : "consumable_stocks";
      await env.DB.prepare(`UPDATE ${table} SET created_date = ? WHERE id = ?`)
        .bind(`2020-01-0${day}T00:00:00`, record.id)
        .run();
    }
    const { body } = await owner.client.get(`${records}?filter{${parent}}=${shared.id}`);
    expect(body[many].map(({ id }: Id) => id)).toEqual([ids[1], ids[2], ids[0]]);
    const all = await owner.client.get(records);
    expect(all.body[many].map(({ id }: Id) => id)).toEqual([ids[1], ids[2], ids[0]]);
  });
});
