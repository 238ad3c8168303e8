import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSessionFile } from "../../scripts/admin/session-file.ts";
import { session } from "../../src/models/session/session.ts";
import { FORMATS } from "../../src/pages/download-format.ts";
import { offeredColumns } from "../../src/pages/list-columns.ts";
import { directoryOfTest } from "./command.ts";

async function read(name: string, content: string | Uint8Array) {
  const path = join(await directoryOfTest(), name);
  await writeFile(path, content);
  return readSessionFile(path);
}

describe("a CSV file of sessions", () => {
  test("places each row at the line where it begins", async () => {
    const rows = await read("a.csv", 'name,description\n"a","one\ntwo"\n\nb,\n');
    expect(rows).toEqual([
      { place: "line 2", body: { name: "a", description: "one\ntwo" } },
      { place: "line 5", body: { name: "b" } },
    ]);
  });

  test("reads lists as items or JSON, objects as JSON, and anything else as text", async () => {
    const rows = await read(
      "a.csv",
      'name,tags,projects,extra_fields,download_links\n1,a; b ;,"[""x""]","{""n"": 2}",[]\n',
    );
    expect(rows[0]?.body).toEqual({
      name: "1",
      tags: ["a", "b"],
      projects: ["x"],
      extra_fields: { n: 2 },
      download_links: [],
    });
  });

  test("reads a list that was downloaded, with the ids of related records", async () => {
    const csv = FORMATS.find(({ format }) => format === "csv");
    const columns = offeredColumns(session);
    const record = {
      id: "1a827c68-19b4-4cec-8ae5-e13c8f1de900",
      name: "rat 7",
      description: "a\nb",
      epochs: [],
      projects: [{ id: "p1", name: "Maze" }, { id: "p2" }],
      date_time: null,
      datastorage: [{ id: "d1", name: "Server" }],
      extra_fields: { n: -1 },
      download_links: [],
      dataacquisition: [],
      behaviors: [],
      manipulations: [],
      name_used_in_storage: "r7",
      tags: ["a", "b;c"],
    };
    const text =
      csv?.begin(columns, "sessions") + String(csv?.write(JSON.stringify(record), columns, true));
    expect((await read("sessions.csv", text))[0]?.body).toEqual({
      id: record.id,
      name: "rat 7",
      description: "a\nb",
      projects: ["p1", "p2"],
      datastorage: ["d1"],
      extra_fields: { n: -1 },
      name_used_in_storage: "r7",
      tags: ["a", "b;c"],
    });
  });

  test("leaves a cell that is no JSON to the field's own message", async () => {
    const rows = await read("a.csv", "name,extra_fields,tags\na,{,[b\n");
    expect(rows[0]?.body).toEqual({ name: "a", extra_fields: "{", tags: "[b" });
  });

  test.each([
    ["nmae,tags\na,b\n", /unknown columns: nmae\. Columns that are read: name, /],
    ["name,name\na,b\n", /has the column name twice/],
    ["name\na,b\n", /is not CSV: /],
    ['name\n"a\n', /is not CSV: /],
  ])("is refused as a whole: %j", async (text, message) => {
    await expect(read("a.csv", text)).rejects.toThrow(message);
  });
});

describe("a JSON file of sessions", () => {
  test("may be a saved answer of the API", async () => {
    expect(await read("a.json", '{"sessions": [{"name": "a"}], "count": 1}')).toEqual([
      { place: "item 1", body: { name: "a" } },
    ]);
  });

  test.each([
    ["{", /is not JSON: /],
    ['{"name": "a"}', /is not a JSON list of sessions/],
    [Uint8Array.of(0x22, 0xff, 0x22), /is not UTF-8 text/],
  ])("is refused as a whole: %j", async (content, message) => {
    await expect(read("a.json", content)).rejects.toThrow(message);
  });
});

describe("another file", () => {
  test("is refused by its name, or because it is not there", async () => {
    await expect(read("a.txt", "")).rejects.toThrow(/neither a \.json nor a \.csv file/);
    await expect(readSessionFile("/nowhere/a.csv")).rejects.toThrow(/no such file/);
  });
});
