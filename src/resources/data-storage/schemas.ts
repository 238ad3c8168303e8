import * as z from "zod/mini";
import { once } from "../../domain/once.ts";
import { objectDetails } from "../../record/details.ts";
import type { InputDeclaration, InputOf } from "../../record/input.ts";
import {
  dataStorageGroupLevels,
  dataStorageUserLevels,
  memberChanges,
} from "../../record/membership.ts";
import { boolean, expected, listOrOne, nameText, orElse, text } from "../../record/values.ts";

const protocol = once(() =>
  z.strictObject(
    {
      protocol: nameText(200),
      path: z._default(text(1000), ""),
      is_public: z._default(boolean(), false),
    },
    { error: expected("Expected an object with protocol, path and is_public") },
  ),
);

const writable = {
  name: once(() => nameText(100)),
  location: orElse(() => text(100), ""),
  description: orElse(() => text(500), ""),
  is_public: orElse(boolean, false),
  data_organization: orElse(() => listOrOne(objectDetails()), []),
  data_protocols: orElse(() => listOrOne(protocol()), []),
  users: orElse(() => memberChanges(dataStorageUserLevels), []),
  authenticated_groups: orElse(() => memberChanges(dataStorageGroupLevels), []),
};

/** What a client writes of a data storage, and what it may send back as it was read. */
export const dataStorageInput = {
  shape: writable,
  readOnly: ["id", "links"],
} as const satisfies InputDeclaration;

export type DataStorageInput = InputOf<typeof dataStorageInput>;
