import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { createToken, listTokens, revokeToken } from "../../../scripts/operator/access-tokens.ts";
import { changeRecord, createRecord } from "../../../scripts/operator/records.ts";
import {
  activateUser,
  changeSignInOrcid,
  createUser,
  deactivateUser,
  listUsers,
} from "../../../scripts/operator/users.ts";
import { OPERATOR, type Operator } from "../../../src/db/access.ts";
import { Connection } from "../../../src/db/connection.ts";
import type { Model } from "../../../src/model/define.ts";
import { dataStorage } from "../../../src/models/data-storage.ts";
import { group as groupModel } from "../../../src/models/group.ts";
import { project as projectModel } from "../../../src/models/project.ts";
import { NotFoundError, ValidationError } from "../../../src/values/errors.ts";
import { LEVEL, SHARED_KINDS } from "../../../src/values/permission.ts";
import { buildProject, buildShared, buildUser, unique } from "../../support/builders.ts";
import { clientFor } from "../../support/client.ts";

// What the administrator's command calls: the same services as the routes.

const connection = () => new Connection(env.DB);

const profile = {
  first_name: "Ada",
  last_name: "Åberg",
  website: "",
  google_scholar: "",
  orcid_id: "",
  atlas_preference: "",
};

const makeUser = async (email = `${unique("made")}@lab.example`) => {
  const user = await createUser(connection(), OPERATOR, { email, ...profile });
  return { email, id: JSON.parse(user).id as string };
};

/** The messages of a refused body, or the error that came in its place. */
const faultsOf = async (deed: Promise<unknown>) => {
  const error = await deed.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof ValidationError ? Object.fromEntries(error.fields) : error;
};

describe("the operator", () => {
  test("makes a user, and a token that opens the door until it is revoked", async () => {
    const { email, id } = await makeUser();
    const { token, ...made } = await createToken(connection(), OPERATOR, {
      email: email.toUpperCase(),
      name: "laptop",
    });
    const own = clientFor(token);
    const { body } = await own.get(`/api/private/users/user/${id}/`);
    expect(body.user).toMatchObject({ email, first_name: "Ada", last_name: "Åberg" });
    const [known, ...others] = await listTokens(connection(), OPERATOR, email);
    expect(others).toEqual([]);
    expect(known).toMatchObject({ id: made.id, email, name: "laptop", revokedDate: null });
    expect(JSON.stringify(known)).not.toContain(token);
    await revokeToken(connection(), OPERATOR, made.id);
    expect((await own.get("/api/private/users/user/")).status).toBe(401);
  });

  test("makes no second user of an email, and no token for nobody", async () => {
    const { email } = await makeUser();
    expect(await faultsOf(makeUser(email))).toEqual({
      email: ["user with this email already exists."],
    });
    const nobody = createToken(connection(), OPERATOR, { email: "nobody@lab.example" });
    expect(await faultsOf(nobody)).toEqual({
      email: ['No active user has the email "nobody@lab.example".'],
    });
    const unknown = revokeToken(connection(), OPERATOR, crypto.randomUUID());
    expect(await faultsOf(unknown)).toBeInstanceOf(NotFoundError);
  });

  test("deactivates a user, whose tokens stay revoked when they come back", async () => {
    const user = await buildUser();
    await deactivateUser(connection(), OPERATOR, user.email);
    expect((await user.client.get("/api/private/users/user/")).status).toBe(401);
    expect(await faultsOf(createToken(connection(), OPERATOR, user))).toHaveProperty("email");
    await activateUser(connection(), OPERATOR, user.email);
    expect((await user.client.get("/api/private/users/user/")).status).toBe(401);
    const { token } = await createToken(connection(), OPERATOR, user);
    expect((await clientFor(token).get("/api/private/users/user/")).status).toBe(200);
  });

  test("deactivates the owner of something that somebody else owns then", async () => {
    const [user, other] = [await buildUser(), await buildUser()];
    const project = await buildProject({ users: { owner: [user], manager: [other] } });
    const deactivated = () => faultsOf(deactivateUser(connection(), OPERATOR, user.email));
    expect(await deactivated()).toEqual({
      email: [`The last owner of the project "${project.name}": name another owner first.`],
    });
    await changeRecord(connection(), OPERATOR, projectModel, project.id, {
      users: [{ key: other.email, level: LEVEL.owner }],
    });
    expect(await deactivated()).toBeUndefined();
    // A deactivated owner does not count.
    const left = await other.client.patch(`/api/private/stem/project/${project.id}/`, {
      users: { [other.email]: { remove: true } },
    });
    expect(left.status).toBe(400);
  });

  test.each(SHARED_KINDS)("deactivates nobody who is the last owner of a %s", async (kind) => {
    const [user, other] = [await buildUser(), await buildUser()];
    const { name } = await buildShared(kind, { users: { owner: [user], manager: [other] } });
    await buildShared(kind, { users: { owner: [user, other] } });
    expect(await faultsOf(deactivateUser(connection(), OPERATOR, user.email))).toEqual({
      email: [`The last owner of the ${kind} "${name}": name another owner first.`],
    });
  });

  test("makes groups, projects and storages for an owner, and hands them on", async () => {
    const [owner, member] = [await buildUser(), await buildUser()];
    const operator = { ...OPERATOR, owner: owner.email };
    const make = async (model: Model, body: Readonly<Record<string, unknown>>) =>
      JSON.parse(await createRecord(connection(), operator, model, body));
    const group = await make(groupModel, { name: unique("lab") });
    await changeRecord(connection(), OPERATOR, groupModel, group.id, {
      users: [{ key: member.email, level: LEVEL.member }],
    });
    const project = await make(projectModel, {
      name: unique("project"),
      groups: { [group.name]: { can_change: true } },
    });
    const storage = await make(dataStorage, {
      name: unique("storage"),
      authenticated_groups: { [group.name]: {} },
    });
    const read = await member.client.get(`/api/private/stem/project/${project.id}/`);
    expect(read.body.project).toEqual(project);
    expect(Object.keys(project.users)).toEqual([owner.email]);
    const seen = await member.client.get(
      `/api/private/personal_attributes/datastorage/${storage.id}/`,
    );
    expect(seen.body.datastorage).toEqual(storage);
  });

  test("makes nothing without an owner who is there", async () => {
    const made = (operator: Operator) =>
      faultsOf(createRecord(connection(), operator, groupModel, { name: unique("lab") }));
    const fault = { owner: ["Name the owner by the email of an active user."] };
    expect(await made(OPERATOR)).toEqual(fault);
    expect(await made({ ...OPERATOR, owner: "nobody@lab.example" })).toEqual(fault);
  });
});

describe("the ORCID iD with which a user signs in", () => {
  const ONE = "0000-0002-1825-0097";
  const TWO = "0000-0001-5109-3700";

  const orcidOf = async (email: string) =>
    (await listUsers(connection(), OPERATOR)).find((user) => user.email === email)?.signInOrcid;

  test("is set, changed and removed by the operator, with an entry for each change", async () => {
    const { email, id } = await makeUser();
    expect(await orcidOf(email)).toBeNull();
    for (const orcid of [ONE, TWO, TWO, null]) {
      await changeSignInOrcid(connection(), OPERATOR, email.toUpperCase(), orcid);
      expect(await orcidOf(email)).toBe(orcid);
    }
    const { results } = await env.DB.prepare(
      "SELECT user_id, changes FROM history WHERE record_id = ? AND action = 'change' ORDER BY id",
    )
      .bind(id)
      .all<{ user_id: string | null; changes: string }>();
    expect(
      results.map(({ user_id, changes }) => [user_id, JSON.parse(changes).sign_in_orcid]),
    ).toEqual([
      [null, { from: null, to: ONE }],
      [null, { from: ONE, to: TWO }],
      [null, { from: TWO, to: null }],
    ]);
  });

  test("belongs to one user", async () => {
    const [first, second] = [await makeUser(), await makeUser()];
    await changeSignInOrcid(connection(), OPERATOR, first.email, ONE);
    const fault = { orcid: [`Another user signs in with the ORCID iD ${ONE}.`] };
    const change = changeSignInOrcid(connection(), OPERATOR, second.email, ONE);
    expect(await faultsOf(change)).toEqual(fault);
    const email = `${unique("made")}@lab.example`;
    expect(await faultsOf(createUser(connection(), OPERATOR, { email, ...profile }, ONE))).toEqual(
      fault,
    );
    expect(await orcidOf(second.email)).toBeNull();
    await changeSignInOrcid(connection(), OPERATOR, first.email, null);
    await createUser(connection(), OPERATOR, { email, ...profile }, ONE);
    expect(await orcidOf(email)).toBe(ONE);
  });

  test("is not set for a user who is not there", async () => {
    const nobody = changeSignInOrcid(connection(), OPERATOR, "nobody@lab.example", null);
    expect(await faultsOf(nobody)).toEqual({
      email: ['No user has the email "nobody@lab.example".'],
    });
  });

  test("is not part of what the API shows or takes", async () => {
    const [user, other] = [await buildUser(), await buildUser()];
    await changeSignInOrcid(connection(), OPERATOR, other.email, TWO);
    const path = `/api/private/users/user/${other.id}/`;
    expect((await user.client.get(path)).text).not.toContain(TWO);
    expect((await user.client.get("/api/private/users/user/?filter{sign_in_orcid}=x")).status).toBe(
      400,
    );
    const own = await user.client.patch(`/api/private/users/user/${user.id}/`, {
      sign_in_orcid: ONE,
    });
    expect(own.status).toBe(400);
    await changeSignInOrcid(connection(), OPERATOR, other.email, null);
  });
});
