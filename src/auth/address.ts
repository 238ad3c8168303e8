/**
 * The key of all requests without a valid address. They share one limit, so that leaving the address out does
 * not avoid the limit.
 */
const NO_ADDRESS = "unknown";

/** An IPv4-mapped IPv6 address, which a dual-stack socket reports for an IPv4 caller. */
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * The key under which the limit by address counts a request: the whole IPv4 address, or the first four groups
 * of an IPv6 address. A subscriber of IPv6 has at least a /64 and may use any address in it.
 *
 * @returns an IPv4 address, `<four groups>::/64`, or `unknown` for an absent or malformed address
 */
export function callerOfAddress(address: string | undefined): string {
  if (address === undefined || address === "") return NO_ADDRESS;
  if (!address.includes(":")) return address;
  const bare = address.replace(/%.*$/, "");
  if (!/^[0-9a-f:.]+$/i.test(bare) || !URL.canParse(`http://[${bare}]`)) return NO_ADDRESS;
  const normal = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const mapped = MAPPED.exec(normal);
  return mapped === null ? `${firstFourGroups(normal)}::/64` : dotted(mapped.slice(1));
}

/**
 * `address` has the form of a URL host: lower case, no leading zeros, and `::` in place of the longest run of
 * zeros.
 */
function firstFourGroups(address: string): string {
  const [before = "", after] = address.split("::").map((half) => half.split(":").filter(Boolean));
  const head = [...before];
  const tail = [...(after ?? [])];
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return [...head, ...zeros, ...tail].slice(0, 4).join(":");
}

function dotted(groups: readonly string[]): string {
  const bytes = groups.flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
  return bytes.join(".");
}
