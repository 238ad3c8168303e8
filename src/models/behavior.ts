import { behaviorSubjects, behaviors, behaviorTags, epochBehaviors } from "../db/schema/modules.ts";
import { sessionProjects } from "../db/schema/sessions.ts";
import { behavioralAssays, setups } from "../db/schema/setups.ts";
import { subjects } from "../db/schema/subjects.ts";
import { defineModel } from "../model/define.ts";
import * as field from "../model/fields.ts";
import { datesInSession, throughSession } from "../model/in-session.ts";
import { mention, mentions } from "../model/mentions.ts";
import { type Related, sessionReference, tags } from "../model/relations.ts";
import { behavioralAssay } from "./behavioral-assay.ts";
import { setup } from "./setup.ts";
import { subject } from "./subject.ts";

/** A behavior: what the subjects did in a session. */
export const behavior = defineModel({
  name: "behavior",
  plural: "behaviors",
  help: "What the subjects did in a session: which task or free behavior, and on which setup.",
  path: "/modules/behavior",
  table: behaviors,
  access: throughSession(behaviors, sessionProjects.behaviorCount, epochBehaviors.behaviorId),
  order: [behaviors.sessionId, behaviors.place],
  fields: {
    id: field.id(behaviors.id),
    session: sessionReference(behaviors),
    subjects: mentions(behaviors.subjects, behaviorSubjects, {
      isRequired: true,
      model: (): Related => subject,
      table: subjects,
      name: { column: subjects.name, folded: subjects.nameFolded },
      help: "The animals or people that took part; at least one.",
    }),
    setup: mention(behaviors.setup, {
      model: (): Related => setup,
      table: setups,
      name: { column: setups.name, folded: setups.nameFolded },
      help: "The setup, such as a maze or a head-fixed rig.",
    }),
    behavioralassay: mention(behaviors.behavioralassay, {
      model: (): Related => behavioralAssay,
      table: behavioralAssays,
      name: { column: behavioralAssays.name, folded: behavioralAssays.nameFolded },
      label: "Behavioral assay",
      help: "The task or test that the subjects did, such as an alternation task.",
    }),
    notes: field.text(behaviors.notes, behaviors.notesFolded, {
      max: 500,
      help: "Anything a reader should know of the behavior, such as water restriction or a failed trial.",
    }),
    order: field.place(behaviors.position),
    tags: tags({ table: behaviorTags, recordId: behaviorTags.recordId, id: behaviors.id }),
    ...datesInSession(behaviors),
  },
});
