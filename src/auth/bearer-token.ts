const BEARER = /^Bearer +([^\s]+) *$/i;

/** The token in an `Authorization` header, undefined for none and for a header that is not understood. */
export function readBearerToken(header: string | undefined): string | undefined {
  return BEARER.exec(header ?? "")?.[1];
}
