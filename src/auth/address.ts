/** For whoever shows no address: they are one caller, so that to show none is no way around a limit. */
const NO_ADDRESS = "unknown";

/** An IPv4 address as IPv6 spells it, which a dual-stack socket reports. */
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * What the limit by address counts under. A subscriber of IPv6 is given a /64 at least and may take any
 * address in it, so the first four groups are the caller; of IPv4 it is the whole address.
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

/** `address` is spelt as a URL spells it: lower-case, no leading zeros, one `::` where most zeros are. */
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
