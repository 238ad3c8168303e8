import { afterEach, describe, expect, test, vi } from "vitest";
import { buildLab, buildSession } from "../support/builders.ts";
import { brokenClient } from "../support/d1-binding.ts";

const PATH = "/api/private/stem/session/";

afterEach(() => {
  vi.restoreAllMocks();
});

const METHODS = ["GET", "POST", "PATCH", "DELETE"];

/** What SQLite says on a disk that is full, and D1 of a database or an account that is. */
const FULL = [
  "D1_ERROR: database or disk is full: SQLITE_FULL",
  "D1_ERROR: Exceeded maximum DB size",
  "D1_ERROR: Exceeded maximum account storage limit",
];

const ERRORS = [
  {
    what: "a statement that fails",
    status: 500,
    message: "D1_ERROR: secret at x.ts: SQLITE_ERROR",
  },
  { what: "a database that does not answer", status: 503, message: "D1_ERROR: secret at x.ts" },
  ...FULL.map((text) => ({ what: text, status: 503, message: `${text} (secret at x.ts)` })),
];

describe.each(ERRORS)("$what", ({ status, message }) => {
  test.each(METHODS)(
    `%s is a ${status} with a request id, and nothing of the inside`,
    async (method) => {
      // The log is caught, so that it can be read here and does not look like a failure of the tests.
      const log = vi.spyOn(console, "error").mockReturnValue();
      const lab = await buildLab();
      const { id } = await buildSession({ projects: [lab.project] });
      const client = brokenClient(lab.client.token, new Error(message));
      const address = method === "POST" ? PATH : `${PATH}${id}/`;
      const body = { name: "x", projects: [lab.project.id] };
      const answer = await client.send(
        method,
        address,
        method === "POST" || method === "PATCH" ? body : undefined,
      );
      expect(answer.status).toBe(status);
      expect(answer.headers.get("Content-Type")).toContain("application/json");
      expect(Object.keys(answer.body)).toEqual(["detail"]);
      const requestId = answer.headers.get("X-Request-Id") ?? "none";
      expect(answer.body.detail).toContain(requestId);
      expect(answer.text).not.toMatch(/secret|D1|x\.ts|SELECT/);
      expect(log).toHaveBeenCalledOnce();
      expect(log.mock.calls[0]?.[0]).toContain(requestId);
      expect(log.mock.calls[0]?.[0]).not.toContain(lab.client.token);
    },
  );
});

describe.each(FULL)("%s", (message) => {
  test("is said to be a full database, and comes back later than one that does not answer", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    const { client } = await buildLab();
    const answer = await brokenClient(client.token, new Error(message)).get(PATH);
    expect(answer.body.detail).toContain("no room left");
    expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(1);
  });
});
