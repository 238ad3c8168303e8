import { describe, expect, test } from "vitest";
import { readReturnAddress } from "../../../src/auth/return-address.ts";

const ORIGIN = "https://registry.example";

describe("the page to open after a sign-in", () => {
  test.each([
    ["/", "/"],
    ["/account/authorize/?session=1#x", "/account/authorize/?session=1#x"],
    ["/a/../b/", "/b/"],
    ["/%2F%2Fother.example/", "/%2F%2Fother.example/"],
    ["/%5Cother.example", "/%5Cother.example"],
    ["/a?next=//other.example", "/a?next=//other.example"],
  ])("is that of %s", (next, address) => {
    expect(readReturnAddress(next, ORIGIN)).toBe(address);
  });

  test.each([
    "//other.example/",
    "///other.example/",
    "/\\other.example/",
    "\\/other.example/",
    "/\t/other.example/",
    "/\n/other.example/",
    "/.//other.example/",
    "/x/..//other.example/",
    "/./\\other.example/",
    "https://other.example/",
    "https:/other.example",
    "https:other.example",
    "javascript:alert(1)",
    "data:text/html,x",
    `${ORIGIN}/`,
    " /x",
    "x",
    "",
    undefined,
    `/${"x".repeat(2_000)}`,
  ])("is none for %j", (next) => {
    const address = readReturnAddress(next, ORIGIN);
    expect(address).toBeUndefined();
  });
});
