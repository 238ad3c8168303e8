import { describe, expect, test } from "vitest";
import { parseOrcid } from "../../../src/values/orcid.ts";

describe("an ORCID iD", () => {
  test.each([
    "0000-0002-1825-0097",
    "https://orcid.org/0000-0002-1825-0097",
    "http://orcid.org/0000-0002-1825-0097",
    "https://www.orcid.org/0000-0002-1825-0097/",
    "orcid.org/0000-0002-1825-0097",
    " 0000-0002-1825-0097 ",
  ])("is read from %j", (written) => {
    expect(parseOrcid(written)).toBe("0000-0002-1825-0097");
  });

  test.each(["0000-0002-1694-233X", "0000-0002-1694-233x"])("may end with X: %s", (written) => {
    expect(parseOrcid(written)).toBe("0000-0002-1694-233X");
  });

  test.each([
    "",
    "0000-0002-1825-0098",
    "0000-0002-1852-0097",
    "000000021825 0097",
    "0000000218250097",
    "0000-0002-1825-009",
    "0000-0002-1825-00977",
    "https://orcid.example/0000-0002-1825-0097",
    "https://orcid.org.other.example/0000-0002-1825-0097",
    "https://orcid.org/0000-0002-1825-0097/works",
    "x0000-0002-1825-0097",
    "٠٠٠٠-0002-1825-0097",
  ])("is not read from %j", (written) => {
    expect(parseOrcid(written)).toBeUndefined();
  });
});
