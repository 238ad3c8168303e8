import { describe, expect, test } from "vitest";
import { isAllowedAddress } from "../../../../src/auth/oidc/fetch.ts";

describe("an address that a provider names", () => {
  test.each([
    ["https://login.lab.example/token", "https://login.lab.example", true],
    ["https://oauth2.googleapis.com/token", "https://accounts.google.com", true],
    ["http://login.lab.example/token", "https://login.lab.example", false],
    ["http://127.0.0.1:9000/token", "https://login.lab.example", false],
    ["http://127.0.0.1:9000/token", "http://127.0.0.1:9000", true],
    ["http://localhost:9000/token", "http://127.0.0.1:9000", true],
    ["http://login.lab.example/token", "http://127.0.0.1:9000", false],
    ["ftp://login.lab.example/token", "https://login.lab.example", false],
    ["javascript:alert(1)", "https://login.lab.example", false],
    ["data:text/html,x", "https://login.lab.example", false],
    ["/token", "https://login.lab.example", false],
    ["", "https://login.lab.example", false],
  ])("%s is used by %s: %j", (address, issuer, isUsed) => {
    expect(isAllowedAddress(address, issuer)).toBe(isUsed);
  });
});
