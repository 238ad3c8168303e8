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
  path: "/modules/behavior",
  table: behaviors,
  access: throughSession(behaviors, sessionProjects.behaviorCount, epochBehaviors.behaviorId),
  order: [behaviors.sessionId, ...placeInSession(behaviors)],
  fields: {
    id: field.id(behaviors.id),
    session: sessionReference(behaviors),
    subjects: field.someOutsideIds(behaviors.subjects),
    setup: field.outsideId(behaviors.setup),
    behavioralassay: field.outsideId(behaviors.behavioralassay),
    notes: field.text(behaviors.notes, behaviors.notesFolded, { max: 500 }),
    order: field.place(behaviors.position),
    ...datesInSession(behaviors),
  },
});
