import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { buildLab, buildProject, buildSession, buildUser, unique } from "../support/builders.ts";
import { buildNamed, buildRecord, OUTSIDE, RECORD_MODELS } from "../support/module-records.ts";

const REQUIRED = ["This field is required."];

/** A user who may change one session, and a client of that user. */
async function buildSessionLab() {
  const { client, user, project } = await buildLab();
  await buildNamed({ users: { member: [user] } });
  return { client, user, project, session: await buildSession({ projects: [project] }) };
}

/** A session whose project the user sees and may not change. */
async function buildReadOnlySession(user: { id: string }) {
  const project = await buildProject({ users: { member: [user] } });
  return { project, session: await buildSession({ projects: [project] }) };
}

const updatedDateOf = (session: { id: string }) =>
  env.DB.prepare("SELECT updated_date FROM sessions WHERE id = ?").bind(session.id).first();

describe.each(RECORD_MODELS.map((model) => [`/api/private${model.path}/`, model] as const))(
  "POST %s",
  (path, model) => {
    test("answers 201 with the whole record, absent fields at their defaults", async () => {
      const { client, session } = await buildSessionLab();
      const { status, body } = await client.post(path, { session: session.id, ...model.required });
      expect(status).toBe(201);
      expect(Object.keys(body)).toEqual([model.one]);
      expect(body[model.one]).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        session: session.id,
        ...model.required,
        ...model.defaults,
      });
      const read = await client.get(`${path}${body[model.one].id}/`);
      expect(read.body).toEqual(body);
    });

    test("names all missing fields at once", async () => {
      const { client } = await buildSessionLab();
      const { status, body } = await client.post(path, {});
      expect(status).toBe(400);
      const missing = ["session", ...Object.keys(model.required)];
      expect(body).toEqual(Object.fromEntries(missing.map((name) => [name, REQUIRED])));
    });

    test("names an unknown field", async () => {
      const { client, session } = await buildSessionLab();
      const written = { session: session.id, ...model.required, colour: "blue" };
      const { status, body } = await client.post(path, written);
      expect(status).toBe(400);
      expect(body).toEqual({ colour: [expect.stringContaining("Unknown field")] });
    });

    test("refuses a session that does not exist", async () => {
      const { client } = await buildSessionLab();
      const id = crypto.randomUUID();
      const { status, body } = await client.post(path, { session: id, ...model.required });
      expect(status).toBe(400);
      expect(body).toEqual({ session: [`Invalid pk "${id}" - object does not exist.`] });
    });

    test("tells nothing of a session that the caller may not see", async () => {
      const { client } = await buildSessionLab();
      const hidden = await buildSession({ projects: [await buildProject()] });
      const { status, body } = await client.post(path, { session: hidden.id, ...model.required });
      expect(status).toBe(403);
      expect(body).toEqual({
        detail:
          "You do not have permission to do this: you need change_project on a project that you cannot see.",
      });
    });

    test("asks for change_project on every project of the session", async () => {
      const { client, user, project } = await buildSessionLab();
      const readOnly = await buildProject({ users: { member: [user] } });
      const session = await buildSession({ projects: [project, readOnly] });
      const { status, body } = await client.post(path, { session: session.id, ...model.required });
      expect(status).toBe(403);
      expect(body.detail).toContain(`change_project on project ${readOnly.id}.`);
    });

    test("takes notes of 500 characters, counted as code points, and no more", async () => {
      const { client, session } = await buildSessionLab();
      const notes = "🧠".repeat(500);
      const written = { session: session.id, ...model.required, notes };
      const made = await client.post(path, written);
      expect(made.body[model.one].notes).toBe(notes);
      const { status, body } = await client.post(path, { ...written, notes: `${notes}.` });
      expect(status).toBe(400);
      expect(body).toEqual({ notes: ["Ensure this field has no more than 500 characters."] });
    });

    test.each([-1, 1.5, "1", {}, [1], true])("refuses %j as an order", async (order) => {
      const { client, session } = await buildSessionLab();
      const written = { session: session.id, ...model.required, order };
      const { status, body } = await client.post(path, written);
      expect(status).toBe(400);
      expect(Object.keys(body)).toEqual(["order"]);
    });

    test("takes the empty list for a null order, as MATLAB sends it", async () => {
      const { client, session } = await buildSessionLab();
      const written = { session: session.id, ...model.required, order: [] };
      const { status, body } = await client.post(path, written);
      expect(status).toBe(201);
      expect(body[model.one].order).toBeNull();
    });

    test("leaves the session's date of change alone", async () => {
      const { client, session } = await buildSessionLab();
      const before = await updatedDateOf(session);
      const made = await client.post(path, { session: session.id, ...model.required });
      await client.patch(`${path}${made.body[model.one].id}/`, { notes: "changed" });
      await client.delete(`${path}${made.body[model.one].id}/`);
      expect(await updatedDateOf(session)).toEqual(before);
    });
  },
);

describe.each(RECORD_MODELS.map((model) => [`/api/private${model.path}/`, model] as const))(
  "GET %s",
  (path, model) => {
    test("lists the records of a session by their order, those without one last, as they were made", async () => {
      const { client, session } = await buildSessionLab();
      const made = [
        { created_date: "2026-01-04T00:00:00" },
        { created_date: "2026-01-03T00:00:00" },
        { created_date: "2026-01-02T00:00:00" },
        { created_date: "2026-01-01T00:00:00" },
        { position: 2 },
        { position: 0 },
      ];
      const ids: string[] = [];
      for (const row of made) ids.push((await buildRecord(model, session, row)).id);
      const expected = ids.toReversed();
      const { body } = await client.get(`${path}?filter{session}=${session.id}`);
      expect(body[model.many].map(({ id }: { id: string }) => id)).toEqual(expected);
      expect(body.count).toBe(6);
      const read = await client.get(`/api/private/stem/session/${session.id}/`);
      expect(read.body.session[model.inSession]).toEqual(expected);
    });

    test("finds the records of one session by its id and by its name", async () => {
      const { client, project, session } = await buildSessionLab();
      const named = await buildSession({ projects: [project], name: unique("ÅSE") });
      await buildRecord(model, session);
      const { id } = await buildRecord(model, named);
      const queries = [
        `filter{session}=${named.id}`,
        `filter{session.id}=${named.id.toUpperCase()}`,
        `filter{session.id.in}=${named.id}`,
        `filter{session.name}=${encodeURIComponent(named.name)}`,
        `filter{session.name.istartswith}=${encodeURIComponent("åse")}&filter{session}=${named.id}`,
        `filter{-session}=${session.id}`,
      ];
      for (const query of queries) {
        const { body } = await client.get(`${path}?${query}`);
        expect(body[model.many].map((record: { id: string }) => record.id)).toEqual([id]);
        expect(body.count).toBe(1);
      }
    });

    test("finds and sorts by what the records hold", async () => {
      const { client, session } = await buildSessionLab();
      const first = await buildRecord(model, session, { position: 0 });
      await client.patch(`${path}${first.id}/`, { notes: "Ωmega" });
      const second = await buildRecord(model, session, { position: 1 });
      const ask = async (query: string) => {
        const { body } = await client.get(`${path}?${query}`);
        return body[model.many].map((record: { id: string }) => record.id);
      };
      expect(await ask(`filter{notes.icontains}=${encodeURIComponent("ΩM")}`)).toEqual([first.id]);
      expect(await ask("filter{order.gte}=1")).toEqual([second.id]);
      expect(await ask("sort[]=-order")).toEqual([second.id, first.id]);
      expect(await ask(`filter{id}=${second.id}`)).toEqual([second.id]);
      expect(await ask("filter{created_date.lt}=2020-01-01")).toEqual([]);
    });

    test("names the fields that there are when asked for another, such as a colour", async () => {
      const { client } = await buildSessionLab();
      const { status, body } = await client.get(`${path}?filter{colour}=x`);
      expect(status).toBe(400);
      expect(body.detail).toContain('unknown field "colour"');
      expect(body.detail).toContain("session.name");
    });

    test("shows whole records in their session when they are included", async () => {
      const { client, session } = await buildSessionLab();
      const { id } = await buildRecord(model, session);
      const whole = (await client.get(`${path}${id}/`)).body[model.one];
      const list = await client.get(`/api/private/stem/session/?include[]=${model.inSession}.*`);
      expect(list.body.sessions[0][model.inSession]).toEqual([whole]);
      const one = `/api/private/stem/session/${session.id}/?include[]=${model.inSession}`;
      expect((await client.get(one)).body.session[model.inSession]).toEqual([whole]);
    });
  },
);

describe.each(RECORD_MODELS.map((model) => [`/api/private${model.path}/:id/`, model] as const))(
  "PATCH and PUT %s",
  (_path, model) => {
    const addressOf = (id: string) => `/api/private${model.path}/${id}/`;

    test("PATCH changes what it names and nothing else", async () => {
      const { client, session } = await buildSessionLab();
      const { id } = await buildRecord(model, session, { position: 3 });
      const before = (await client.get(addressOf(id))).body[model.one];
      const { status, body } = await client.patch(addressOf(id), { notes: "changed" });
      expect(status).toBe(200);
      expect(body).toEqual({ [model.one]: { ...before, notes: "changed" } });
      expect((await client.get(addressOf(id))).body).toEqual(body);
    });

    test("PUT takes absent fields back to their defaults", async () => {
      const { client, session } = await buildSessionLab();
      const { id } = await buildRecord(model, session, { position: 3, notes: "n" });
      const whole = { session: session.id, ...model.required };
      const { status, body } = await client.put(addressOf(id), whole);
      expect(status).toBe(200);
      expect(body).toEqual({ [model.one]: { id, ...whole, ...model.defaults } });
    });

    test("take back what was read, whatever of it is read-only", async () => {
      const { client, session } = await buildSessionLab();
      const { id } = await buildRecord(model, session);
      const { body } = await client.get(addressOf(id));
      const sent = {
        ...body[model.one],
        id: crypto.randomUUID(),
        session: session.id.toUpperCase(),
        created_date: "2020-01-01T00:00:00Z",
        updated_date: "2020-01-01T00:00:00Z",
      };
      expect(await client.put(addressOf(id), sent)).toMatchObject({ status: 200, body });
      expect(await client.patch(addressOf(id), sent)).toMatchObject({ status: 200, body });
    });

    test("refuse another session, in which the record would lie", async () => {
      const { client, project, session } = await buildSessionLab();
      const other = await buildSession({ projects: [project] });
      const { id } = await buildRecord(model, session);
      for (const elsewhere of [other.id, crypto.randomUUID()]) {
        const patched = await client.patch(addressOf(id), { session: elsewhere });
        expect(patched.status).toBe(400);
        expect(patched.body).toEqual({ session: [expect.stringContaining("does not change")] });
        const whole = { session: elsewhere, ...model.required };
        expect((await client.put(addressOf(id), whole)).status).toBe(400);
      }
      expect((await client.get(addressOf(id))).body[model.one].session).toBe(session.id);
    });

    test("ask for change_project on every project of the session", async () => {
      const { client, user } = await buildSessionLab();
      const { project, session } = await buildReadOnlySession(user);
      const { id } = await buildRecord(model, session);
      for (const { status, body } of [
        await client.patch(addressOf(id), { notes: "changed" }),
        await client.put(addressOf(id), { session: session.id, ...model.required }),
        await client.delete(addressOf(id)),
      ]) {
        expect(status).toBe(403);
        expect(body.detail).toContain(`change_project on project ${project.id}`);
      }
    });

    test("tell nothing of a record that the caller may not see, whatever the body", async () => {
      const outsider = await buildUser();
      const { session } = await buildSessionLab();
      const { id } = await buildRecord(model, session);
      const answer = await outsider.client.patch(addressOf(id), {
        session: crypto.randomUUID(),
        order: "x",
      });
      expect(answer.status).toBe(403);
      expect(answer.body.detail).toContain("view_project (member or higher)");
      expect((await outsider.client.patch(addressOf(OUTSIDE[0]), {})).status).toBe(404);
    });
  },
);

describe.each(RECORD_MODELS.map((model) => [`/api/private${model.path}/:id/`, model] as const))(
  "DELETE %s",
  (_path, model) => {
    test("deletes the record and leaves its session", async () => {
      const { client, session } = await buildSessionLab();
      const { id } = await buildRecord(model, session);
      const address = `/api/private${model.path}/${id}/`;
      const { status, body } = await client.delete(address);
      expect(status).toBe(204);
      expect(body).toBeUndefined();
      expect((await client.get(address)).status).toBe(404);
      expect((await client.delete(address)).status).toBe(404);
      const read = await client.get(`/api/private/stem/session/${session.id}/`);
      expect(read.body.session[model.inSession]).toEqual([]);
    });

    test("happens with the session's own", async () => {
      const { client, session } = await buildSessionLab();
      const { id } = await buildRecord(model, session);
      expect((await client.delete(`/api/private/stem/session/${session.id}/`)).status).toBe(204);
      expect((await client.get(`/api/private${model.path}/${id}/`)).status).toBe(404);
    });
  },
);

describe.each(RECORD_MODELS.map((model) => [`/api/public${model.path}/`, model] as const))(
  "GET %s",
  (path, model) => {
    test("shows the records of sessions in public projects alone", async () => {
      const shown = await buildSession({ projects: [await buildProject({ isPublic: true })] });
      const kept = await buildSession({ projects: [await buildProject()] });
      const { id } = await buildRecord(model, shown);
      const secret = await buildRecord(model, kept);
      const { client } = await buildUser();
      const { body } = await client.get(
        `${path}?filter{session.in}=${shown.id}&filter{session.in}=${kept.id}`,
      );
      expect(body[model.many].map((record: { id: string }) => record.id)).toEqual([id]);
      expect((await client.get(`${path}${id}/`)).status).toBe(200);
      expect((await client.get(`${path}${secret.id}/`)).status).toBe(404);
    });
  },
);
