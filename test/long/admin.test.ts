import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  admin,
  makeDirectory,
  type Outcome,
  request,
  type Service,
  startScript,
  startService,
} from "../scripts/command.ts";

// All of it happens beside a service that runs on the same database, and is read back over HTTP.

const NOBODY = "00000000-0000-4000-8000-000000000000";

let directory: Awaited<ReturnType<typeof makeDirectory>>;
let service: Service;
let token: string;
let project: string;

const run = (...args: readonly string[]): Promise<Outcome> => admin(directory.path, ...args);

/** Runs a command that must succeed. */
async function output(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args);
  if (code !== 0) throw new Error(`${args.join(" ")}: ${stderr}`);
  return stdout;
}

const call = (path: string, as = token, options = {}) =>
  request(`${service.url}/api/private/${path}`, as, options);

async function file(name: string, text: string): Promise<string> {
  const path = join(directory.path, name);
  await writeFile(path, text);
  return path;
}

beforeAll(async () => {
  directory = await makeDirectory();
  await output("user", "create", "Ada@lab.example", "--first-name", "Ada");
  // Someone else's database may have a user of this name too.
  await output("user", "create", "demo@brainstem.example");
  service = await startService(directory.path, "--log-level", "warn");
  // Side by side: two commands on one database wait for each other.
  const [made, laptop] = await Promise.all([
    output("project", "create", "Maze", "--owner", "ada@lab.example", "--public"),
    output("token", "create", "ada@lab.example", "--name", "laptop"),
    output("user", "create", "bob@lab.example"),
  ]);
  project = JSON.parse(made).id;
  token = laptop.trim();
});

afterAll(async () => {
  await service.stop();
  await directory.remove();
});

describe("npm start on data that are not the demo data", () => {
  test("adds nothing, prints no token, and passes what it does not know on to wrangler", async () => {
    expect((await call("stem/project/")).body.projects).toMatchObject([{ id: project }]);
    expect(service.stdout).not.toContain("bst_");
    expect(service.stdout).not.toContain("[wrangler:info]");
    const url = /^ *curl '(.*)'$/m.exec(service.stdout)?.[1] ?? "";
    expect(await (await fetch(url)).json()).toMatchObject({ sessions: [], count: 0 });
  });
});

describe("admin user link", () => {
  test("prints one address, which signs the user in; sessions and history show it", async () => {
    const address = await output("user", "link", "Ada@lab.example", "--url", service.url);
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/account\/sign-in\/\?link=[0-9a-f]{64}\n$/);
    const page = await fetch(address.trim());
    const field = (name: string, text: string) =>
      new RegExp(`name="${name}" value="(\\w+)"`).exec(text)?.[1] ?? "";
    const html = await page.text();
    expect(html).toContain("Sign in as Ada");
    const answer = await fetch(`${service.url}/account/sign-in/`, {
      method: "POST",
      redirect: "manual",
      headers: {
        Origin: service.url,
        Cookie: page.headers.getSetCookie()[0]?.split(";")[0] ?? "",
      },
      body: new URLSearchParams({
        form_token: field("form_token", html),
        link: field("link", html),
      }),
    });
    expect(answer.status).toBe(303);
    const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const read = async () => {
      const headers = { Cookie: cookie };
      return (await fetch(`${service.url}/api/private/stem/project/`, { headers })).status;
    };
    expect(await read()).toBe(200);

    const sessions = JSON.parse(await output("user", "sessions", "ada@lab.example"));
    expect(sessions).toMatchObject([{ way: "sign-in link", id: expect.any(String) }]);
    const history = JSON.parse(await output("user", "history", "ada@lab.example"));
    expect(history[0]).toMatchObject({
      by: "ada@lab.example",
      changes: { signed_in: { from: null, to: { way: "sign-in link", session: sessions[0].id } } },
    });

    await output("user", "end-sessions", "ada@lab.example", "--id", NOBODY);
    expect(await read()).toBe(200);
    await output("user", "end-sessions", "ada@lab.example");
    expect(await read()).toBe(401);
    expect(JSON.parse(await output("user", "sessions", "ada@lab.example"))).toEqual([]);
  });

  test("begins with the address of npm start unless another is named", async () => {
    expect(await output("user", "link", "bob@lab.example", "--days", "7")).toMatch(
      /^http:\/\/127\.0\.0\.1:8787\/account\/sign-in\/\?link=/,
    );
  });

  test.each([
    [["nobody@lab.example"], 'No active user has the email "nobody@lab.example".'],
    [["ada@lab.example", "--url", "lab.example"], "is not the address of a service"],
    [["ada@lab.example", "--days", "31"], "Days are a whole number from 1 to 30."],
  ])("says what is wrong with %j", async (args, message) => {
    const { code, stdout, stderr } = await run("user", "link", ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(message);
  });
});

describe("admin user", () => {
  test("lists users as JSON", async () => {
    const [ada, , demo] = JSON.parse(await output("user", "list"));
    expect(ada).toEqual({
      id: expect.any(String),
      email: "ada@lab.example",
      first_name: "Ada",
      last_name: "",
      sign_in_orcid: null,
      is_active: true,
      created_date: expect.stringMatching(/Z$/),
    });
    expect(demo.email).toBe("demo@brainstem.example");
  });

  test("sets the ORCID iD with which a user signs in, in any spelling, and removes it", async () => {
    const orcidOf = async (email: string) =>
      JSON.parse(await output("user", "list")).find(
        (user: { email: string }) => user.email === email,
      ).sign_in_orcid;
    await output(
      "user",
      "create",
      "iris@lab.example",
      "--orcid",
      "https://orcid.org/0000-0002-1694-233x",
    );
    expect(await orcidOf("iris@lab.example")).toBe("0000-0002-1694-233X");
    await output("user", "change", "iris@lab.example", "--no-orcid");
    expect(await orcidOf("iris@lab.example")).toBeNull();
    await output("user", "change", "iris@lab.example", "--orcid", "0000-0001-5109-3700");
    expect(await orcidOf("iris@lab.example")).toBe("0000-0001-5109-3700");
  });

  test.each([
    [["change", "ada@lab.example", "--orcid", "0000-0002-1825-0098"], "This is no ORCID iD"],
    [["change", "ada@lab.example"], "Name an iD with --orcid <id>, or --no-orcid."],
    [["change", "nobody@lab.example", "--no-orcid"], 'No user has the email "nobody@lab.example".'],
    [["create", "new@lab.example", "--orcid", "x"], "This is no ORCID iD"],
  ])("says what is wrong with %j", async (args, message) => {
    const { code, stdout, stderr } = await run("user", ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(message);
  });

  test("refuses an email that is taken, with a sentence and exit code 1", async () => {
    expect(await run("user", "create", "ADA@lab.example")).toEqual({
      code: 1,
      stdout: "",
      stderr: "email: user with this email already exists.\n",
    });
  });

  test("deactivates: the door closes at once; activates: a new token opens it, not the old one", async () => {
    await output("user", "create", "guest@lab.example");
    const guest = (await output("token", "create", "guest@lab.example")).trim();
    expect((await call("stem/session/", guest)).status).toBe(200);
    await output("user", "deactivate", "guest@lab.example");
    expect((await call("stem/session/", guest)).status).toBe(401);
    await output("user", "activate", "Guest@lab.example");
    const renewed = (await output("token", "create", "guest@lab.example")).trim();
    expect((await call("stem/session/", renewed)).status).toBe(200);
    expect((await call("stem/session/", guest)).status).toBe(401);
  });

  test("activates nobody who is not there", async () => {
    const { code, stderr } = await run("user", "activate", "nobody@lab.example");
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'email: No user has the email "nobody@lab.example".\n',
    });
  });
});

describe("admin token", () => {
  test("prints the token alone", () => {
    expect(token).toMatch(/^bst_[0-9a-f]{64}$/);
  });

  test("lists tokens without showing them, and revokes one by its id", async () => {
    const second = (await output("token", "create", "ada@lab.example", "--days", "3")).trim();
    const list = await output("token", "list", "ada@lab.example");
    expect(list).not.toContain("bst_");
    const [newest, ...others] = JSON.parse(list);
    expect(others).toMatchObject([{ name: "laptop", revoked_date: null }]);
    const days = Date.parse(newest.expires_date) - Date.parse(newest.created_date);
    expect(days).toBe(3 * 86_400_000);
    await output("token", "revoke", newest.id);
    expect((await call("stem/session/", second)).status).toBe(401);
    expect((await call("stem/session/")).status).toBe(200);
  });

  test("waits without a word while other commands write", async () => {
    const emails = Array.from({ length: 5 }, (_, index) => `side-by-side-${index}@lab.example`);
    const outcomes = await Promise.all(emails.map((email) => run("user", "create", email)));
    expect(outcomes.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      emails.map(() => ({ code: 0, stderr: "" })),
    );
  });

  test("knows no token for who is no user", async () => {
    const { code, stdout, stderr } = await run("token", "create", "nobody@lab.example");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe('email: No active user has the email "nobody@lab.example".\n');
  });
});

describe("admin project, datastorage, group, grant and revoke", () => {
  test("make what their owner then holds", async () => {
    const storage = JSON.parse(
      await output("datastorage", "create", "Rack", "--owner", "ada@lab.example"),
    );
    expect(storage).toEqual({ id: expect.any(String), name: "Rack" });
    const body = { name: "by ada", projects: [project], datastorage: [storage.id] };
    const made = await call("stem/session/", token, { method: "POST", body });
    expect(made.status).toBe(201);
  });

  test("give a permission through a group, and take it again", async () => {
    const [made] = await Promise.all([
      output("token", "create", "bob@lab.example"),
      output("group", "create", "Lab", "--owner", "ada@lab.example"),
    ]);
    const bob = made.trim();
    await output("group", "add", "Lab", "Bob@lab.example", "--manager");
    const body = { name: "by bob", projects: [project] };
    const post = () => call("stem/session/", bob, { method: "POST", body });
    await output("grant", "project", project, "--group", "Lab", "--level", "member");
    expect((await post()).status).toBe(403);
    await output("grant", "project", project, "--group", "Lab", "--level", "contributor");
    expect((await post()).status).toBe(201);
    await output("revoke", "project", project, "--group", "Lab");
    expect((await call("stem/session/", bob)).body.count).toBe(0);
  });

  test("name what does not exist", async () => {
    const grant = ["--user", "bob@lab.example", "--level", "member"];
    const outcomes = await Promise.all([
      run("grant", "project", NOBODY, ...grant),
      run("group", "add", "Nowhere", "bob@lab.example"),
    ]);
    expect(outcomes.map(({ stderr }) => stderr)).toEqual([
      `No project has the id ${NOBODY}.\n`,
      'No group has the name "Nowhere".\n',
    ]);
  });

  test("leave no project without an owner", async () => {
    const { code, stderr } = await run("revoke", "project", project, "--user", "ada@lab.example");
    expect(code).toBe(1);
    expect(stderr).toBe(
      "users: The last owner cannot be removed or lowered: name another owner first.\n",
    );
  });
});

describe("admin import sessions", () => {
  test("brings the rows of a CSV file, with their own ids and names in storage", async () => {
    const id = "aaaaaaaa-0000-4000-8000-000000000001";
    const path = await file(
      "sessions.csv",
      `\uFEFFid,name,description,date_time,tags,extra_fields,name_used_in_storage
${id.toUpperCase()},"csv, one","two
lines",2020-01-02T03:04+01:00,a;b,"{""depth"": 1.5}",raw/one
,csv two,,,"[""c;d""]",,
`,
    );
    expect(JSON.parse(await output("import", "sessions", path, "--project", project))).toEqual({
      imported: 2,
    });
    const { body } = await call(`stem/session/${id}/`);
    expect(body.session).toMatchObject({
      id,
      name: "csv, one",
      description: "two\nlines",
      projects: [project],
      date_time: "2020-01-02T02:04:00Z",
      tags: ["a", "b"],
      extra_fields: { depth: 1.5 },
      name_used_in_storage: "raw/one",
    });
    const folded = await call("stem/session/?filter{name_used_in_storage.icontains}=RAW/");
    expect(folded.body.count).toBe(1);
    const tagged = await call("stem/session/?filter{tags}=c;d");
    expect(tagged.body.sessions).toMatchObject([{ name: "csv two", date_time: null }]);
  });

  test("brings ten thousand sessions of a JSON file at once", async () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => ({ name: `many ${index}` }));
    const path = await file("many.json", JSON.stringify(rows));
    await output("import", "sessions", path, "--project", project);
    const { body } = await call("stem/session/?filter{name.startswith}=many%20&limit=1");
    expect(body.count).toBe(10_000);
  });

  test("refuses more than it can write at once", async () => {
    const rows = Array.from({ length: 10_001 }, (_, index) => ({ name: `more ${index}` }));
    const path = await file("more.json", JSON.stringify(rows));
    const { code, stderr } = await run("import", "sessions", path, "--project", project);
    expect(code).toBe(1);
    expect(stderr).toBe(
      "The file has 10001 sessions, and one import takes at most 10000: split it.\n",
    );
  });

  test("lists every faulty row with its place, and imports none", async () => {
    const taken = "aaaaaaaa-0000-4000-8000-000000000002";
    const first = await file("first.json", JSON.stringify([{ id: taken, name: "taken" }]));
    await output("import", "sessions", first, "--project", project);
    const path = await file(
      "faulty.json",
      JSON.stringify([
        { name: "sound" },
        { name: "taken", nmae: "" },
        { name: " sound ", date_time: "2020-02-30" },
        { name: "other", id: taken, projects: [NOBODY], datastorage: [NOBODY] },
        7,
      ]),
    );
    const before = (await call("stem/session/?limit=1")).body.count;
    const { code, stdout, stderr } = await run("import", "sessions", path, "--project", project);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    const lines = stderr.trim().split("\n");
    expect(lines).toEqual([
      expect.stringMatching(/^item 2: nmae: Unknown field\./),
      "item 2: name: session with this name already exists.",
      expect.stringMatching(/^item 3: date_time: /),
      "item 3: name: This name is that of item 1 too.",
      `item 4: projects: Invalid pk "${NOBODY}" - object does not exist.`,
      `item 4: datastorage: Invalid pk "${NOBODY}" - object does not exist.`,
      "item 4: id: session with this id already exists.",
      "item 5: session: Invalid data. Expected an object, but got a number.",
      `Nothing was imported: 4 of 5 sessions in ${path} are faulty.`,
    ]);
    expect((await call("stem/session/?limit=1")).body.count).toBe(before);
  });

  test("knows no project that does not exist", async () => {
    const path = await file("one.json", '[{"name": "one"}]');
    const { code, stderr } = await run("import", "sessions", path, "--project", NOBODY);
    expect({ code, stderr }).toEqual({ code: 1, stderr: `No project has the id ${NOBODY}.\n` });
  });
});

describe("admin", () => {
  test("explains every command", async () => {
    const help = await startScript("admin.ts", ["import", "sessions", "--help"]).ended;
    expect(help.code).toBe(0);
    expect(help.stdout).toContain("--project <id>");
    expect(help.stdout).toContain("--remote");
  });

  test("fails with a sentence on a command that there is not", async () => {
    const { code, stdout, stderr } = await startScript("admin.ts", ["usr", "list"]).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("unknown command 'usr'");
  });
});
