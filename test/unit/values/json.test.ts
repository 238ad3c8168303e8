import { describe, expect, test } from "vitest";
import { InexactNumber, isJsonObject, parseJson, writeJson } from "../../../src/values/json.ts";

describe("parseJson", () => {
  test.each([
    ["0", 0],
    ["-0", -0],
    ["9007199254740991", 9007199254740991],
    ["-9007199254740991", -9007199254740991],
    ["0.1", 0.1],
    ["1e20", 1e20],
    ["5e-324", 5e-324],
    ["1.7976931348623157e308", Number.MAX_VALUE],
    ["0.10000000000000001", 0.1],
    ["1e23", 1e23],
    ["-0", -0],
  ])("reads the number %s", (text, number) => {
    expect(parseJson(text)).toBe(number);
  });

  test.each(["9007199254740992", "9007199254740993", "-9007199254740992", `1${"0".repeat(400)}`])(
    "keeps the integer %s as it was written instead of rounding it",
    (source) => {
      expect(parseJson(source)).toEqual(new InexactNumber(source));
      expect(parseJson(`[{"a": ${source}}]`)).toEqual([{ a: new InexactNumber(source) }]);
    },
  );

  test.each([
    "12345678901234567.5",
    "9007199254740993.0",
    "9007199254740993e0",
    "0.90071992547409930e16",
    "1e-400",
    `0.${"1".repeat(200)}`,
  ])("keeps %s as it was written, because no double holds it", (source) => {
    expect(parseJson(source)).toEqual(new InexactNumber(source));
  });

  test.each(["", "{", "{'a': 1}", "[1,]", "NaN", "Infinity", "01", "+1", "nul", "1 2", '"\n"'])(
    "refuses %j",
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    },
  );

  // To look at these zeros once for each of them would take a minute.
  test("reads a number with many zeros in it in a time that grows with its length", () => {
    const zeros = "0".repeat(250_000);
    expect(parseJson(`1.${zeros}1`)).toEqual(new InexactNumber(`1.${zeros}1`));
    expect(parseJson(`1.${zeros}`)).toBe(1);
  });

  test("refuses a text that is nested too deeply", () => {
    expect(() => parseJson("[".repeat(100_000) + "]".repeat(100_000))).toThrow(RangeError);
  });

  test("takes __proto__ for a key like any other", () => {
    const value = parseJson('{"__proto__": {"polluted": true}}');
    expect(Object.keys(value as object)).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("writeJson", () => {
  test.each([
    [9007199254740991, "9007199254740991"],
    [-5, "-5"],
    [0.1, "0.1"],
    [-0, "-0"],
    [1e21, "1e+21"],
    [9007199254740992, "9.007199254740992e+15"],
    [1e20, "1e+20"],
    [-123456789012345680, "-1.2345678901234568e+17"],
  ])("writes %d as %s", (number, text) => {
    expect(writeJson(number)).toBe(text);
    expect(writeJson([{ a: number }])).toBe(`[{"a":${text}}]`);
  });

  test.each([2 ** 53, 2 ** 60, 1e16, 1e20, -1e17, 123456789012345680, Number.MAX_VALUE])(
    "writes %d so that it reads back as the same number",
    (number) => {
      expect(parseJson(writeJson(number))).toBe(number);
    },
  );

  test("writes all else as JSON.stringify does", () => {
    const value = { a: [1, 'ß\n"', null, true], b: { c: {} } };
    expect(writeJson(value)).toBe(JSON.stringify(value));
  });
});

describe("isJsonObject", () => {
  test.each([[{}], [{ a: 1 }]])("holds for %j", (value) => {
    expect(isJsonObject(value)).toBe(true);
  });

  test.each([[null], [[]], ["{}"], [1], [undefined], [new InexactNumber("1")]])(
    "does not hold for %j",
    (value) => {
      expect(isJsonObject(value)).toBe(false);
    },
  );
});
