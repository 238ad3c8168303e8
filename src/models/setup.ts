import { sql } from "drizzle-orm";
import * as z from "zod/mini";
import { type AuditDraft, deletionOf } from "../audit/entries.ts";
import { equipment as equipmentTable, setups, setupTags } from "../db/schema/setups.ts";
import { defineModel } from "../model/define.ts";
import { objectOrListDetails } from "../model/details.ts";
import * as field from "../model/fields.ts";
import { tags } from "../model/relations.ts";
import {
  groupsWithAccess,
  publicFlag,
  sharedWithMembers,
  usersWithAccess,
} from "../model/shared-with-members.ts";
import { equipment } from "./equipment.ts";

/** A setup: a rig, a maze or another apparatus in a place, with its equipment. */
export const setup = defineModel({
  name: "setup",
  plural: "setups",
  help: "A rig, a maze or another apparatus in a place, where experiments are done.",
  path: "/personal_attributes/setup",
  table: setups,
  access: sharedWithMembers("setup"),
  order: [setups.name, setups.id],
  search: { fields: ["name", "tags", "location", "description"] },
  fields: {
    id: field.id(setups.id),
    name: field.name(setups.name, setups.nameFolded, {
      max: 50,
      help: "What the setup is called, such as Linear track, room 205.",
    }),
    location: field.text(setups.location, setups.locationFolded, {
      max: 100,
      help: "Where the setup is, such as a building and a room.",
    }),
    description: field.text(setups.description, setups.descriptionFolded, {
      max: 500,
      help: "What the setup is for, and what it is made of.",
    }),
    setup_type: field.outsideId(setups.setupType, {
      help: "The BrainSTEM id of the type of setup, such as an open field arena.",
    }),
    specifications: field.json(setups.specifications, z._default(objectOrListDetails, []), {
      shown: { type: ["object", "array"] },
      help: "The measures of the setup as a JSON object or list, such as Length and 100 cm.",
    }),
    is_public: publicFlag("setup", {
      label: "Public",
      help: "Whether anyone may see the setup without a token; only an owner changes it.",
    }),
    image: field.readOnlyTerm(setups.image, {
      help: "The address of a picture that BrainSTEM has; null when there is none.",
    }),
    tags: tags({ table: setupTags, recordId: setupTags.recordId, id: setups.id }),
    users: usersWithAccess("setup"),
    authenticated_groups: groupsWithAccess("setup"),
    created_date: field.createdDate(setups.createdDate),
    updated_date: field.updatedDate(setups.updatedDate),
  },
  removal: {
    audit: (id): readonly AuditDraft[] => [
      deletionOf(equipment, sql`${equipmentTable.setupId} = ${id}`),
    ],
  },
});
