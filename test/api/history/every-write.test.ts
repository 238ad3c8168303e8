import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { createToken, revokeToken } from "../../../scripts/operator/access-tokens.ts";
import { changeRecord, createRecord } from "../../../scripts/operator/records.ts";
import { activateUser, createUser, deactivateUser } from "../../../scripts/operator/users.ts";
import type { Route } from "../../../src/api/route.ts";
import { OPERATOR } from "../../../src/db/access.ts";
import { Connection } from "../../../src/db/connection.ts";
import { group } from "../../../src/models/group.ts";
import { project as projectModel } from "../../../src/models/project.ts";
import { importSessions, sessionImport } from "../../../src/models/session/import-sessions.ts";
import { routes } from "../../../src/routes.ts";
import { LEVEL, SHARED_WITH_GROUPS } from "../../../src/values/permission.ts";
import {
  buildHeldGroup,
  buildProject,
  buildSession,
  buildShared,
  buildUser,
  unique,
} from "../../support/builders.ts";
import { historyOf } from "../../support/history.ts";
import { buildRecord, RECORD_MODELS } from "../../support/module-records.ts";
import { requireFixture } from "../../support/route-fixtures/all.ts";
import { nameOf, type RouteName } from "../../support/route-fixtures/fixture.ts";

const WRITES = routes.filter((route) => route.kind === "write");

/** The storages of a session are part of it: what happens to them is a change of the session. */
const ofSession = (route: Route) => route.model.name === "sessiondatastorage";

function expectedOf(route: Route): { readonly action: string; readonly model: string } {
  if (ofSession(route)) return { action: "change", model: "session" };
  const model = route.model.name;
  if (route.answers.status === 201) return { action: "create", model };
  return { action: route.method === "delete" ? "delete" : "change", model };
}

describe.each(WRITES.map((route) => [nameOf(route), route] as const))("%s", (name, route) => {
  test("is written down: who did what to which record", async () => {
    const user = await buildUser();
    const target = await requireFixture(route).fixture.build({ users: { owner: [user] } });
    const path = `/api/private${route.path.replace(":id", target.id)}/`;
    let answer = { status: 0, body: undefined as unknown };
    const entries = await historyOf(async () => {
      answer = await user.client.send(
        route.method.toUpperCase(),
        path,
        target.bodies[name as RouteName],
      );
    });
    expect(answer.status).toBe(route.answers.status);
    expect(entries).toHaveLength(1);
    const [entry] = entries;
    expect(entry).toMatchObject({ ...expectedOf(route), userId: user.id });
    expect(Object.keys(entry?.changes ?? {})).not.toEqual([]);
    if (route.path.includes(":id") && !ofSession(route)) expect(entry?.record).toBe(target.id);
  });
});

describe("what goes with a record", () => {
  test("a group that is left: who was in it, and who is", async () => {
    const [owner, member] = [await buildUser(), await buildUser()];
    const group = await buildHeldGroup({ owner: [owner], member: [member] });
    const [entry] = await historyOf(() =>
      member.client.post(`/api/private/users/group/${group.id}/leave/`, undefined),
    );
    const owns = { [owner.email]: { is_manager: true, is_owner: true } };
    const reads = { [member.email]: { is_manager: false, is_owner: false } };
    expect(entry?.changes).toEqual({ users: { from: { ...owns, ...reads }, to: owns } });
  });

  test("the records of a session that is deleted: each with all that it was", async () => {
    const user = await buildUser();
    const project = await buildProject({ users: { owner: [user] } });
    const session = await buildSession({ projects: [project] });
    const other = await buildSession({ projects: [project] });
    const ids = new Map<string, string>();
    for (const model of RECORD_MODELS) {
      ids.set(model.one, (await buildRecord(model, session, { notes: "kept" })).id);
      await buildRecord(model, other);
    }
    const entries = await historyOf(() =>
      user.client.delete(`/api/private/stem/session/${session.id}/`),
    );
    expect(entries.at(-1)).toMatchObject({ action: "delete", record: session.id });
    expect(new Map(entries.slice(0, -1).map(({ model, record }) => [model, record]))).toEqual(ids);
    for (const entry of entries) {
      expect(entry).toMatchObject({ action: "delete", userId: user.id, projects: [project.id] });
    }
    for (const { changes } of entries.slice(0, -1)) {
      expect(changes.notes).toEqual({ from: "kept", to: null });
    }
  });

  test("the sessions of a project that is deleted: the projects that they lose", async () => {
    const user = await buildUser();
    const users = { owner: [user] };
    const [gone, stays] = [await buildProject({ users }), await buildProject({ users })];
    const session = await buildSession({ projects: [stays, gone] });
    await buildSession({ projects: [stays] });
    const entries = await historyOf(() =>
      user.client.delete(`/api/private/stem/project/${gone.id}/`),
    );
    expect(entries).toHaveLength(2);
    expect(entries[0]).toMatchObject({
      action: "change",
      model: "session",
      record: session.id,
      userId: user.id,
      changes: { projects: { from: [stays.id, gone.id], to: [stays.id] } },
    });
    expect(entries[1]).toMatchObject({ action: "delete", model: "project", record: gone.id });
    const { body } = await user.client.get(`/api/private/stem/session/${session.id}/history/`);
    expect(body.history).toMatchObject([{ changes: { projects: { to: [stays.id] } } }]);
  });

  test("what was shared with a group that is deleted: the groups that it loses", async () => {
    const user = await buildUser();
    const [gone, stays] = [
      await buildHeldGroup({ owner: [user] }, unique('a "quoted" group')),
      await buildHeldGroup({ owner: [user] }),
    ];
    const groups = { contributor: [gone], member: [stays] };
    const shared = await Promise.all(
      SHARED_WITH_GROUPS.map(async (kind) => ({ kind, ...(await buildShared(kind, { groups })) })),
    );
    const entries = await historyOf(() =>
      user.client.delete(`/api/private/users/group/${gone.id}/`),
    );
    const reads = { can_change: false, is_manager: false, is_owner: false };
    const lost = {
      from: { [gone.name]: { ...reads, can_change: true }, [stays.name]: reads },
      to: { [stays.name]: reads },
    };
    expect(entries).toMatchObject([
      ...shared.map(({ kind, id }) => ({
        model: kind,
        record: id,
        userId: user.id,
        projects: kind === "project" ? [id] : [],
        changes: { [kind === "project" ? "groups" : "authenticated_groups"]: lost },
      })),
      { action: "delete", model: "group", record: gone.id },
    ]);
  });
});

describe("the operator's command", () => {
  const connection = () => new Connection(env.DB);

  /** What it wrote down, which nobody's name stands by. */
  const written = async (deed: () => Promise<unknown>) => {
    const entries = await historyOf(deed);
    for (const { userId } of entries) expect(userId).toBeNull();
    return entries;
  };

  test("tells of users that it makes, deactivates and activates", async () => {
    const email = `${unique("made")}@lab.example`;
    const names = { first_name: "Ada", last_name: "", website: "" };
    const profile = { ...names, google_scholar: "", orcid_id: "", atlas_preference: "" };
    const [made] = await written(() => createUser(connection(), OPERATOR, { email, ...profile }));
    expect(made).toMatchObject({ action: "create", model: "user" });
    expect(made?.changes).toMatchObject({ email: { from: null, to: email } });
    const door = { action: "change", model: "user", record: made?.record };
    const close = () => deactivateUser(connection(), OPERATOR, email);
    const open = () => activateUser(connection(), OPERATOR, email);
    const closed = { ...door, changes: { is_active: { from: true, to: false } } };
    const opened = { ...door, changes: { is_active: { from: false, to: true } } };
    expect(await written(open)).toEqual([]);
    expect(await written(close)).toMatchObject([closed]);
    expect(await written(close)).toEqual([]);
    expect(await written(open)).toMatchObject([opened]);
  });

  test("tells of groups and permissions", async () => {
    const [owner, member] = [await buildUser(), await buildUser()];
    const project = await buildProject({ users: { owner: [owner] } });
    const users = [{ key: member.email, level: LEVEL.member }];
    const operator = { ...OPERATOR, owner: owner.email };
    const [made] = await written(() =>
      createRecord(connection(), operator, group, { name: unique("lab") }),
    );
    expect(made).toMatchObject({ action: "create", model: "group" });
    const added = () => changeRecord(connection(), OPERATOR, group, made?.record ?? "", { users });
    expect(await written(added)).toMatchObject([{ action: "change", model: "group" }]);
    const granted = () => changeRecord(connection(), OPERATOR, projectModel, project.id, { users });
    expect(await written(granted)).toMatchObject([{ action: "change", record: project.id }]);
  });

  test("tells of every session that it imports", async () => {
    const project = await buildProject();
    const rows = ["a", "b"].map((name) => ({ place: name, body: { name: unique(name) } }));
    const entries = await written(() =>
      importSessions(connection(), OPERATOR, {
        projectId: project.id,
        rows,
        declaration: sessionImport,
      }),
    );
    expect(entries).toHaveLength(2);
    for (const entry of entries) {
      expect(entry).toMatchObject({ action: "create", model: "session", projects: [project.id] });
    }
  });

  test("leaves tokens to their own rows, which stay and say when they were made and revoked", async () => {
    const user = await buildUser();
    let id = "";
    const entries = await written(async () => {
      ({ id } = await createToken(connection(), OPERATOR, user));
      await revokeToken(connection(), OPERATOR, id);
    });
    expect(entries).toEqual([]);
    const row = await env.DB.prepare("SELECT * FROM access_tokens WHERE id = ?").bind(id).first();
    expect(row).toMatchObject({ user_id: user.id });
    expect(row?.created_date).toBeTruthy();
    expect(row?.revoked_date).toBeTruthy();
  });
});
