import { afterEach, describe, expect, test, vi } from "vitest";
import { buildLab, buildSession } from "../support/builders.ts";
import { brokenClient } from "../support/d1-binding.ts";

const PATH = "/api/private/stem/session/";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("an error that nobody expected", () => {
  test.each(["GET", "POST", "PATCH", "DELETE"])(
    "%s is a 500 with a request id, and nothing of the inside",
    async (method) => {
      // The log is caught, so that it can be read here and does not look like a failure of the tests.
      const log = vi.spyOn(console, "error").mockReturnValue();
      const lab = await buildLab();
      const { id } = await buildSession({ projects: [lab.project] });
      const client = brokenClient(lab.client.token, new Error("D1_ERROR: secret at sessions.ts:1"));
      const address = method === "POST" ? PATH : `${PATH}${id}/`;
      const body = { name: "x", projects: [lab.project.id] };
      const answer = await client.send(
        method,
        address,
        method === "POST" || method === "PATCH" ? body : undefined,
      );
      expect(answer.status).toBe(500);
      expect(answer.headers.get("Content-Type")).toContain("application/json");
      expect(Object.keys(answer.body)).toEqual(["detail"]);
      const requestId = answer.headers.get("X-Request-Id") ?? "none";
      expect(answer.body.detail).toContain(requestId);
      expect(answer.text).not.toMatch(/secret|D1|sessions\.ts|SELECT/);
      expect(log).toHaveBeenCalledOnce();
      expect(log.mock.calls[0]?.[0]).toContain(requestId);
      expect(log.mock.calls[0]?.[0]).not.toContain(lab.client.token);
    },
  );
});
