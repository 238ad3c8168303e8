import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import * as z from "zod/mini";
import type { WritableField } from "../../model/field.ts";
import * as field from "../../model/fields.ts";
import { choice, expected, listOrOne, text } from "../../model/schemas.ts";

/** The repositories that can contain a public copy of a session's data. */
const REPOSITORIES = [
  "CRCNS",
  "DANDI",
  "Figshare",
  "GitHub",
  "Globus",
  "Mendeley",
  "Zenodo",
  "Webshare",
  "Other",
] as const;

const SCHEME = /^(https?|ftp):\/\//i;
const HOST = /^[^:]+:\/\/[^/?#]/;

/** The bounds on the number of links and on the characters of a URL. */
const MAX = { links: 100, url: 2000 };

/** An absolute URL. White space is refused, because a URL parser would silently remove it. */
const url = text(MAX.url).check(
  z.refine((address) => SCHEME.test(address), {
    error: "the address must start with http://, https:// or ftp://.",
    abort: true,
  }),
  z.refine(
    (address) => !/[\s\p{Cc}]/u.test(address) && HOST.test(address) && URL.canParse(address),
    { error: "Enter a valid URL." },
  ),
  z.meta({ format: "uri" }),
);

const link = z.strictObject(
  { repository: choice(REPOSITORIES), url },
  { error: expected("Expected an object with repository and url") },
);

type Link = z.output<typeof link>;

const SHOWN = {
  type: "array",
  items: {
    type: "object",
    properties: { repository: { type: "string" }, url: { type: "string" } },
    required: ["repository", "url"],
  },
};

/** The links to public copies of the session's data. */
export const downloadLinks = (column: SQLiteColumn): WritableField<Link[]> => ({
  ...field.json<Link[]>(column, z._default(listOrOne(link, MAX.links), []), {
    shown: SHOWN,
    help: `Public copies of the data: a repository (${REPOSITORIES.join(", ")}) and an address each, such as https://doi.org/10.5281/zenodo.1.`,
  }),
  input: "links",
  choices: REPOSITORIES,
});
