import { behaviors, epochBehaviors } from "../db/schema/modules.ts";
import { sessionProjects } from "../db/schema/sessions.ts";
import { defineModel } from "../model/define.ts";
import * as field from "../model/fields.ts";
import { datesInSession, placeInSession, throughSession } from "../model/in-session.ts";
import { sessionReference } from "../model/relations.ts";

/**
 * A behavior: what the subjects did in a session. The records of subjects, setups and assays are outside this
 * service.
 */
export const behavior = defineModel({
  name: "behavior",
  plural: "behaviors",
  help: "What the subjects did in a session: which task or free behavior, and on which setup.",
  path: "/modules/behavior",
  table: behaviors,
  access: throughSession(behaviors, sessionProjects.behaviorCount, epochBehaviors.behaviorId),
  order: [behaviors.sessionId, ...placeInSession(behaviors)],
  fields: {
    id: field.id(behaviors.id),
    session: sessionReference(behaviors),
    subjects: field.someOutsideIds(behaviors.subjects, {
      help: "The BrainSTEM ids of the animals or people that took part; at least one.",
    }),
    setup: field.outsideId(behaviors.setup, {
      help: "The BrainSTEM id of the setup, such as a maze or a head-fixed rig.",
    }),
    behavioralassay: field.outsideId(behaviors.behavioralassay, {
      label: "Behavioral assay",
      help: "The BrainSTEM id of the task or test that the subjects did, such as an alternation task.",
    }),
    notes: field.text(behaviors.notes, behaviors.notesFolded, {
      max: 500,
      help: "Anything a reader should know of the behavior, such as water restriction or a failed trial.",
    }),
    order: field.place(behaviors.position),
    ...datesInSession(behaviors),
  },
});
