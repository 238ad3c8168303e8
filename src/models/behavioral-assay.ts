import { behavioralAssays, behavioralAssayTags } from "../db/schema/setups.ts";
import { defineModel } from "../model/define.ts";
import * as field from "../model/fields.ts";
import { tags } from "../model/relations.ts";
import {
  groupsWithAccess,
  publicFlag,
  sharedWithMembers,
  usersWithAccess,
} from "../model/shared-with-members.ts";
import { SHARED_TITLES } from "../values/permission.ts";

/** A behavioral assay: how a lab runs a task or a test. */
export const behavioralAssay = defineModel({
  name: "behavioralassay",
  plural: "behavioralassays",
  title: SHARED_TITLES.behavioralassay,
  help: "How a lab runs a task or a test, such as alternation on a linear track.",
  path: "/personal_attributes/behavioralassay",
  table: behavioralAssays,
  access: sharedWithMembers("behavioralassay"),
  order: [behavioralAssays.name, behavioralAssays.id],
  search: { fields: ["name", "tags", "description"] },
  fields: {
    id: field.id(behavioralAssays.id),
    name: field.name(behavioralAssays.name, behavioralAssays.nameFolded, {
      max: 50,
      help: "What the assay is called, such as Alternation running.",
    }),
    description: field.text(behavioralAssays.description, behavioralAssays.descriptionFolded, {
      max: 500,
      help: "What the subjects do, and how long.",
    }),
    setup_type: field.outsideId(behavioralAssays.setupType, {
      help: "The BrainSTEM id of the type of setup that the assay needs.",
    }),
    behavioral_paradigm: field.outsideId(behavioralAssays.behavioralParadigm, {
      help: "The BrainSTEM id of the paradigm that the assay follows.",
    }),
    licenses: field.outsideIds(behavioralAssays.licenses, {
      help: "The BrainSTEM ids of the licenses that cover the assay.",
    }),
    is_public: publicFlag("behavioralassay", {
      label: "Public",
      help: "Whether anyone may see the assay without a token; only an owner changes it.",
    }),
    tags: tags({
      table: behavioralAssayTags,
      recordId: behavioralAssayTags.recordId,
      id: behavioralAssays.id,
    }),
    users: usersWithAccess("behavioralassay"),
    authenticated_groups: groupsWithAccess("behavioralassay"),
    created_date: field.createdDate(behavioralAssays.createdDate),
    updated_date: field.updatedDate(behavioralAssays.updatedDate),
  },
});
