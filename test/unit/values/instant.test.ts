import { describe, expect, test } from "vitest";
import {
  daysAfter,
  parseInstant,
  parseInstantOrDay,
  toInstant,
} from "../../../src/values/instant.ts";

describe("parseInstant", () => {
  test.each([
    // The forms.
    ["2023-03-22T15:30", "2023-03-22T15:30:00"],
    ["2023-03-22T15:30Z", "2023-03-22T15:30:00"],
    ["2023-03-22T15:30:59", "2023-03-22T15:30:59"],
    ["2023-03-22T15:30:59Z", "2023-03-22T15:30:59"],
    ["2023-03-22T15:30+01:00", "2023-03-22T14:30:00"],
    ["2023-03-22T15:30:59+01", "2023-03-22T14:30:59"],
    ["2023-03-22T15:30:59+0130", "2023-03-22T14:00:59"],
    ["2023-03-22T15:30:59-01:30", "2023-03-22T17:00:59"],
    ["2023-03-22T15:30:59-00:00", "2023-03-22T15:30:59"],
    // Microseconds, where there are some.
    ["2023-03-22T15:30:59.1", "2023-03-22T15:30:59.100000"],
    ["2023-03-22T15:30:59.000001Z", "2023-03-22T15:30:59.000001"],
    ["2023-03-22T15:30:59.999999+23:59", "2023-03-21T15:31:59.999999"],
    ["2023-03-22T15:30:59.0", "2023-03-22T15:30:59"],
    ["2023-03-22T15:30:59.000000", "2023-03-22T15:30:59"],
    // Leap days.
    ["2024-02-29T00:00", "2024-02-29T00:00:00"],
    ["2000-02-29T00:00", "2000-02-29T00:00:00"],
    ["2024-02-29T23:30-01:00", "2024-03-01T00:30:00"],
    ["2023-03-01T00:30+01:00", "2023-02-28T23:30:00"],
    ["2024-03-01T00:30+01:00", "2024-02-29T23:30:00"],
    // Over the end of a year, and of the calendar's range.
    ["2023-12-31T23:59:59-00:01", "2024-01-01T00:00:59"],
    ["2024-01-01T00:00+14:00", "2023-12-31T10:00:00"],
    ["0001-01-01T00:00", "0001-01-01T00:00:00"],
    ["0001-01-01T00:00:00.000001-00:01", "0001-01-01T00:01:00.000001"],
    ["0099-12-31T23:59:59", "0099-12-31T23:59:59"],
    ["0004-02-29T12:00", "0004-02-29T12:00:00"],
    ["9999-12-31T23:59:59.999999", "9999-12-31T23:59:59.999999"],
    ["9999-12-31T23:59+00:01", "9999-12-31T23:58:00"],
  ])("reads %s as %s", (written, instant) => {
    expect(parseInstant(written)).toBe(instant);
  });

  test.each([
    ["another form", "", "now", "2023", "2023-03", "2023-03-22", "20230322T153000", "2023-W12-3"],
    ["a missing or another T", "2023-03-22 15:30", "2023-03-22t15:30", "2023-03-2215:30"],
    ["too few digits", "2023-3-22T15:30", "2023-03-22T5:30", "2023-03-22T15", "223-03-22T15:30"],
    ["too many digits", "12023-03-22T15:30", "+002023-03-22T15:30", "2023-03-22T15:30:00.1234567"],
    ["an empty fraction", "2023-03-22T15:30:00.", "2023-03-22T15:30:00.Z", "2023-03-22T15:30.5"],
    ["a comma", "2023-03-22T15:30:00,5"],
    ["space around it", " 2023-03-22T15:30", "2023-03-22T15:30 ", "2023-03-22T15:30\n"],
    ["digits of another script", "２０２３-03-22T15:30", "2023-03-22T15:3٠"],
    ["a day that does not exist", "2023-02-29T00:00", "1900-02-29T00:00", "2023-04-31T00:00"],
    ["no such month", "2023-00-10T00:00", "2023-13-10T00:00"],
    ["day zero or 32", "2023-03-00T00:00", "2023-03-32T00:00"],
    ["no such time", "2023-03-22T24:00", "2023-03-22T15:60", "2023-03-22T23:59:60"],
    ["no such offset", "2023-03-22T15:30+24:00", "2023-03-22T15:30+01:60", "2023-03-22T15:30+1"],
    ["another zone", "2023-03-22T15:30z", "2023-03-22T15:30CET", "2023-03-22T15:30ZZ"],
    ["a minus that is none", "2023-03-22T15:30\u221201:00"],
    ["the year zero", "0000-12-31T23:59", "0001-01-01T00:00+00:01", "0000-01-01T00:00-23:00"],
    ["the year 10000", "9999-12-31T23:59-00:01", "9999-12-31T23:59:59.999999-23:59"],
  ])("refuses %s: %s", (_, ...texts) => {
    for (const text of texts) expect(parseInstant(text), text).toBeUndefined();
  });

  test("what it writes, it reads back as the same", () => {
    for (const instant of ["2023-03-22T15:30:00", "0001-01-01T00:00:00.000001"]) {
      expect(parseInstant(instant)).toBe(instant);
    }
  });

  test("the order of the stored texts is the order in time", () => {
    const written = [
      ...["0001-01-01T00:00", "0999-01-01T00:00", "2023-03-22T15:30+02:00", "2023-03-22T15:30"],
      ...["2023-03-22T15:30:00.000001", "2023-03-22T15:30:00.1", "2023-03-22T15:30:01"],
      ...["2023-03-22T15:30-02:00", "9999-12-31T23:59:59.999999"],
    ];
    const stored = written.map((text) => parseInstant(text));
    expect([...stored].sort()).toEqual(stored);
  });
});

describe("parseInstantOrDay", () => {
  test("takes a bare day for its start in UTC", () => {
    expect(parseInstantOrDay("2023-03-22")).toBe("2023-03-22T00:00:00");
    expect(parseInstantOrDay("2024-02-29")).toBe("2024-02-29T00:00:00");
  });

  test("takes what parseInstant takes", () => {
    expect(parseInstantOrDay("2023-03-22T01:00+02:00")).toBe("2023-03-21T23:00:00");
  });

  test.each(["2023-02-29", "0000-01-01", "2023-3-1", "2023-03", "2023-03-22Z"])(
    "refuses %s",
    (text) => {
      expect(parseInstantOrDay(text)).toBeUndefined();
    },
  );
});

describe("toInstant and daysAfter", () => {
  test("write an instant of the clock, with microseconds where there are some", () => {
    expect(toInstant(new Date("2023-03-22T15:30:00Z"))).toBe("2023-03-22T15:30:00");
    expect(toInstant(new Date("2023-03-22T15:30:00.007Z"))).toBe("2023-03-22T15:30:00.007000");
  });

  test("count days of 24 hours", () => {
    const date = new Date("2024-02-28T12:00:00Z");
    expect(daysAfter(date, 2)).toBe("2024-03-01T12:00:00");
    expect(daysAfter(date, 365)).toBe("2025-02-27T12:00:00");
    expect(daysAfter(date, 0)).toBe("2024-02-28T12:00:00");
  });
});
