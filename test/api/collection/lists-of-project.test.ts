import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import {
  type BuiltUser,
  buildListOfProject,
  buildProject,
  buildSession,
  buildSubject,
  buildUser,
  unique,
} from "../../support/builders.ts";
import { clientFor } from "../../support/client.ts";
import { countingClient } from "../../support/d1-binding.ts";
import { findBrokenInvariants } from "../../support/invariants.ts";

// Collections of sessions and cohorts of subjects: each is a list of what is in one project.

type Id = { readonly id: string };

const KINDS = [
  { model: "collection", field: "sessions", members: "session", build: buildSession },
  { model: "cohort", field: "subjects", members: "subject", build: buildSubject },
] as const;

describe.each(KINDS)("a $model", ({ model, field, members, build }) => {
  const lists = `/api/private/stem/${model}/`;
  const addressOf = ({ id }: Id) => `${lists}${id}/`;

  let owner: BuiltUser;
  let stranger: BuiltUser;
  let project: Id;
  let other: Id;
  let foreign: Id;

  beforeEach(async () => {
    owner = await buildUser();
    stranger = await buildUser();
    project = await buildProject({ users: { owner: [owner] } });
    other = await buildProject({ users: { owner: [owner] } });
    foreign = await buildProject({ users: { owner: [stranger] } });
  });

  const make = (ids: readonly Id[], fields: object = {}) =>
    owner.client.post(lists, {
      name: unique(model),
      project: project.id,
      [field]: ids.map(({ id }) => id),
      ...fields,
    });
  const made = async (ids: readonly Id[], fields: object = {}) => {
    const answer = await make(ids, fields);
    expect(answer.status, answer.text).toBe(201);
    return answer.body[model];
  };
  const set = (list: Id, ids: readonly Id[], fields: object = {}) =>
    owner.client.patch(addressOf(list), { [field]: ids.map(({ id }) => id), ...fields });
  const read = async (list: Id) => (await owner.client.get(addressOf(list))).body[model];
  const takeOut = (member: Id, ...left: readonly Id[]) =>
    owner.client.patch(`/api/private/stem/${members}/${member.id}/`, {
      projects: left.map(({ id }) => id),
    });
  const message = (id: string) => [`Invalid pk "${id}" - object does not exist in this project.`];

  test("keeps its members in their order, each once", async () => {
    const [a, b, c] = [
      await build({ projects: [project] }),
      await build({ projects: [other, project] }),
      await build({ projects: [project] }),
    ];
    const list = await made([c, a, b, c], { description: "x", tags: ["pilot"] });
    expect(list).toEqual({
      id: expect.any(String),
      name: expect.any(String),
      description: "x",
      project: project.id,
      [field]: [c.id, a.id, b.id],
      tags: ["pilot"],
    });
    expect((await set(list, [b, c])).body[model][field]).toEqual([b.id, c.id]);
    const whole = await owner.client.get(`${addressOf(list)}?include[]=${field}.*`);
    expect(whole.body[model][field].map(({ name }: { name: string }) => name)).toEqual([
      b.name,
      c.name,
    ]);
    const put = await owner.client.put(addressOf(list), {
      name: list.name,
      project: project.id,
    });
    expect(put.body[model]).toEqual({ ...list, description: "", [field]: [], tags: [] });
  });

  test("may have the name of another one", async () => {
    const { name } = await buildListOfProject(`${model}s`, project);
    await made([], { name });
  });

  test("takes members of its project alone, and does not tell whether another one exists", async () => {
    const inside = await build({ projects: [project] });
    const outside = await build({ projects: [other] });
    const hidden = await build({ projects: [foreign] });
    const nothing = { id: crypto.randomUUID() };
    const list = await made([inside]);
    for (const member of [outside, hidden, nothing]) {
      for (const answer of [await make([inside, member]), await set(list, [inside, member])]) {
        expect([answer.status, answer.body]).toEqual([400, { [field]: message(member.id) }]);
      }
    }
    expect((await read(list))[field]).toEqual([inside.id]);
  });

  test("of a project that the caller may not see tells nothing of what is in it", async () => {
    const hidden = await build({ projects: [foreign] });
    const inside = await build({ projects: [project] });
    for (const member of [hidden, inside]) {
      const { status, body } = await make([member], { project: foreign.id });
      expect(status).toBe(403);
      expect(body.detail).toContain(`change_project on project ${foreign.id}`);
    }
  });

  test("keeps a member that has left the project, and shows its id alone to who may not read it", async () => {
    const member = await build({ projects: [project, foreign] });
    const stays = await build({ projects: [project] });
    const list = await made([member, stays]);
    expect((await takeOut(member, foreign)).status).toBe(200);
    expect((await read(list))[field]).toEqual([member.id, stays.id]);
    const { body } = await owner.client.get(`${addressOf(list)}?include[]=${field}`);
    expect(body[model][field]).toMatchObject([{ id: member.id }, { id: stays.id }]);
    expect(Object.keys(body[model][field][0])).toEqual(["id"]);
    const put = await owner.client.put(addressOf(list), await read(list));
    expect([put.status, put.body[model]?.[field]]).toEqual([200, [member.id, stays.id]]);
    expect((await set(list, [stays, member])).status).toBe(200);
    // Once it is taken out, it is as any other that is not in the project.
    expect((await set(list, [stays])).status).toBe(200);
    expect((await set(list, [stays, member])).body).toEqual({ [field]: message(member.id) });
  });

  test("moves to another project with all its members only", async () => {
    const inBoth = await build({ projects: [project, other] });
    const inOne = await build({ projects: [project] });
    const list = await made([inBoth, inOne]);
    const move = (fields: object) => owner.client.patch(addressOf(list), fields);
    const refused = await move({ project: other.id });
    expect([refused.status, refused.body]).toEqual([400, { [field]: message(inOne.id) }]);
    const moved = await move({ project: other.id, [field]: [inBoth.id] });
    expect([moved.status, moved.body[model]]).toMatchObject([200, { project: other.id }]);
    const away = await move({ project: foreign.id, [field]: [] });
    expect(away.status).toBe(403);
    expect(away.body.detail).toContain(foreign.id);
    expect((await move({ project: crypto.randomUUID() })).status).toBe(400);
    expect(await findBrokenInvariants()).toEqual({});
  });

  test("that a contributor of another project may not change does not move to theirs", async () => {
    const list = await made([]);
    const thief = await buildProject({ users: { owner: [stranger] } });
    await env.DB.prepare("INSERT INTO project_users (project_id, user_id, level) VALUES (?, ?, 1)")
      .bind(project.id, stranger.id)
      .run();
    const answer = await stranger.client.patch(addressOf(list), { project: thief.id });
    expect(answer.status).toBe(403);
    expect(answer.body.detail).toContain(`change_project on project ${project.id}`);
  });

  test("loses a member that is deleted, and closes ranks", async () => {
    const [a, b, c] = [
      await build({ projects: [project] }),
      await build({ projects: [project] }),
      await build({ projects: [project] }),
    ];
    const list = await made([a, b, c]);
    await owner.client.delete(`/api/private/stem/${members}/${b.id}/`);
    expect((await read(list))[field]).toEqual([a.id, c.id]);
  });

  test("is found by its members, its project and its tags", async () => {
    const member = await build({ projects: [project] });
    const list = await made([member], { tags: ["Ω"] });
    await made([]);
    const find = async (query: string) => {
      const { body } = await owner.client.get(`${lists}?${query}`);
      return body[`${model}s`].map(({ id }: Id) => id);
    };
    expect(await find(`filter{${field}}=${member.id}`)).toEqual([list.id]);
    expect(await find(`filter{project}=${project.id}&filter{tags.iexact}=ω`)).toEqual([list.id]);
    expect(await find(`filter{project}=${other.id}`)).toEqual([]);
    expect(await find(`filter{${field}.isnull}=0`)).toEqual([list.id]);
  });

  test("finds its members by its id and its name, for those who may read it", async () => {
    const [member, alone] = [
      await build({ projects: [project, foreign] }),
      await build({ projects: [project, foreign] }),
    ];
    const list = await made([member]);
    const find = async ({ client }: BuiltUser, query: string) => {
      const { status, body } = await client.get(`/api/private/stem/${members}/?${query}`);
      expect(status, JSON.stringify(body)).toBe(200);
      return body[field].map(({ id }: Id) => id);
    };
    const ids = `filter{id.in}=${member.id}&filter{id.in}=${alone.id}`;
    for (const [query, found] of [
      [`filter{${model}s}=${list.id}`, [member.id]],
      [`filter{${model}s.name}=${encodeURIComponent(list.name)}`, [member.id]],
      [`filter{${model}s.isnull}=0&${ids}`, [member.id]],
      [`filter{-${model}s}=${list.id}&${ids}`, [alone.id]],
    ] as const) {
      expect(await find(owner, query), query).toEqual(found);
    }
    // They see both members through another project, and the list not at all.
    for (const query of [
      `filter{${model}s}=${list.id}`,
      `filter{${model}s.name}=${encodeURIComponent(list.name)}`,
      `filter{${model}s.isnull}=0&${ids}`,
    ]) {
      expect(await find(stranger, query), query).toEqual([]);
    }
    expect(await find(stranger, `filter{-${model}s}=${list.id}&${ids}`)).toHaveLength(2);
  });

  test("has at most 2,000 members, which are checked in one round trip", async () => {
    const ids = Array.from({ length: 2_001 }, () => crypto.randomUUID());
    const tooMany = await owner.client.post(lists, {
      name: unique(model),
      project: project.id,
      [field]: ids,
    });
    expect([tooMany.status, Object.keys(tooMany.body)]).toEqual([400, [field]]);
    expect(JSON.stringify(tooMany.body)).toContain("2000");
    const many = await Promise.all(
      Array.from({ length: 50 }, () => build({ projects: [project] })),
    );
    const { client, cost } = countingClient(owner.client.token);
    const { status } = await client.post(lists, {
      name: unique(model),
      project: project.id,
      [field]: many.map(({ id }) => id),
    });
    expect([status, cost.roundTrips]).toEqual([201, 1]);
  });

  test("shows the public what is in a public project", async () => {
    const open = await buildProject({ isPublic: true, users: { owner: [owner] } });
    const member = await build({ projects: [open] });
    const list = await made([member], { project: open.id });
    const hidden = await made([]);
    const publicly = (path: string) => clientFor().get(`/api/public/stem/${model}/${path}`);
    const { body } = await publicly(`${list.id}/?include[]=${field}`);
    expect(body[model]).toMatchObject({ project: open.id, [field]: [{ name: member.name }] });
    expect((await publicly(`${hidden.id}/`)).status).toBe(404);
    const ids = `?filter{id.in}=${hidden.id}&filter{id.in}=${list.id}`;
    expect((await publicly(ids)).body.count).toBe(1);
    expect(
      (await publicly(`?filter{project.name.icontains}=project&${ids.slice(1)}`)).body.count,
    ).toBe(1);
  });

  test("is whole in its project, but for its members", async () => {
    const member = await build({ projects: [project] });
    const list = await made([member]);
    const address = `/api/private/stem/project/${project.id}/`;
    expect((await owner.client.get(address)).body.project[`${model}s`]).toEqual([list.id]);
    const { body } = await owner.client.get(`${address}?include[]=${model}s`);
    const { [field]: _, ...without } = list;
    expect(body.project[`${model}s`]).toEqual([without]);
  });
});
