const BEARER = /^Bearer +([^\s]+) *$/i;

/** The token in an `Authorization` header; undefined when the header is absent or malformed. */
export function readBearerToken(header: string | undefined): string | undefined {
  return BEARER.exec(header ?? "")?.[1];
}
