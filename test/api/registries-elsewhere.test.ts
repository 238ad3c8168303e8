import { describe, expect, test } from "vitest";
import { buildUser } from "../support/builders.ts";
import { clientFor } from "../support/client.ts";

describe("what BrainSTEM keeps and this service does not", () => {
  test.each(["resources/consumable", "taxonomies/strain", "personal_attributes/license"])(
    "%s is not found, and the answer says why",
    async (path) => {
      const { client } = await buildUser();
      for (const address of [
        `/api/private/${path}/`,
        `/api/private/${path}/${crypto.randomUUID()}`,
      ]) {
        const { status, body } = await client.get(address);
        expect([status, body.detail]).toEqual([404, expect.stringMatching(/BrainSTEM keeps/)]);
      }
      expect((await clientFor().get(`/api/public/${path}/`)).status).toBe(404);
    },
  );

  test("a path that nobody knows is not found, and nothing more is said", async () => {
    const { body } = await clientFor().get("/api/public/taxonomies/unicorn/");
    expect(body).toEqual({ detail: "Not found." });
  });
});
