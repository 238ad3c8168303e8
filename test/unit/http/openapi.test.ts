import { validate } from "@readme/openapi-parser";
import { describe, expect, test } from "vitest";
import { app } from "../../../src/app.ts";
import { models } from "../../../src/models/all.ts";
import { session } from "../../../src/models/session/session.ts";
import { routes } from "../../../src/routes.ts";

interface Words {
  readonly title?: string;
  readonly description?: string;
}

const read = async () => {
  const response = await app.request("/api/openapi.json", {}, {});
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever JSON came.
  return { status: response.status, body: await response.json<any>() };
};

describe("GET /api/openapi.json", () => {
  test("is a valid OpenAPI 3.1 document", async () => {
    const { status, body } = await read();
    expect(status).toBe(200);
    expect(body.openapi).toBe("3.1.0");
    expect(await validate(body)).toMatchObject({ valid: true });
  });

  test("describes every declared route in every portal that offers it", async () => {
    const { body } = await read();
    for (const { method, path, portals } of routes) {
      for (const portal of portals) {
        const written = `/api/${portal}${path.replace(/:(\w+)/g, "{$1}")}/`;
        expect(Object.keys(body.paths[written] ?? {}), written).toContain(method);
      }
    }
  });

  test("gives every operation an id of its own", async () => {
    const { body } = await read();
    const ids = Object.values<object>(body.paths).flatMap((operations) =>
      Object.values(operations).map((operation) => operation.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("tells what a body may hold", async () => {
    const { body } = await read();
    const { schema } =
      body.paths["/api/private/stem/session/"].post.requestBody.content["application/json"];
    expect(schema.required).toEqual(["name", "projects"]);
    expect(schema.properties.name).toMatchObject({ type: "string", maxLength: 100 });
    expect(schema.properties.download_links.items.required).toEqual(["repository", "url"]);
  });

  test("has words for every field that an answer shows or that a body may have", async () => {
    const { body } = await read();
    const bodies = Object.values<object>(body.paths)
      .flatMap((operations) => Object.values(operations))
      .flatMap(({ requestBody }) => requestBody?.content["application/json"].schema ?? []);
    const objects = models.map(({ name }) => body.components.schemas[name.replace(" ", "_")]);
    expect(bodies.length).toBeGreaterThan(models.length);
    for (const { properties } of [...bodies, ...objects]) {
      for (const [name, { title, description }] of Object.entries<Words>(properties)) {
        expect({ title, description }, name).toEqual({
          title: expect.stringMatching(/./),
          description: expect.stringMatching(/./),
        });
      }
    }
    expect(body.components.schemas.session).toMatchObject({ title: session.label });
    expect(body.components.schemas.session.properties.date_time).toMatchObject({
      title: "Date and time",
      description: session.fields.date_time.help,
      format: "date-time",
    });
  });

  test("tells that a project may be without its sessions, and where they are", async () => {
    const { body } = await read();
    const { properties, required } = body.components.schemas.project;
    expect(required).not.toContain("sessions");
    expect(properties.sessions.description).toContain("more than 2000");
    expect(properties.links.properties).toEqual({ sessions: { const: "sessions/" } });
    const { get } = body.paths["/api/public/stem/project/{id}/sessions/"];
    expect(get.responses[200].content["application/json"].schema.required[0]).toBe("sessions");
    expect(get.responses).toHaveProperty("404");
  });
});
