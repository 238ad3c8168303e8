import * as z from "zod/mini";
import { once } from "../../domain/once.ts";
import type { InputDeclaration, InputOf } from "../../record/input.ts";
import {
  choice,
  expected,
  extraFields,
  instantOrNull,
  listOrOne,
  nameText,
  orElse,
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
const url = () =>
  text().check(
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

const link = () =>
  z.strictObject(
    { repository: choice(REPOSITORIES), url: url() },
    { error: expected("Expected an object with repository and url") },
  );

const writable = {
  name: once(() => nameText(100)),
  description: orElse(text, ""),
  projects: someUuids,
  date_time: orElse(instantOrNull, null),
  datastorage: orElse(uuids, []),
  extra_fields: orElse(extraFields, {}),
  download_links: orElse(() => listOrOne(link()), []),
  tags: orElse(tags, []),
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
