import { execFile } from "node:child_process";
import { rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { findDemoToken } from "../../scripts/demo/token.ts";
import { openDatabase } from "../../scripts/platform/database.ts";
import { makeDirectory, request, type Service, startScript, startService } from "./command.ts";
import { aliveOf, descendantsOf } from "./processes.ts";

const run = promisify(execFile);

const MAP = "7e48d99c-3c1a-4ccc-b5ae-65ba04cd9add";

const tokenIn = (stdout: string) => /bst_[0-9a-f]{64}/.exec(stdout)?.[0] ?? "";

describe("npm start on an empty database", () => {
  let directory: Awaited<ReturnType<typeof makeDirectory>>;
  let service: Service;

  beforeAll(async () => {
    directory = await makeDirectory();
    service = await startService(directory.path);
  });

  afterAll(async () => {
    await service.stop();
    await directory.remove();
  });

  test("prints a curl line that answers", async () => {
    const line = /^ *(curl .*)$/m.exec(service.stdout)?.[1] ?? "";
    const { stdout } = await run("sh", ["-c", `${line} --silent`]);
    expect(JSON.parse(stdout)).toMatchObject({ count: 354, sessions: { length: 2 } });
  });

  test("prints a link with which the demo user signs in", async () => {
    const [link = ""] =
      /http:\S+\/account\/sign-in\/\?link=[0-9a-f]{64}/.exec(service.stdout) ?? [];
    const page = await (await fetch(link)).text();
    expect(link.startsWith(`${service.url}/`)).toBe(true);
    expect(page).toContain("Sign in as Demo User");
  });

  test("has the 354 sessions of the Brain-Wide Map with their ids, names, days and probes", async () => {
    const id = "56956777-dca5-468c-87cb-78150432cc57";
    const { body } = await request(
      `${service.url}/api/private/stem/session/${id}/?include[]=projects&include[]=dataacquisition&include[]=datastorage`,
      tokenIn(service.stdout),
    );
    expect(body.session).toMatchObject({
      id,
      name: "angelakilab/NYU-11/2020-02-21/001",
      date_time: "2020-02-21T00:00:00Z",
      projects: [
        { id: MAP, name: "Brain-Wide Map", is_public: true },
        { name: "angelakilab", is_public: false },
      ],
      datastorage: [
        {
          is_public: true,
          data_protocols: [{ path: "https://ibl.flatironinstitute.org/public/", is_public: true }],
        },
      ],
      dataacquisition: [
        {
          id: "6be21156-33b0-4f70-9a0f-65b3e3cd6d4a",
          type: "ExtracellularEphys",
          details: { probe_name: "probe00" },
        },
        {
          id: "47be9ae4-290f-46ab-b047-952bc3a1a509",
          type: "ExtracellularEphys",
          details: { probe_name: "probe01" },
        },
      ],
    });
  });

  test("has all 547 insertions in 115 mice, and 12 labs beside the map", async () => {
    const token = tokenIn(service.stdout);
    const count = async (path: string) =>
      (await request(`${service.url}/api/private/${path}/?limit=1`, token)).body.count;
    const counts = {
      "modules/dataacquisition": 547,
      "modules/behavior": 354,
      "stem/subject": 115,
      "stem/project": 13,
      "stem/collection": 1,
      "stem/cohort": 12,
      "personal_attributes/setup": 12,
      "personal_attributes/behavioralassay": 1,
    };
    for (const [path, expected] of Object.entries(counts)) {
      expect([path, await count(path)]).toEqual([path, expected]);
    }
  });

  test("shows the mouse of a session to the public, with what it did and where", async () => {
    const mouse = "bbeec2d6-ecdd-5064-80a9-7e0fbe7dc4b5";
    const includes = ["subjects", "setup", "behavioralassay"].map((name) => `include[]=${name}`);
    const path = `modules/behavior/?filter{subjects}=${mouse}&${includes.join("&")}`;
    const response = await fetch(`${service.url}/api/public/${path}`);
    expect(await response.json()).toMatchObject({
      count: 2,
      behaviors: [
        {
          // The ids are the same in every demo database.
          id: "b48bed2c-b2ff-54f3-86a0-c5fe48b73dc3",
          subjects: [{ id: mouse, name: "NYU-11", sex: "U", projects: [MAP] }],
          setup: { name: "Electrophysiology rig, angelakilab" },
          behavioralassay: { name: "IBL decision-making task" },
        },
        { subjects: [{ id: mouse }] },
      ],
    });
  });

  test("has every session of the map in one collection, and every mouse in one cohort", async () => {
    const lists = async (path: string) =>
      (await request(`${service.url}/api/private/${path}/`, tokenIn(service.stdout))).body;
    const { collections } = await lists("stem/collection");
    expect(collections).toMatchObject([{ name: "Brain-Wide Map 2022", project: MAP }]);
    expect(new Set(collections[0].sessions).size).toBe(354);
    const { cohorts } = await lists("stem/cohort");
    const mice = cohorts.flatMap(({ subjects }: { subjects: string[] }) => subjects);
    expect([mice.length, new Set(mice).size]).toEqual([115, 115]);
  });

  test("has their making in the history", async () => {
    const path = "stem/session/56956777-dca5-468c-87cb-78150432cc57/history";
    const url = `${service.url}/api/private/${path}/`;
    const { body } = await request(url, tokenIn(service.stdout));
    expect(body.history).toMatchObject([{ action: "create", user: null, model: "session" }]);
    const database = await openDatabase({ kind: "local", directory: directory.path });
    const [rows] = await database.connection.batch([sql`SELECT count(*) AS count FROM history`]);
    await database.close();
    // The sessions with their insertions and behaviors, the mice, the map and the labs, their setups and cohorts,
    // the assay, the collection, the storage and the user.
    expect(rows).toEqual([{ count: 354 + 547 + 354 + 115 + 13 + 12 + 12 + 1 + 1 + 1 + 1 }]);
  });

  test("shows the map's sessions, and no lab, to the public", async () => {
    const response = await fetch(`${service.url}/api/public/stem/session/?limit=100&offset=300`);
    const body = (await response.json()) as { count: number; sessions: { projects: string[] }[] };
    expect(body.count).toBe(354);
    expect(new Set(body.sessions.flatMap(({ projects }) => projects))).toEqual(new Set([MAP]));
  });

  test("keeps the token to itself", async () => {
    const { mode } = await stat(join(directory.path, "demo-token"));
    expect(mode & 0o777).toBe(0o600);
  });

  test("says so in a sentence when the port is taken", async () => {
    const { port } = new URL(service.url);
    const args = ["--port", port, "--persist-to", directory.path];
    const { code, stdout, stderr } = await startScript("start.ts", args).ended;
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(new RegExp(`^Port ${port} on 127.0.0.1 is taken: .*\\n$`));
  });

  test("is stopped by a signal without a process left, and starts again with what was there", async () => {
    const token = tokenIn(service.stdout);
    const sessions = `${service.url}/api/private/stem/session/`;
    const { body } = await request(`${sessions}?limit=1`, token);
    await request(sessions + body.sessions[0].id, token, { method: "DELETE" });
    const below = await descendantsOf(service.process.pid ?? 0);
    expect(below.length).toBeGreaterThan(1);

    expect((await service.stop("SIGHUP")).code).toBe(0);
    await expect.poll(() => aliveOf(below), { timeout: 5_000 }).toEqual([]);

    service = await startService(directory.path);
    expect(tokenIn(service.stdout)).toBe(token);
    const again = await request(`${service.url}/api/private/stem/session/?limit=1`, token);
    expect(again.body.count).toBe(353);
  });

  test("makes a new token for the demo user when the old one is lost", async () => {
    await rm(join(directory.path, "demo-token"));
    const database = await openDatabase({ kind: "local", directory: directory.path });
    const token = await findDemoToken(database.connection, directory.path);
    await database.close();
    expect(token).not.toBe(tokenIn(service.stdout));
    const answer = await request(`${service.url}/api/private/stem/session/?limit=1`, token ?? "");
    expect(answer.body.count).toBe(353);
  });
});

describe("npm start with a wrong argument", () => {
  test("says what is wrong and starts nothing", async () => {
    const { code, stderr } = await startScript("start.ts", ["--port", "seven"]).ended;
    expect(code).toBe(1);
    expect(stderr).toContain("A port is a whole number from 0 to 65535.");
  });

  test("says which options there are in place of those of wrangler dev", async () => {
    const { code, stderr } = await startScript("start.ts", ["--test-scheduled"]).ended;
    expect(code).toBe(1);
    expect(stderr).toContain("unknown option '--test-scheduled'");
    expect(stderr).toContain("npm start -- --help");
  });

  test("says how a variable is written", async () => {
    const { code, stderr } = await startScript("start.ts", ["--var", "CORS_ORIGINS"]).ended;
    expect(code).toBe(1);
    expect(stderr).toContain("A variable is written NAME:VALUE.");
  });

  test("says where it cannot listen", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    const { code, stderr } = await startScript("start.ts", ["--ip", "192.0.2.1"]).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The service cannot listen on 192\.0\.2\.1:8787: .*\n$/);
  });
});
