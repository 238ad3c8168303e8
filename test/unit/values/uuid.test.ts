import { describe, expect, test } from "vitest";
import { parseUuid } from "../../../src/values/uuid.ts";

const ID = "1a827c68-19b4-4cec-8ae5-e13c8f1de900";

describe("parseUuid", () => {
  test.each([
    [ID, ID],
    [ID.toUpperCase(), ID],
    ["1A827c68-19B4-4cec-8aE5-e13c8f1dE900", ID],
    // Any version, or none: the ids come from elsewhere.
    ["00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000"],
    ["ffffffff-ffff-ffff-ffff-ffffffffffff", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
  ])("reads %s as %s", (text, id) => {
    expect(parseUuid(text)).toBe(id);
  });

  test.each([
    "",
    "1",
    ID.slice(1),
    `${ID}0`,
    ` ${ID}`,
    `${ID}\n`,
    `{${ID}}`,
    `urn:uuid:${ID}`,
    ID.replaceAll("-", ""),
    ID.replaceAll("-", "_"),
    ID.replace("a", "g"),
    ID.replace("a", "а"),
    ID.replace("1", "１"),
    ID.replace("-", "\u2010"),
  ])("refuses %j", (text) => {
    expect(parseUuid(text)).toBeUndefined();
  });
});
