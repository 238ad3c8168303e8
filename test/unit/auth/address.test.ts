import { describe, expect, test } from "vitest";
import { callerOfAddress } from "../../../src/auth/address.ts";

describe("the caller at an address", () => {
  test.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["::FFFF:c000:0201", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:0DB8:0001:0002:ffff::", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["2001:db8:0:0:1::", "2001:db8:0:0::/64"],
    ["2001::1:0:0:0:0", "2001:0:0:1::/64"],
    ["::1", "0:0:0:0::/64"],
    ["::", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ])("of %s is %s", (address, caller) => {
    expect(callerOfAddress(address)).toBe(caller);
  });

  test.each([undefined, "", "1:2", ":::", "[::1]", "::1]/x"])(
    "of %o is nobody's own",
    (address) => {
      expect(callerOfAddress(address)).toBe("unknown");
    },
  );
});
