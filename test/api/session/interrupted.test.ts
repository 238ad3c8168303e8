import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import {
  buildGroup,
  buildLab,
  buildProject,
  buildSession,
  buildUser,
  type Lab,
  unique,
} from "../../support/builders.ts";
import { interruptedClient } from "../../support/d1-binding.ts";

// What happens before a write reaches the database must not slip through, also when it has asked the
// database before what it may do, as one with these headers does: the request is answered as if it had
// come afterwards, and leaves nothing behind.

const PATH = "/api/private/stem/session/";

const run = (statement: string, ...values: unknown[]) =>
  env.DB.prepare(statement)
    .bind(...values)
    .run();

interface Scene extends Lab {
  readonly session: { readonly id: string; readonly name: string };
}

/** A session of the lab, and its storage. */
async function buildScene(): Promise<Scene> {
  const lab = await buildLab();
  const session = await buildSession({ projects: [lab.project] });
  return { ...lab, session };
}

/** Every row of the tables that a write of a session touches. */
async function snapshot(): Promise<unknown> {
  const tables = ["sessions", "session_tags", "session_data_storages", "project_sets"];
  const answers = await env.DB.batch(
    tables.map((table) => env.DB.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`)),
  );
  return answers.map(({ results }) => results);
}

type Sent = readonly [method: string, path: string, body?: unknown];

const WRITES = {
  POST: ({ project, storage }: Scene, name: string): Sent => [
    "POST",
    PATH,
    { name, projects: [project.id], datastorage: [storage.id], tags: ["t"] },
  ],
  PUT: ({ project, storage, session }: Scene, name: string): Sent => [
    "PUT",
    `${PATH}${session.id}/`,
    { name, projects: [project.id], datastorage: [storage.id], tags: ["t"] },
  ],
  PATCH: ({ storage, session }: Scene, name: string): Sent => [
    "PATCH",
    `${PATH}${session.id}/`,
    { name, datastorage: [storage.id], tags: ["t"] },
  ],
  DELETE: ({ session }: Scene): Sent => ["DELETE", `${PATH}${session.id}/`],
};

const withdrawProject = ({ user }: Scene) =>
  run("DELETE FROM project_users WHERE user_id = ?", user.id);
const lowerProject = ({ user }: Scene) =>
  run("UPDATE project_users SET level = 1 WHERE user_id = ?", user.id);
const withdrawStorage = ({ user }: Scene) =>
  run("DELETE FROM data_storage_users WHERE user_id = ?", user.id);
const revokeToken = ({ user }: Scene) =>
  run("UPDATE access_tokens SET revoked_date = '2026-01-01T00:00:00' WHERE id = ?", user.tokenId);
const deactivate = ({ user }: Scene) => run("UPDATE users SET is_active = 0 WHERE id = ?", user.id);
const deleteSession = ({ session }: Scene) => run("DELETE FROM sessions WHERE id = ?", session.id);
const deleteStorage = ({ storage }: Scene) =>
  run("DELETE FROM data_storages WHERE id = ?", storage.id);
const deleteProject = async ({ project, session }: Scene) => {
  await run("DELETE FROM sessions WHERE id = ?", session.id);
  await run("DELETE FROM projects WHERE id = ?", project.id);
};
const moveOutOfSight = async ({ session }: Scene) => {
  const elsewhere = await buildSession({ projects: [await buildProject()] });
  await run(
    `UPDATE sessions SET project_set_id =
      (SELECT project_set_id FROM sessions WHERE id = ?) WHERE id = ?`,
    elsewhere.id,
    session.id,
  );
};

const WAYS = [
  { way: "asks nothing before it writes", before: 1, headers: () => ({}) },
  {
    way: "has asked what it may do",
    before: 2,
    headers: () => ({ "If-Match": "*", "Idempotency-Key": crypto.randomUUID() }),
  },
] as const;

describe.each(WAYS)(
  "a write that $way, and something else happens",
  ({ before: journey, headers }) => {
    test.each([
      ["POST", "the project is withdrawn from the caller", withdrawProject, 403],
      ["POST", "the caller is made a mere member", lowerProject, 403],
      ["POST", "the storage is withdrawn from the caller", withdrawStorage, 403],
      ["POST", "the token is revoked", revokeToken, 401],
      ["POST", "the user is deactivated", deactivate, 401],
      ["POST", "the project is deleted", deleteProject, 400],
      ["POST", "the storage is deleted", deleteStorage, 400],
      ["PUT", "the caller is made a mere member", lowerProject, 403],
      ["PUT", "the session is deleted", deleteSession, 404],
      ["PATCH", "the project is withdrawn from the caller", withdrawProject, 403],
      ["PATCH", "the storage is withdrawn from the caller", withdrawStorage, 403],
      ["PATCH", "the token is revoked", revokeToken, 401],
      ["PATCH", "the user is deactivated", deactivate, 401],
      ["PATCH", "the session is deleted", deleteSession, 404],
      ["PATCH", "the session is moved out of sight", moveOutOfSight, 403],
      ["PATCH", "the storage is deleted", deleteStorage, 400],
      ["DELETE", "the project is withdrawn from the caller", withdrawProject, 403],
      ["DELETE", "the caller is made a mere member", lowerProject, 403],
      ["DELETE", "the token is revoked", revokeToken, 401],
      ["DELETE", "the session is deleted", deleteSession, 404],
      ["DELETE", "the session is moved out of sight", moveOutOfSight, 403],
    ] as const)("%s, while %s", async (method, _, interrupt, status) => {
      const scene = await buildScene();
      let before: unknown;
      const client = interruptedClient(
        scene.client.token,
        async () => {
          await interrupt(scene);
          before = await snapshot();
        },
        journey,
      );
      const [, path, body] = WRITES[method](scene, unique("written"));
      const answer = await client.send(method, path, body, headers());
      expect(answer.status).toBe(status);
      expect(Object.keys(answer.body)).not.toHaveLength(0);
      expect(before).toBeDefined();
      expect(await snapshot()).toEqual(before);
    });

    test.each(["POST", "PUT", "PATCH"] as const)("%s, while its name is taken", async (method) => {
      const scene = await buildScene();
      const name = unique("wanted");
      const client = interruptedClient(
        scene.client.token,
        () => buildSession({ name, projects: [scene.project] }),
        journey,
      );
      const [, path, body] = WRITES[method](scene, name);
      expect(await client.send(method, path, body, headers())).toMatchObject({
        status: 400,
        body: { name: ["session with this name already exists."] },
      });
    });

    test("a member of a group who is put out of it", async () => {
      const user = await buildUser();
      const group = await buildGroup([user]);
      const project = await buildProject({ groups: { contributor: [group] } });
      const { id } = await buildSession({ projects: [project] });
      const client = interruptedClient(
        user.client.token,
        () => run("DELETE FROM group_members WHERE user_id = ?", user.id),
        journey,
      );
      const change = { description: "lost" };
      const answer = await client.send("PATCH", `${PATH}${id}/`, change, headers());
      expect(answer.status).toBe(403);
    });
  },
);
