import { cohortSubjects, cohorts, cohortTags } from "../db/schema/cohorts.ts";
import { projects } from "../db/schema/projects.ts";
import { subjects } from "../db/schema/subjects.ts";
import { defineModel } from "../model/define.ts";
import * as field from "../model/fields.ts";
import { sortedWithin, throughShared } from "../model/in-shared.ts";
import { listIsOfProject } from "../model/of-one-project.ts";
import { manyToMany, type Related, reference, tags } from "../model/relations.ts";
import { DEFAULT_ORDER } from "../query/read-model.ts";
import { historyOf } from "./history-entry.ts";
import { project } from "./project.ts";
import { subject } from "./subject.ts";

const links = {
  table: cohortSubjects,
  recordId: cohortSubjects.cohortId,
  relatedId: cohortSubjects.subjectId,
  id: cohorts.id,
};

const byName = sortedWithin(cohorts.projectId, "name");

/** A cohort: a named list of subjects of one project. */
export const cohort = defineModel({
  name: "cohort",
  plural: "cohorts",
  help: "A named list of subjects of one project, such as a control group.",
  path: "/stem/cohort",
  table: cohorts,
  access: throughShared({
    name: "project",
    kind: "project",
    id: cohorts.projectId,
    count: projects.cohortCount,
    orders: { [DEFAULT_ORDER]: byName, name: byName },
  }),
  order: [cohorts.name, cohorts.id],
  search: { fields: ["name", "tags", "description"] },
  fields: {
    id: field.id(cohorts.id),
    name: field.name(cohorts.name, cohorts.nameFolded, {
      max: 100,
      help: "What the cohort is called, such as Control group A.",
    }),
    description: field.text(cohorts.description, cohorts.descriptionFolded, {
      max: 100_000,
      help: "What the subjects have in common.",
    }),
    project: reference(cohorts.projectId, {
      table: projects,
      name: { column: projects.name, folded: projects.nameFolded },
      model: (): Related => project,
      help: "The project that the cohort belongs to; it says who may read and change it.",
    }),
    subjects: manyToMany(links, (): Related => subject, {
      isCheckedByModel: true,
      max: 2_000,
      omittedWhenIncluded: true,
      readForEach: 30,
      help: "The subjects of the project that are in it, in their order.",
    }),
    tags: tags({ table: cohortTags, recordId: cohortTags.recordId, id: cohorts.id }),
    created_date: field.createdDate(cohorts.createdDate),
    updated_date: field.updatedDate(cohorts.updatedDate),
  },
  preconditions: listIsOfProject(links, "subjects", subjects),
  subLists: [historyOf("cohort")],
});
