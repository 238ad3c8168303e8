import * as z from "zod/mini";
import { describedBy } from "../../record/described-by.ts";
import { objectDetails } from "../../record/details.ts";
import type { InputDeclaration, InputOf } from "../../record/input.ts";
import {
  dataStorageGroupLevels,
  dataStorageUserLevels,
  memberChanges,
} from "../../record/membership.ts";
import { boolean, expected, listOf, listOfOne, nameText, text } from "../../record/values.ts";

const protocol = z.strictObject(
  {
    protocol: nameText(200),
    path: z._default(text(1000), ""),
    is_public: z._default(boolean, false),
  },
  { error: expected("Expected an object with protocol, path and is_public") },
);

/** MATLAB sends one object for a list of one. */
const listOrOne = <Item extends z.core.$ZodType>(item: Item) => {
  const list = listOf(item);
  return describedBy(z.pipe(listOfOne, list), list);
};

const writable = {
  name: nameText(100),
  location: z._default(text(100), ""),
  description: z._default(text(500), ""),
  is_public: z._default(boolean, false),
  data_organization: z._default(listOrOne(objectDetails), []),
  data_protocols: z._default(listOrOne(protocol), []),
  users: z._default(memberChanges(dataStorageUserLevels), []),
  authenticated_groups: z._default(memberChanges(dataStorageGroupLevels), []),
};

/** What a client writes of a data storage, and what it may send back as it was read. */
export const dataStorageInput = {
  shape: writable,
  readOnly: ["id", "links"],
} as const satisfies InputDeclaration;

export type DataStorageInput = InputOf<typeof dataStorageInput>;
