import * as z from "zod/mini";
import { describedBy } from "../../record/described-by.ts";
import type { InputDeclaration, InputOf } from "../../record/input.ts";
import {
  choice,
  expected,
  extraFields,
  instantOrNull,
  listOf,
  listOfOne,
  nameText,
  someUuids,
  tags,
  text,
  uuids,
} from "../../record/values.ts";

/** Where a public copy of a session's data can lie. */
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

/** An absolute address; white space would be dropped in silence by a URL parser, so it is refused. */
const url = text().check(
  z.refine((address) => SCHEME.test(address), {
    error: "the address must start with http://, https:// or ftp://.",
    abort: true,
  }),
  z.refine(
    (address) => !/[\s\p{Cc}]/u.test(address) && HOST.test(address) && URL.canParse(address),
    {
      error: "Enter a valid URL.",
    },
  ),
  z.meta({ format: "uri" }),
);

const link = z.strictObject(
  { repository: choice(REPOSITORIES), url },
  { error: expected("Expected an object with repository and url") },
);

const links = listOf(link);

const downloadLinks = describedBy(z.pipe(listOfOne, links), links);

const writable = {
  name: nameText(100),
  description: z._default(text(), ""),
  projects: someUuids,
  date_time: z._default(instantOrNull, null),
  datastorage: z._default(uuids, []),
  extra_fields: z._default(extraFields, {}),
  download_links: z._default(downloadLinks, []),
  tags: z._default(tags, []),
};

/** What a client writes of a session, and what it may send back as it was read. */
export const sessionInput = {
  shape: writable,
  readOnly: [
    "id",
    "epochs",
    "dataacquisition",
    "behaviors",
    "manipulations",
    "name_used_in_storage",
    "links",
  ],
} as const satisfies InputDeclaration;

export type SessionInput = InputOf<typeof sessionInput>;
