import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { buildGroup, buildHeldGroup, buildProject, buildUser } from "../../support/builders.ts";
import { clientFor } from "../../support/client.ts";

const USERS = "/api/private/users/user/";

describe("GET /api/private/users/user/", () => {
  test("shows a user with the documented keys, and nothing of tokens", async () => {
    const [caller, user] = [await buildUser(), await buildUser()];
    const group = await buildHeldGroup({ owner: [user], member: [caller] });
    await buildHeldGroup({ manager: [user], member: [caller] });
    const { body } = await caller.client.get(`${USERS}${user.id}/`);
    expect(body).toEqual({
      user: {
        id: user.id,
        email: user.email,
        first_name: "",
        last_name: "",
        groups_own_json: [{ id: group.id, name: group.name }],
        website: "",
        google_scholar: "",
        orcid_id: "",
        atlas_preference: "",
        active_projects: [],
      },
    });
  });

  test("shows of a user's projects those in which the caller sees the user listed", async () => {
    const [caller, user] = [await buildUser(), await buildUser()];
    const member = { member: [caller] };
    const shared = await buildProject({ users: { member: [caller, user] } });
    const ownGroup = { member: [await buildGroup([user, caller])] };
    const through = await buildProject({ users: member, groups: ownGroup });
    const closedGroup = { owner: [await buildGroup([user])] };
    const closed = await buildProject({ users: { owner: [caller] }, groups: closedGroup });
    const hidden = await buildProject({ isPublic: true, users: { owner: [user] } });
    const projects = async (client = caller.client) =>
      (await client.get(`${USERS}${user.id}/`)).body.user.active_projects.sort();
    expect(await projects()).toEqual([shared.id, through.id].sort());
    const all = [shared, through, closed, hidden].map(({ id }) => id);
    expect(await projects(user.client)).toEqual(all.sort());
  });

  test("shows of a user's groups those in which the caller sees the user listed", async () => {
    const [caller, user] = [await buildUser(), await buildUser()];
    const shared = await buildHeldGroup({ owner: [user], member: [caller] });
    const closed = await buildHeldGroup({ owner: [user] });
    const groups = async (client = caller.client) => {
      const { body } = await client.get(`${USERS}${user.id}/`);
      return body.user.groups_own_json.map(({ id }: { id: string }) => id).sort();
    };
    expect(await groups()).toEqual([shared.id]);
    expect(await groups(user.client)).toEqual([shared.id, closed.id].sort());
  });

  test("lists users by email, finds them by name, and leaves out who has left", async () => {
    const [caller, gone] = [await buildUser(), await buildUser()];
    await caller.client.patch(`${USERS}${caller.id}/`, { first_name: "Åse", last_name: "Strøm" });
    await env.DB.prepare("UPDATE users SET is_active = 0 WHERE id = ?").bind(gone.id).run();
    const list = await caller.client.get(`${USERS}?limit=100`);
    const emails = list.body.users.map(({ email }: { email: string }) => email);
    expect(emails).toEqual([...emails].sort());
    expect(emails).not.toContain(gone.email);
    for (const query of [
      "filter{first_name.iexact}=ÅSE",
      "filter{last_name.icontains}=RØ",
      `filter{email}=${caller.email}`,
    ]) {
      const { body } = await caller.client.get(`${USERS}?${query}`);
      expect(body.users.map(({ id }: { id: string }) => id)).toEqual([caller.id]);
    }
  });

  test("is not offered without a token", async () => {
    const user = await buildUser();
    expect((await clientFor().get("/api/public/users/user/")).status).toBe(404);
    expect((await clientFor().get(`/api/public/users/user/${user.id}/`)).status).toBe(404);
  });
});

describe("PATCH /api/private/users/user/{id}/", () => {
  test("changes one's own profile; a bare host gets its scheme", async () => {
    const user = await buildUser();
    const written = {
      first_name: "Åse",
      last_name: "Strøm",
      google_scholar: "https://scholar.example/citations?user=R",
      orcid_id: "https://orcid.org/0000-0002",
      atlas_preference: "AIA",
    };
    const { status, body } = await user.client.patch(`${USERS}${user.id}/`, {
      ...written,
      website: "www.someweb.com",
    });
    expect(status).toBe(200);
    expect(body.user).toMatchObject({ ...written, website: "http://www.someweb.com" });
    expect((await user.client.get(`${USERS}${user.id}/`)).body).toEqual(body);
    const again = await user.client.patch(`${USERS}${user.id}/`, body.user);
    expect(again.body).toEqual(body);
  });

  test("changes nobody else's, and no email", async () => {
    const [user, other] = [await buildUser(), await buildUser()];
    const refused = await user.client.patch(`${USERS}${other.id}/`, { first_name: "X" });
    expect(refused.status).toBe(403);
    expect(refused.body.detail).toContain("change_user");
    const kept = await user.client.patch(`${USERS}${user.id}/`, { email: "new@lab.example" });
    expect(kept.body.user.email).toBe(user.email);
  });

  test.each([
    ["website", "not a web address"],
    ["website", "javascript:alert(1)"],
    ["website", "x".repeat(201)],
    ["website", 7],
    ["orcid_id", "x".repeat(101)],
    ["atlas_preference", "x".repeat(8)],
    ["password", "secret"],
  ])("refuses %s: %s", async (field, value) => {
    const user = await buildUser();
    const { status, body } = await user.client.patch(`${USERS}${user.id}/`, { [field]: value });
    expect(status).toBe(400);
    expect(Object.keys(body)).toEqual([field]);
  });

  test.each(["POST", "PUT", "DELETE"])(
    "users are not made or deleted: %s is 405",
    async (method) => {
      const user = await buildUser();
      const address = method === "POST" ? USERS : `${USERS}${user.id}/`;
      const { status, headers } = await user.client.send(method, address, {});
      expect(status).toBe(405);
      expect(headers.get("Allow")).toContain("GET");
    },
  );
});
