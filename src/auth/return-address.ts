/**
 * The page to open after a sign-in, from the parameter `next`. Only a page of this service counts: an address
 * of another origin, in any spelling that a browser accepts, would send a person who has just signed in to a
 * stranger. An address of more than 2,000 characters fits into no cookie, and is none either.
 *
 * @param origin the origin of this service
 * @returns path, query and fragment; undefined for anything that is not a page of this service
 */
export function readReturnAddress(next: string | undefined, origin: string): string | undefined {
  if (next === undefined || next.length > 2_000) return undefined;
  if (!next.startsWith("/") || !URL.canParse(next, origin)) return undefined;
  const url = new URL(next, origin);
  if (url.origin !== origin) return undefined;
  const address = url.pathname + url.search + url.hash;
  // "/.//other.example" is a path of this origin, and would not be one when a browser reads it again.
  return address.startsWith("//") ? undefined : address;
}
