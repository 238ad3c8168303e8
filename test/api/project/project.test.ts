import { describe, expect, test } from "vitest";
import {
  buildDataStorage,
  buildGroup,
  buildProject,
  buildSession,
  buildUser,
  unique,
} from "../../support/builders.ts";
import { clientFor } from "../../support/client.ts";

const PROJECTS = "/api/private/stem/project/";
const OWNER = { can_change: true, is_manager: true, is_owner: true };

describe("POST /api/private/stem/project/", () => {
  test("answers the whole project, which its maker owns, its keys in the documented order", async () => {
    const user = await buildUser();
    const name = unique("project");
    const { status, body } = await user.client.post(PROJECTS, { name: `  ${name} ` });
    expect(status).toBe(201);
    expect(body.project).toEqual({
      id: expect.any(String),
      name,
      description: "",
      sessions: [],
      subjects: [],
      publications: [],
      collections: [],
      cohorts: [],
      extra_fields: {},
      is_public: false,
      tags: [],
      users: { [user.email]: OWNER },
      groups: {},
      links: { sessions: "sessions/" },
    });
    expect(Object.keys(body.project).slice(0, 4)).toEqual([
      "id",
      "name",
      "description",
      "sessions",
    ]);
    const detail = await user.client.get(`${PROJECTS}${body.project.id}/`);
    expect(detail.body).toEqual(body);
  });

  test("keeps everything that is written", async () => {
    const user = await buildUser();
    const written = {
      name: unique("Åse's 🐀 project"),
      description: "<p>first\n“line”</p>",
      extra_fields: { temperature: "ambient", depth: 2.5 },
      is_public: true,
      tags: ["b", "a"],
    };
    const { body } = await user.client.post(PROJECTS, { ...written, tags: ["b", "a", "b"] });
    expect(body.project).toMatchObject(written);
  });

  test("lets in whom the body names, and its maker is the owner whatever the body says", async () => {
    const user = await buildUser();
    const friend = await buildUser();
    const { body } = await user.client.post(PROJECTS, {
      name: unique("project"),
      users: { [user.email]: { can_change: true }, [friend.email]: {} },
    });
    expect(body.project.users).toEqual({
      [user.email]: OWNER,
      [friend.email]: { can_change: false, is_manager: false, is_owner: false },
    });
  });

  test("takes back a project that was read, and ignores what only the service says", async () => {
    const user = await buildUser();
    const made = await user.client.post(PROJECTS, { name: unique("project") });
    const name = unique("copy");
    const again = await user.client.post(PROJECTS, { ...made.body.project, name });
    expect(again.status).toBe(201);
    expect(again.body.project).toEqual({
      ...made.body.project,
      id: again.body.project.id,
      name,
    });
  });

  test.each([
    ["no name", {}, "name", "This field is required."],
    ["a blank name", { name: " " }, "name", "This field may not be blank."],
    [
      "a name of 201 characters",
      { name: "x".repeat(201) },
      "name",
      "Ensure this field has no more than 200 characters.",
    ],
    ["a key that is no field", { name: "x", desciption: "" }, "desciption", /^Unknown field/],
    ["a list of users", { name: "x", users: ["a@b"] }, "users", /^Expected an object/],
    ["an entry that is a boolean", { name: "x", users: { "a@b": true } }, "users", /^a@b: /],
    [
      "a flag that is no boolean",
      { name: "x", users: { "a@b": { is_owner: "yes" } } },
      "users",
      "a@b: is_owner: Must be a valid boolean, but got a string.",
    ],
    [
      "a flag that there is not",
      { name: "x", groups: { lab: { can_chnage: true } } },
      "groups",
      /^lab: unknown key can_chnage/,
    ],
    [
      "a user who is not there",
      { name: "x", users: { "nobody@lab.example": {} } },
      "users",
      'No user has the email "nobody@lab.example".',
    ],
    [
      "a group that is not there",
      { name: "x", groups: { nowhere: {} } },
      "groups",
      'No group has the name "nowhere".',
    ],
  ])("refuses %s", async (_title, body, field, message) => {
    const user = await buildUser();
    const answer = await user.client.post(PROJECTS, body);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ [field]: [expect.stringMatching(message)] });
  });

  test("refuses a name that is taken", async () => {
    const user = await buildUser();
    const { name } = await buildProject();
    const answer = await user.client.post(PROJECTS, { name });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ name: ["project with this name already exists."] });
  });

  test("makes one project when two of a name race", async () => {
    const user = await buildUser();
    const name = unique("raced");
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => user.client.post(PROJECTS, { name })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 400, 400, 400, 400]);
  });
});

describe("PUT and PATCH /api/private/stem/project/{id}/", () => {
  test("PATCH changes what it names and nothing else", async () => {
    const user = await buildUser();
    const made = await user.client.post(PROJECTS, {
      name: unique("project"),
      description: "before",
      tags: ["kept"],
    });
    const address = `${PROJECTS}${made.body.project.id}/`;
    const { status, body } = await user.client.patch(address, { description: "after" });
    expect(status).toBe(200);
    expect(body.project).toEqual({ ...made.body.project, description: "after" });
  });

  test("PUT puts absent fields back to their defaults, and lets members stay", async () => {
    const user = await buildUser();
    const friend = await buildUser();
    const project = await buildProject({ users: { owner: [user], member: [friend] } });
    const address = `${PROJECTS}${project.id}/`;
    await user.client.patch(address, { description: "gone", tags: ["gone"], is_public: true });
    const { status, body } = await user.client.put(address, { name: project.name });
    expect(status).toBe(200);
    expect(body.project).toMatchObject({ description: "", tags: [], is_public: false });
    expect(Object.keys(body.project.users)).toEqual([user.email, friend.email]);
  });

  test("a contributor sends back what they have read, with a change", async () => {
    const owner = await buildUser();
    const user = await buildUser();
    const project = await buildProject({
      isPublic: true,
      users: { owner: [owner], contributor: [user] },
      groups: { manager: [await buildGroup([])] },
    });
    const address = `${PROJECTS}${project.id}/`;
    const read = await user.client.get(address);
    const { status, body } = await user.client.put(address, {
      ...read.body.project,
      description: "changed",
    });
    expect(status).toBe(200);
    expect(body.project).toEqual({ ...read.body.project, description: "changed" });
  });

  test("only an owner makes a project public, or private again", async () => {
    const owner = await buildUser();
    const manager = await buildUser();
    const project = await buildProject({ users: { owner: [owner], manager: [manager] } });
    const address = `${PROJECTS}${project.id}/`;
    const refused = await manager.client.patch(address, { is_public: true });
    expect(refused.status).toBe(403);
    expect(refused.body.detail).toContain(`own_project on project ${project.id}`);
    const published = await owner.client.patch(address, { is_public: true });
    expect(published.body.project.is_public).toBe(true);
    expect((await manager.client.patch(address, { is_public: false })).status).toBe(403);
    expect((await manager.client.patch(address, { is_public: true })).status).toBe(200);
  });
});

describe("DELETE /api/private/stem/project/{id}/", () => {
  test("is refused while sessions are in no other project, and says how many", async () => {
    const user = await buildUser();
    const project = await buildProject({ users: { owner: [user] } });
    const other = await buildProject();
    await buildSession({ projects: [project] });
    await buildSession({ projects: [project] });
    await buildSession({ projects: [project, other] });
    const { status, body } = await user.client.delete(`${PROJECTS}${project.id}/`);
    expect(status).toBe(400);
    expect(body).toEqual({ sessions: [expect.stringContaining("in no other project: 2.")] });
    expect((await user.client.get(`${PROJECTS}${project.id}/`)).body.project.sessions).toHaveLength(
      3,
    );
  });

  test("leaves its sessions in their other projects, in the order that they had", async () => {
    const user = await buildUser();
    const [a, b, c] = [
      await buildProject({ users: { owner: [user] } }),
      await buildProject({ users: { owner: [user] } }),
      await buildProject({ users: { owner: [user] } }),
    ];
    const sessions = [
      await buildSession({ projects: [a, b] }),
      await buildSession({ projects: [c, b, a] }),
      await buildSession({ projects: [a, b, c] }),
      await buildSession({ projects: [b, a] }),
      await buildSession({ projects: [a] }),
      await buildSession({ projects: [c] }),
    ];
    expect((await user.client.delete(`${PROJECTS}${b.id}/`)).status).toBe(204);
    const projectsOf = async ({ id }: { id: string }) =>
      (await user.client.get(`/api/private/stem/session/${id}/`)).body.session.projects;
    expect(await Promise.all(sessions.map(projectsOf))).toEqual([
      [a.id],
      [c.id, a.id],
      [a.id, c.id],
      [a.id],
      [a.id],
      [c.id],
    ]);
    const list = await user.client.get(`/api/private/stem/session/?filter{projects}=${a.id}`);
    expect(list.body.count).toBe(5);
    expect((await user.client.get(`${PROJECTS}${b.id}/`)).status).toBe(404);
  });

  test("tells a manager of the missing permission, not of the sessions", async () => {
    const user = await buildUser();
    const project = await buildProject({ users: { manager: [user] } });
    await buildSession({ projects: [project] });
    const { status, body } = await user.client.delete(`${PROJECTS}${project.id}/`);
    expect(status).toBe(403);
    expect(body.detail).toContain("own_project");
  });

  test("leaves no session without a project when sessions come in the meantime", async () => {
    const user = await buildUser();
    const projects = await Promise.all(
      Array.from({ length: 8 }, () => buildProject({ users: { owner: [user] } })),
    );
    await Promise.all(
      projects.map(async (project) => {
        const [created, deleted] = await Promise.all([
          user.client.post("/api/private/stem/session/", {
            name: unique("raced"),
            projects: [project.id],
          }),
          user.client.delete(`${PROJECTS}${project.id}/`),
        ]);
        expect([
          [201, 400],
          [400, 204],
        ]).toContainEqual([created.status, deleted.status]);
      }),
    );
  });
});

describe("GET /api/{portal}/stem/project/", () => {
  test("filters and sorts, also with what the clients send", async () => {
    const user = await buildUser();
    const sharing = { users: { owner: [user] } };
    const first = await buildProject({ ...sharing, name: unique("ÅSE mice") });
    const second = await buildProject({ ...sharing, name: unique("rats"), isPublic: true });
    const session = await buildSession({ projects: [second] });
    await user.client.patch(`${PROJECTS}${first.id}/`, { tags: ["Cold"], description: "Deep" });
    const found = async (query: string) => {
      const { status, body } = await user.client.get(`${PROJECTS}?${query}`);
      expect(status).toBe(200);
      expect(body.count).toBe(body.projects.length);
      return body.projects.map(({ id }: { id: string }) => id);
    };
    expect(await found("sort[]=-name")).toEqual(
      [first.id, second.id].sort((a) => (a === first.id ? -1 : 1)),
    );
    expect(await found("filter{name.icontains}=åse")).toEqual([first.id]);
    expect(await found("filter{description}=Deep")).toEqual([first.id]);
    expect(await found("filter{tags.iexact}=cold")).toEqual([first.id]);
    expect(await found("filter{is_public}=true")).toEqual([second.id]);
    expect(await found(`filter{sessions.id}=${session.id}`)).toEqual([second.id]);
    expect(await found(`filter{sessions}=${session.id}`)).toEqual([second.id]);
    expect(await found(`filter{sessions.name}=${session.name}`)).toEqual([second.id]);
    expect(await found("filter{sessions.isnull}=true")).toEqual([first.id]);
    expect(await found(`filter{subjects.id}=${session.id}`)).toEqual([]);
    expect(await found("sort[]=updated_date")).toEqual([second.id, first.id]);
  });

  test("includes whole sessions, and accepts the relations that lie in other services", async () => {
    const user = await buildUser();
    const project = await buildProject({ isPublic: true, users: { member: [user] } });
    const hidden = await buildProject();
    const storage = await buildDataStorage();
    const session = await buildSession({ projects: [hidden, project], dataStorages: [storage] });
    const query = ["sessions", "subjects", "collections", "cohorts"]
      .map((name) => `include[]=${name}.*`)
      .join("&");
    const { body } = await user.client.get(`${PROJECTS}?${query}`);
    const detail = await user.client.get(`/api/private/stem/session/${session.id}/`);
    expect(body.projects[0]).toMatchObject({
      id: project.id,
      sessions: [detail.body.session],
      subjects: [],
      collections: [],
      cohorts: [],
    });
    const open = await clientFor().get(
      `/api/public/stem/project/${project.id}/?include[]=sessions`,
    );
    expect(open.body.project.sessions).toEqual([
      { ...detail.body.session, projects: [project.id], datastorage: [] },
    ]);
  });

  test("shows no email, no group and no private project in the public portal", async () => {
    const user = await buildUser();
    const sharing = {
      users: { owner: [user] },
      groups: { member: [await buildGroup([], unique("secret lab"))] },
    };
    const open = await buildProject({ ...sharing, isPublic: true });
    const closed = await buildProject(sharing);
    const session = await buildSession({ projects: [closed] });
    const list = await clientFor().get("/api/public/stem/project/?limit=100");
    const text = JSON.stringify(list.body);
    expect(text).toContain(open.id);
    for (const secret of [closed.id, closed.name, user.email, "secret lab"]) {
      expect(text).not.toContain(secret);
    }
    const asked = await clientFor().get(`/api/public/stem/project/?filter{sessions}=${session.id}`);
    expect(asked.body.count).toBe(0);
  });

  test("as included in sessions, projects are whole but for the lists of what is in them", async () => {
    const user = await buildUser();
    const project = await buildProject({ users: { member: [user] } });
    await buildSession({ projects: [project] });
    const { body } = await user.client.get("/api/private/stem/session/?include[]=projects");
    const answer = await user.client.get(`${PROJECTS}${project.id}/`);
    const { sessions, subjects, collections, cohorts, ...rest } = answer.body.project;
    expect([subjects, collections, cohorts]).toEqual([[], [], []]);
    expect(sessions).toHaveLength(1);
    expect(body.sessions[0].projects).toEqual([rest]);
  });
});
