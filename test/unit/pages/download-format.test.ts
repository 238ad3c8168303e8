import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { session } from "../../../src/models/session/session.ts";
import { cellText, FORMATS } from "../../../src/pages/download-format.ts";
import { offeredColumns } from "../../../src/pages/list-columns.ts";

const formatOf = (name: string) => {
  const found = FORMATS.find(({ format }) => format === name);
  if (found === undefined) throw new Error(`There is no format ${name}.`);
  return found;
};

const COLUMNS = offeredColumns(session).filter(({ name }) =>
  ["name", "description", "projects", "tags"].includes(name),
);

function fileOf(name: string, records: readonly Readonly<Record<string, unknown>>[]): string {
  const format = formatOf(name);
  const rows = records.map((record, place) =>
    format.write(JSON.stringify(record), COLUMNS, place === 0),
  );
  return format.begin(COLUMNS, session.listName) + rows.join("") + format.end;
}

describe("a cell", () => {
  test.each([
    ["=1+1", "'=1+1"],
    ["+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"],
    ["-a", "'-a"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\t=1"],
    ["\r=1", "'\r=1"],
    ["\n=1", "'\n=1"],
    ["\uFF1D1+1", "'\uFF1D1+1"],
    ["a;=1+1;b", "a;'=1+1;b"],
    ["a;@b", "a;'@b"],
    ["12;-4;+3", "12;-4;+3"],
    ["rest; -70 mV", "rest; -70 mV"],
    ["-12.5e3", "-12.5e3"],
    ["+1", "+1"],
    ["a=1", "a=1"],
    [-5, "-5"],
    [-0, "-0"],
    [0.1, "0.1"],
    [null, ""],
    [true, "true"],
    [[], ""],
    [["a", "b"], "a; b"],
    [["=a", "b"], "'=a; b"],
    [["a;b", "c"], '["a;b","c"]'],
    [["[a"], '["[a"]'],
    [[" a"], '[" a"]'],
    [{ depth: -1 }, '{"depth":-1}'],
  ])("%j is written %j", (value, text) => {
    expect(cellText(value)).toBe(text);
  });

  test("never begins as a formula does, unless it is a number", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.constantFrom(..."=+-@\t\r"), (text, first) => {
        const cell = cellText(first + text);
        expect(/^[=+\-@\t\r]/.test(cell) && Number.isNaN(Number(cell))).toBe(false);
      }),
    );
  });
});

describe.each([
  ["csv", ",", true],
  ["tsv", "\t", false],
])("a file in %s", (name, delimiter, hasMark) => {
  const read = (text: string) => parse(text, { delimiter, bom: true }) as string[][];

  test("has the names of the fields first, and the names of related records beside their ids", () => {
    const id = "1a827c68-19b4-4cec-8ae5-e13c8f1de900";
    const projects = [{ id, name: "Maze; sleep" }, { id: "2b" }];
    const record = { id: "3c", name: 'å\n"b"\t,', description: "", projects, tags: ["x"] };
    expect(read(fileOf(name, [record]))).toEqual([
      ["id", "name", "description", "projects", "projects.name", "tags"],
      ["3c", 'å\n"b"\t,', "", `${id}; 2b`, '["Maze; sleep",""]', "x"],
    ]);
  });

  test("gives back any text", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
        const records = texts.map((text) => ({ id: "1", name: text, description: "", tags: [] }));
        const rows = read(fileOf(name, records)).slice(1);
        expect(rows.map(([, text]) => text)).toEqual(texts.map(cellText));
      }),
    );
  });

  test("ends its lines as RFC 4180 says, and says that it is UTF-8 where Excel needs that", () => {
    const text = fileOf(name, [{ id: "1", name: "a", tags: [] }]);
    expect(text.startsWith("\uFEFF")).toBe(hasMark);
    expect(text.endsWith("\r\n")).toBe(true);
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });
});

test("a file in JSON has the records as the API answers them, one on a line", () => {
  const records = [{ id: "1" }, { id: "2" }];
  const text = fileOf("json", records);
  expect(JSON.parse(text)).toEqual({ sessions: records });
  expect(text.split("\n")).toHaveLength(records.length + 3);
  expect(JSON.parse(fileOf("json", []))).toEqual({ sessions: [] });
});
