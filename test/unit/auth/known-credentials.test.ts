import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { KnownCredentials } from "../../../src/auth/known-credentials.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the known credentials", () => {
  test("are those that came in and have not left", () => {
    const known = new KnownCredentials();
    known.add("one");
    known.add("two");
    known.delete("two");
    expect(["one", "two", "three"].map((hash) => known.has(hash))).toEqual([true, false, false]);
  });

  test("are forgotten when they have not been used for a while", () => {
    const known = new KnownCredentials();
    known.add("one");
    known.add("two");
    vi.advanceTimersByTime(400_000);
    known.add("two");
    vi.advanceTimersByTime(400_000);
    expect(["one", "two"].map((hash) => known.has(hash))).toEqual([false, true]);
  });

  test("are a thousand at most: those last used stay", () => {
    const known = new KnownCredentials();
    for (let token = 0; token < 1_000; token += 1) known.add(String(token));
    known.add("0");
    known.add("another");
    expect(["0", "1", "2", "another"].map((hash) => known.has(hash))).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });
});
