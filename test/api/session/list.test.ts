import { describe, expect, test } from "vitest";
import { buildProject, buildUser } from "../../support/builders.ts";

describe("GET /api/private/stem/session/", () => {
  test("shows the sessions of the caller's projects", async () => {
    const user = await buildUser();
    const project = await buildProject({ users: { contributor: [user] } });
    const made = await user.client.post("/api/private/stem/session/", {
      name: "one",
      projects: [project.id],
    });
    expect(made.status).toBe(201);
    const list = await user.client.get("/api/private/stem/session/");
    expect(list.status).toBe(200);
    expect(list.body.sessions).toEqual([made.body.session]);
    expect(list.body.count).toBe(1);
  });
});
