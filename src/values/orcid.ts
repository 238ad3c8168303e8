const WRITTEN = /^(?:(?:https?:\/\/)?(?:www\.)?orcid\.org\/)?((?:\d{4}-){3}\d{3}[\dX])\/?$/i;

/**
 * Reads an ORCID iD, written with or without `https://orcid.org/`.
 *
 * @returns the iD in the form `0000-0002-1825-0097`; undefined for a text that is none, or has a wrong check
 * digit
 */
export function parseOrcid(text: string): string | undefined {
  const id = WRITTEN.exec(text.trim())?.[1]?.toUpperCase();
  return id !== undefined && id.at(-1) === checkDigit(id) ? id : undefined;
}

/** The check digit of ISO 7064 (MOD 11-2) over the first fifteen digits. */
function checkDigit(id: string): string {
  let total = 0;
  for (const digit of id.replaceAll("-", "").slice(0, 15)) total = (total + Number(digit)) * 2;
  const check = (12 - (total % 11)) % 11;
  return check === 10 ? "X" : String(check);
}
