import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { session } from "../../../src/models/session/session.ts";
import { vocabularyOf } from "../../../src/query/read-model.ts";
import {
  type BuiltUser,
  buildDataStorage,
  buildListOfProject,
  buildProject,
  buildSubject,
  buildUser,
} from "../../support/builders.ts";
import { type Answer, clientFor } from "../../support/client.ts";
import { type SessionRow, sessionRow, writeSessions } from "../../support/session-rows.ts";

// One public project and one private, one public storage and one private. `shared` lies in both of
// each, `hidden` in the private ones alone. Everything that belongs to the private side has a word of
// its own, so that any answer can be searched for it.

const SECRET = "quokka";

const visitor = clientFor();

interface Named {
  readonly id: string;
  readonly name: string;
}

let owner: BuiltUser;
let open: Named;
let closed: Named;
let shelf: Named;
let vault: Named;
let shared: SessionRow;
let hidden: SessionRow;
let animal: Named;
let choice: Named;

beforeAll(async () => {
  owner = await buildUser();
  const users = { owner: [owner] };
  // The private ones come first in their tables.
  closed = await buildProject({ name: `${SECRET} project`, users });
  open = await buildProject({ name: "open", isPublic: true });
  vault = await buildDataStorage({ name: `${SECRET} vault`, users });
  shelf = await buildDataStorage({ name: "shelf", isPublic: true });
  const projects = [closed.id, open.id];
  const dataStorages = [vault.id, shelf.id];
  shared = sessionRow({
    name: "shared",
    projects,
    dataStorages,
    epochs: [crypto.randomUUID()],
    dataAcquisitions: [crypto.randomUUID()],
    behaviors: [crypto.randomUUID()],
    manipulations: [crypto.randomUUID()],
  });
  animal = await buildSubject({ name: `${SECRET} animal`, projects: [closed] });
  hidden = sessionRow({
    name: `${SECRET} session`,
    description: SECRET,
    nameUsedInStorage: SECRET,
    tags: [SECRET],
    extraFields: { note: SECRET, depth: 7 },
    dateTime: "1999-09-09T09:09:09",
    createdDate: "1999-09-09T09:09:09",
    updatedDate: "1999-09-09T09:09:09",
    projects: [closed.id],
    dataStorages: [vault.id],
    subjects: [animal.id],
    epochs: [crypto.randomUUID()],
    dataAcquisitions: [crypto.randomUUID()],
    behaviors: [crypto.randomUUID()],
    manipulations: [crypto.randomUUID()],
  });
  await writeSessions([shared, hidden, sessionRow({ name: "third", projects: [open.id] })]);
  choice = await buildListOfProject("collections", closed, {
    name: `${SECRET} choice`,
    members: [hidden.id, shared.id],
  });
});

const list = (query = "") => visitor.get(`/api/public/stem/session/?${query}`);

const idsOf = ({ body }: Answer): string[] => body.sessions.map(({ id }: Named) => id);

/** No id and no word of the private side is anywhere in the answer. */
function expectNoSecret({ body }: Answer): void {
  const text = JSON.stringify({ ...body, next: null, previous: null });
  const secrets = [SECRET, closed.id, vault.id, hidden.id, owner.id, owner.email];
  for (const secret of [...secrets, ...hidden.epochs, ...hidden.behaviors, "1999-09-09"]) {
    expect(text).not.toContain(secret);
  }
}

const ALL_INCLUDES = vocabularyOf(session)
  .includes.map((field) => `include[]=${field}`)
  .join("&");

describe("GET /api/public/stem/session/", () => {
  test("shows the sessions of public projects to anyone", async () => {
    const answer = await list();
    expect(answer.status).toBe(200);
    expect(answer.body.sessions.map(({ name }: Named) => name)).toEqual(["shared", "third"]);
    expectNoSecret(answer);
  });

  test("counts them alone", async () => {
    const { body } = await list("limit=1");
    expect(body.count).toBe(2);
    expect(body.meta).toMatchObject({ page: 1, per_page: 1, total_results: 2, total_pages: 2 });
    expect((await list("limit=1&offset=1")).body.next).toBeNull();
    expect((await list("filter{name.icontains}=&limit=1")).body.count).toBe(2);
  });

  test("leaves out the ids of private projects and storages", async () => {
    const { body } = await list();
    expect(body.sessions[0].projects).toEqual([open.id]);
    expect(body.sessions[0].datastorage).toEqual([shelf.id]);
  });

  test("leaves private projects and storages out of what is included", async () => {
    const answer = await list(ALL_INCLUDES);
    const [shown] = answer.body.sessions;
    expect(shown.projects).toEqual([expect.objectContaining({ id: open.id, name: "open" })]);
    expect(shown.datastorage).toEqual([expect.objectContaining({ id: shelf.id, name: "shelf" })]);
    expect(shown.epochs).toEqual([expect.objectContaining({ id: shared.epochs[0] })]);
    expectNoSecret(answer);
  });

  test("sorts by every key without a trace of what is private", async () => {
    for (const key of vocabularyOf(session).sorts) {
      for (const sort of [key, `-${key}`]) {
        const answer = await list(`sort[]=${sort}&${ALL_INCLUDES}`);
        expect(idsOf(answer)).toHaveLength(2);
        expectNoSecret(answer);
      }
    }
  });

  test("excludes every field without letting another in", async () => {
    for (const field of vocabularyOf(session).excludes) {
      const answer = await list(`exclude[]=${field}&${ALL_INCLUDES}`);
      expect(answer.body.sessions).toHaveLength(2);
      expectNoSecret(answer);
    }
  });
});

describe("a filter in the public portal", () => {
  /** The same query about a private thing and about one that is not there at all. */
  async function expectSame(queries: (value: string) => string, secret: string, nothing: string) {
    const about = async (value: string) => {
      const { status, body } = await list(queries(encodeURIComponent(value)));
      return { status, body: { ...body, next: null, previous: null } };
    };
    const answer = await about(secret);
    expect(answer.status).toBe(200);
    expect(answer).toEqual(await about(nothing));
  }

  const OPERATORS = ["eq", "iexact", "in", "contains", "icontains", "startswith", "iendswith"];

  test.each(OPERATORS)("cannot guess a private project's or storage's name by %s", async (name) => {
    for (const path of ["projects.name", "datastorage.name"]) {
      const secret = path === "projects.name" ? closed.name : vault.name;
      await expectSame((value) => `filter{${path}.${name}}=${value}`, secret, "wombat");
      await expectSame((value) => `filter{-${path}.${name}}=${value}`, secret, "wombat");
    }
  });

  test("cannot find a private name by narrowing it down", async () => {
    for (const path of ["projects.name", "datastorage.name"]) {
      const range = (value: string) => `filter{${path}.range}=${value}&filter{${path}.range}=qzz`;
      await expectSame(range, "qu", "qv");
      await expectSame((value) => `filter{${path}.gt}=${value}`, "t", "zzz");
      await expectSame((value) => `filter{-${path}.lt}=${value}`, "p", "r");
    }
  });

  test("cannot tell a private project's or storage's id from one that does not exist", async () => {
    for (const path of ["projects", "projects.id", "datastorage", "datastorage.id"]) {
      const secret = path.startsWith("projects") ? closed.id : vault.id;
      for (const operator of ["eq", "in"]) {
        for (const sign of ["", "-"]) {
          await expectSame(
            (value) => `filter{${sign}${path}.${operator}}=${value}`,
            secret,
            crypto.randomUUID(),
          );
        }
      }
    }
  });

  test("finds by what is public", async () => {
    expect(idsOf(await list(`filter{projects}=${open.id}`))).toHaveLength(2);
    expect(idsOf(await list("filter{projects.name.icontains}=OPEN"))).toHaveLength(2);
    expect(idsOf(await list(`filter{datastorage.id}=${shelf.id}`))).toEqual([shared.id]);
    expect(idsOf(await list("filter{datastorage.name}=shelf"))).toEqual([shared.id]);
  });

  test("takes a session on private storages alone for one without any", async () => {
    const row = sessionRow({ name: "offline", projects: [open.id], dataStorages: [vault.id] });
    await writeSessions([row]);
    for (const path of ["datastorage", "datastorage.id", "datastorage.name"]) {
      expect(idsOf(await list(`filter{${path}.isnull}=true`))).toContain(row.id);
      expect(idsOf(await list(`filter{-${path}.isnull}=true`))).toEqual([shared.id]);
    }
  });

  test("finds no private session by any field", async () => {
    const values: Readonly<Record<string, string>> = {
      id: hidden.id,
      name: hidden.name,
      description: SECRET,
      epochs: hidden.epochs[0] ?? "",
      projects: closed.id,
      "projects.name": closed.name,
      date_time: "1999-09-09T09:09:09",
      datastorage: vault.id,
      "datastorage.name": vault.name,
      dataacquisition: hidden.dataAcquisitions[0] ?? "",
      behaviors: hidden.behaviors[0] ?? "",
      manipulations: hidden.manipulations[0] ?? "",
      subjects: animal.id,
      "subjects.name": animal.name,
      collections: choice.id,
      "collections.name": choice.name,
      name_used_in_storage: SECRET,
      tags: SECRET,
      "extra_fields.<key>": SECRET,
      created_date: "1999-09-09T09:09:09",
      updated_date: "1999-09-09T09:09:09",
    };
    for (const path of vocabularyOf(session).filters) {
      const value = values[path.replace(".id", "")];
      if (value === undefined) throw new Error(`no value for ${path}: say how it could be guessed`);
      const filter = `filter{${path.replace("<key>", "note")}}=${encodeURIComponent(value)}`;
      const { status, body } = await list(filter);
      expect(status).toBe(200);
      expect(body).toMatchObject({ sessions: [], count: 0 });
      const own = await owner.client.get(`/api/private/stem/session/?${filter}`);
      expect(own.body.count).toBeGreaterThan(0);
    }
  });

  test("cannot ask for more than the private portal can", async () => {
    for (const path of ["projects.users", "projects.is_public", "datastorage.location", "owner"]) {
      expect((await list(`filter{${path}}=x`)).status).toBe(400);
    }
  });
});

describe("GET /api/public/stem/session/{id}/", () => {
  const detail = (id: string, query = "") =>
    visitor.get(`/api/public/stem/session/${id}/?${query}`);

  test("shows a session of a public project as its list does", async () => {
    const answer = await detail(shared.id, ALL_INCLUDES);
    expect(answer.status).toBe(200);
    expect(answer.body.session).toEqual(
      (await list(`${ALL_INCLUDES}&filter{id}=${shared.id}`)).body.sessions[0],
    );
    expectNoSecret(answer);
  });

  test("of a private session is like that of one that does not exist", async () => {
    // No two answers take the same time, or have the same id.
    const bare = ({ status, body, headers }: Answer) => ({
      status,
      body,
      headers: [...headers]
        .filter(([name]) => name !== "x-request-id")
        .map(([name, value]) => [name, value.replace(/dur=\d+/g, "dur=0")]),
    });
    for (const query of ["", ALL_INCLUDES, "exclude[]=name", "include[]=nothing"]) {
      const answer = await detail(hidden.id, query);
      expect(answer.status).toBe(404);
      expect(answer.body).toEqual({ detail: "Not found." });
      expect(bare(answer)).toEqual(bare(await detail(crypto.randomUUID(), query)));
    }
  });
});

describe("the public portal", () => {
  test("does not look at tokens", async () => {
    for (const headers of [
      { Authorization: `Bearer ${owner.client.token}` },
      { Authorization: "Bearer nonsense" },
      { Authorization: "Basic abc" },
    ]) {
      const answer = await visitor.send("GET", "/api/public/stem/session/", undefined, headers);
      expect(answer.body).toEqual((await list()).body);
      const { status } = await visitor.send(
        "GET",
        `/api/public/stem/session/${hidden.id}/`,
        undefined,
        headers,
      );
      expect(status).toBe(404);
    }
  });

  test.each(["POST", "PUT", "PATCH", "DELETE"])(
    "offers no %s, not even to an owner",
    async (method) => {
      for (const path of ["", `${shared.id}/`, `${hidden.id}/`]) {
        const { status, headers } = await owner.client.send(
          method,
          `/api/public/stem/session/${path}`,
          method === "DELETE" ? undefined : { name: "taken" },
        );
        expect(status).toBe(405);
        expect(headers.get("Allow")).toBe("GET, HEAD, OPTIONS");
      }
      expect((await list("filter{name}=shared")).body.count).toBe(1);
    },
  );

  test("closes behind a project that is public no more", async () => {
    const project = await buildProject({ isPublic: true });
    const row = sessionRow({ projects: [project.id] });
    await writeSessions([row]);
    expect((await list(`filter{id}=${row.id}`)).body.count).toBe(1);
    await env.DB.prepare("UPDATE projects SET is_public = 0 WHERE id = ?").bind(project.id).run();
    expect((await list(`filter{id}=${row.id}`)).body.count).toBe(0);
    expect((await visitor.get(`/api/public/stem/session/${row.id}/`)).status).toBe(404);
  });
});
