import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { daysAfter } from "../../src/values/instant.ts";
import { buildLab, buildSession, unique } from "../support/builders.ts";
import { type Client, clientFor } from "../support/client.ts";
import { countingClient } from "../support/d1-binding.ts";

const PATH = "/api/private/stem/session/";

describe("ETag and If-Match", () => {
  test("a writer who has read the newest state may write, and gets the tag of the new one", async () => {
    const { client, project } = await buildLab();
    const { id } = await buildSession({ projects: [project] });
    const read = await client.get(`${PATH}${id}/`);
    const tag = read.headers.get("ETag") ?? "";
    expect(tag).toMatch(/^"[0-9a-f]{32}"$/);
    // As a tag looks that was weakened on its way.
    const headers = { "If-Match": `"other", W/${tag}` };
    const change = await client.send("PATCH", `${PATH}${id}/`, { description: "new" }, headers);
    expect(change.status).toBe(200);
    const again = await client.get(`${PATH}${id}/`);
    expect(again.headers.get("ETag")).toBe(change.headers.get("ETag"));
    expect(again.headers.get("ETag")).not.toBe(tag);
  });

  test.each(["PATCH", "PUT", "DELETE"])(
    "a stale %s is a 412 and changes nothing",
    async (method) => {
      const { client, project } = await buildLab();
      const { id, name } = await buildSession({ projects: [project] });
      const tag = (await client.get(`${PATH}${id}/`)).headers.get("ETag") ?? "";
      await client.patch(`${PATH}${id}/`, { description: "by another" });
      const before = await client.get(`${PATH}${id}/`);
      const body = method === "DELETE" ? undefined : { name, projects: [project.id] };
      const stale = await client.send(method, `${PATH}${id}/`, body, { "If-Match": tag });
      expect(stale.status).toBe(412);
      expect(stale.body.detail).toContain("If-Match");
      expect((await client.get(`${PATH}${id}/`)).body).toEqual(before.body);
    },
  );

  test("of many writers who have read the same state, one writes", async () => {
    const { client, project } = await buildLab();
    const { id } = await buildSession({ projects: [project] });
    const tag = (await client.get(`${PATH}${id}/`)).headers.get("ETag") ?? "";
    const headers = { "If-Match": tag };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        client.send("PATCH", `${PATH}${id}/`, { description: `writer ${n}` }, headers),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
  });

  test.each(["exclude[]=description", "only[]=name", "include[]=epochs", "include[]=projects"])(
    "an object under %s has no tag to write under",
    async (selection) => {
      const { client, project } = await buildLab();
      const { id } = await buildSession({ projects: [project] });
      const whole = await client.get(`${PATH}${id}/`);
      const part = await client.get(`${PATH}${id}/?${selection}`);
      const tag = part.headers.get("ETag") ?? "";
      expect(tag).not.toBe(whole.headers.get("ETag"));
      const headers = { "If-Match": tag };
      const change = await client.send("PATCH", `${PATH}${id}/`, { description: "new" }, headers);
      expect(change.status).toBe(412);
    },
  );

  test("a list has no tag to write under", async () => {
    const { client, project } = await buildLab();
    const { id } = await buildSession({ projects: [project] });
    const { headers } = await client.get(PATH);
    const tag = { "If-Match": headers.get("ETag") ?? "" };
    expect((await client.send("DELETE", `${PATH}${id}/`, undefined, tag)).status).toBe(412);
  });
});

describe("If-None-Match", () => {
  /** A client, and the addresses of a session's detail, selection and lists. */
  const buildAddresses = async () => {
    const { client, project } = await buildLab();
    const { id } = await buildSession({ projects: [project] });
    const addresses = [
      `${PATH}${id}/`,
      `${PATH}${id}/?only[]=name`,
      `${PATH}${id}/?include[]=projects`,
      PATH,
      `${PATH}?filter{name}=nothing`,
      `${PATH}?limit=1&exclude[]=description`,
      `/api/private/stem/project/${project.id}/sessions/`,
      "/api/private/stem/project/",
    ];
    return { client, project, id, addresses };
  };

  test("with the tag that was read is a 304 without a body, in one round trip", async () => {
    const { client, addresses } = await buildAddresses();
    const { client: counted, cost } = countingClient(client.token);
    for (const address of addresses) {
      const read = await client.get(address);
      const tag = read.headers.get("ETag") ?? "";
      expect(tag).toMatch(/^"[0-9a-f]{32}"$/);
      for (const method of ["GET", "HEAD"]) {
        cost.roundTrips = 0;
        const again = await counted.send(method, address, undefined, { "If-None-Match": tag });
        expect([again.status, again.text], address).toEqual([304, ""]);
        expect(cost.roundTrips).toBe(1);
        expect(again.headers.get("ETag")).toBe(tag);
        for (const name of ["Cache-Control", "Vary"]) {
          expect(again.headers.get(name)).toBe(read.headers.get(name));
        }
        expect(again.headers.has("Content-Type")).toBe(false);
      }
    }
  });

  test("of a HEAD is the tag of the GET", async () => {
    const { client, addresses } = await buildAddresses();
    for (const address of addresses) {
      const [get, head] = [await client.get(address), await client.send("HEAD", address)];
      expect(head.headers.get("ETag")).toBe(get.headers.get("ETag"));
    }
  });

  test("with the tag of an earlier state is a 200 with the new one", async () => {
    const { client, project, id, addresses } = await buildAddresses();
    const shown = addresses.filter((address) => !address.includes("nothing"));
    const tags = new Map<string, string>();
    for (const address of shown) {
      tags.set(address, (await client.get(address)).headers.get("ETag") ?? "");
    }
    const body = { name: unique("renamed"), description: "changed", projects: [project.id] };
    await client.put(`${PATH}${id}/`, body);
    await client.patch(`/api/private/stem/project/${project.id}/`, { name: unique("renamed") });
    for (const [address, tag] of tags) {
      const read = await client.send("GET", address, undefined, { "If-None-Match": tag });
      expect(read.status, address).toBe(200);
      expect(read.headers.get("ETag"), address).not.toBe(tag);
    }
  });

  test.each([
    ["*", 304],
    [" * ", 304],
    ["W/TAG", 304],
    ['"other", TAG', 304],
    ['W/"other",W/TAG', 304],
    ['"a, b" , TAG', 304],
    ['"other"', 200],
    ['"*"', 200],
    ["", 200],
    ["without-quotes", 200],
    ['"', 200],
    ['"'.repeat(8_000), 200],
  ])("%j is a %i", async (sent, status) => {
    const { client, addresses } = await buildAddresses();
    for (const address of addresses.slice(0, 4)) {
      const tag = (await client.get(address)).headers.get("ETag") ?? "";
      const headers = { "If-None-Match": sent.replace("TAG", tag) };
      expect((await client.send("GET", address, undefined, headers)).status).toBe(status);
    }
  });

  test("reveals nothing, and hides no error", async () => {
    const { client, id } = await buildAddresses();
    const tag = (await client.get(`${PATH}${id}/`)).headers.get("ETag") ?? "";
    const stranger = (await buildLab()).client;
    for (const known of [tag, "*"]) {
      const headers = { "If-None-Match": known };
      const send = (by: Client, path: string) => by.send("GET", path, undefined, headers);
      expect((await send(stranger, `${PATH}${id}/`)).status).toBe(403);
      expect((await send(clientFor(), `${PATH}${id}/`)).status).toBe(401);
      expect((await send(client, `${PATH}${crypto.randomUUID()}/`)).status).toBe(404);
      expect((await send(client, `${PATH}?nothing=1`)).status).toBe(400);
      expect((await send(clientFor(), `/api/public/stem/session/${id}/`)).status).toBe(404);
    }
  });

  test("is a 304 in the public portal too", async () => {
    const address = "/api/public/stem/session/";
    const tag = (await clientFor().get(address)).headers.get("ETag") ?? "";
    const read = await clientFor().send("GET", address, undefined, { "If-None-Match": tag });
    expect(read.status).toBe(304);
  });

  test("says nothing to a write", async () => {
    const { client, id } = await buildAddresses();
    const headers = { "If-None-Match": "*" };
    const change = await client.send("PATCH", `${PATH}${id}/`, { description: "new" }, headers);
    expect(change.status).toBe(200);
  });
});

describe("Idempotency-Key", () => {
  test("the same key and body again gets the first answer, and makes no second session", async () => {
    const { client, project } = await buildLab();
    const body = { name: unique("once"), projects: [project.id] };
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const first = await client.send("POST", PATH, body, headers);
    const second = await client.send("POST", PATH, body, headers);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get("ETag")).toBe(first.headers.get("ETag"));
    const list = await client.get(`${PATH}?filter{name}=${body.name}`);
    expect(list.body.count).toBe(1);
  });

  test("the same key with another body is a 422", async () => {
    const { client, project } = await buildLab();
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const body = { name: unique("one"), projects: [project.id] };
    await client.send("POST", PATH, body, headers);
    const other = await client.send("POST", PATH, { ...body, name: unique("two") }, headers);
    expect(other.status).toBe(422);
    expect(other.body.detail).toContain("Idempotency-Key");
  });

  test("a key is its user's own", async () => {
    const [one, two] = [await buildLab(), await buildLab()];
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const make = ({ client, project }: typeof one) =>
      client.send("POST", PATH, { name: unique("own"), projects: [project.id] }, headers);
    const [first, second] = [await make(one), await make(two)];
    expect(second.status).toBe(201);
    expect(second.body.session.id).not.toBe(first.body.session.id);
  });

  test("many at once under one key make one session, and none of them is a 500", async () => {
    const { client, project } = await buildLab();
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const body = { name: unique("at-once"), projects: [project.id] };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => client.send("POST", PATH, body, headers)),
    );
    for (const { status } of answers) expect([201, 409]).toContain(status);
    const made = new Set(answers.filter((a) => a.status === 201).map((a) => a.body.session.id));
    expect(made.size).toBe(1);
  });

  test("a request that failed is not kept: mended, it goes through under its key", async () => {
    const { client, project } = await buildLab();
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const name = unique("mended");
    const failed = await client.send("POST", PATH, { name, projects: [] }, headers);
    expect(failed.status).toBe(400);
    const mended = await client.send("POST", PATH, { name, projects: [project.id] }, headers);
    expect(mended.status).toBe(201);
  });

  test("a key is free again after its day", async () => {
    const { client, project } = await buildLab();
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const before = { name: unique("day"), projects: [project.id] };
    const first = await client.send("POST", PATH, before, headers);
    await env.DB.prepare("UPDATE idempotency_keys SET created_date = ? WHERE key = ?")
      .bind(daysAfter(new Date(), -1), headers["Idempotency-Key"])
      .run();
    const body = { name: unique("day"), projects: [project.id] };
    const second = await client.send("POST", PATH, body, headers);
    expect(second.status).toBe(201);
    expect(second.body.session.id).not.toBe(first.body.session.id);
    const repeated = await client.send("POST", PATH, body, headers);
    expect(repeated.body).toEqual(second.body);
  });

  test("a key that cannot be one is a 400 that says so", async () => {
    const { client, project } = await buildLab();
    const body = { name: unique("bad-key"), projects: [project.id] };
    const answer = await client.send("POST", PATH, body, { "Idempotency-Key": "a b" });
    expect(answer.status).toBe(400);
    expect(answer.body.detail).toContain("Idempotency-Key");
  });

  test("is answered again to those alone who may still read what was made", async () => {
    const { client, user, project } = await buildLab();
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const body = { name: unique("hidden"), description: "secret", projects: [project.id] };
    const first = await client.send("POST", PATH, body, headers);
    expect(first.status).toBe(201);
    await env.DB.prepare("DELETE FROM project_users WHERE project_id = ? AND user_id = ?")
      .bind(project.id, user.id)
      .run();
    const again = await client.send("POST", PATH, body, headers);
    const detail = await client.get(`${PATH}${first.body.session.id}/`);
    expect(again.status).toBe(403);
    expect(again.body).toEqual(detail.body);
  });

  test("is a 404 that says so when what was made has been deleted", async () => {
    const { client, project } = await buildLab();
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const body = { name: unique("deleted"), projects: [project.id] };
    const first = await client.send("POST", PATH, body, headers);
    await client.delete(`${PATH}${first.body.session.id}/`);
    const again = await client.send("POST", PATH, body, headers);
    expect(again.status).toBe(404);
    expect(again.body.detail).toContain("new Idempotency-Key");
    expect((await client.get(`${PATH}?filter{name}=${body.name}`)).body.count).toBe(0);
  });

  test("holds for what users and groups hold, too", async () => {
    const { client, user } = await buildLab();
    const path = "/api/private/personal_attributes/datastorage/";
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const body = { name: unique("held") };
    const first = await client.send("POST", path, body, headers);
    expect((await client.send("POST", path, body, headers)).body).toEqual(first.body);
    await env.DB.prepare("DELETE FROM data_storage_users WHERE user_id = ?").bind(user.id).run();
    expect((await client.send("POST", path, body, headers)).status).toBe(403);
  });
});
