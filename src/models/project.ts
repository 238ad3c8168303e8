import { is, type SQL, sql } from "drizzle-orm";
import { alias, SQLiteColumn } from "drizzle-orm/sqlite-core";
import { type AuditDraft, deletionOf, fieldChange } from "../audit/entries.ts";
import { levelOn } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import { bareName, columnNames } from "../db/names.ts";
import { cohorts } from "../db/schema/cohorts.ts";
import { collections } from "../db/schema/collections.ts";
import { projects, projectTags } from "../db/schema/projects.ts";
import { projectSets, sessionProjects, sessions } from "../db/schema/sessions.ts";
import { subjects } from "../db/schema/subjects.ts";
import { defineModel } from "../model/define.ts";
import type { Field } from "../model/field.ts";
import * as field from "../model/fields.ts";
import { type Precondition, type RecordTable, targetIsVisible } from "../model/precondition.ts";
import type { InProjectSet } from "../model/project-set.ts";
import { type Related, tags } from "../model/relations.ts";
import {
  groupsWithAccess,
  publicFlag,
  sharedWithMembers,
  usersWithAccess,
} from "../model/shared-with-members.ts";
import { IDS_SCHEMA, jsonList, jsonValues } from "../query/field.ts";
import type { Target } from "../query/operators.ts";
import type { Filter, ReadModel } from "../query/read-model.ts";
import { LEVEL_FOR } from "../values/permission.ts";
import { cohort } from "./cohort.ts";
import { collection } from "./collection.ts";
import { session } from "./session/session.ts";
import { subject } from "./subject.ts";

/**
 * The longest list of sessions, subjects, collections or cohorts in a project. A project with more has no such key,
 * and clients read the records page by page (see `links`, and the filters of the other models).
 */
const MAX_LISTED = 2000;

const listed = sql.raw(String(MAX_LISTED));

/** What a project has many of. */
interface Many {
  /** The name of the records in a sentence. */
  readonly what: string;
  /** How a client pages through them when there are too many. */
  readonly instead: string;
  readonly model: () => ReadModel;
  readonly id: SQLiteColumn;
  readonly name: Target & { readonly column: SQLiteColumn };
  /** The rows of one project: what follows FROM. */
  readonly ofProject: SQL;
  /** The ids of the projects that have a row which passes a test. */
  readonly projectsWith: (test: SQL) => SQL;
  /** How many there are: a counter of the project, or SQL that counts them from other counters. */
  readonly count: SQLiteColumn | SQL;
  /** How many rows they read as whole objects, as counters tell beforehand. */
  readonly cost: SQL;
}

/** The sessions or the subjects: each belongs to the project through its project set. */
const inSets = (
  table: InProjectSet & Readonly<Record<"name" | "nameFolded", SQLiteColumn>>,
): Pick<Many, "id" | "name" | "ofProject" | "projectsWith"> => ({
  id: table.id,
  name: { column: table.name, folded: table.nameFolded },
  ofProject: sql`${sessionProjects} JOIN ${table} ON ${table.projectSetId} = ${sessionProjects.projectSetId}
    WHERE ${sessionProjects.projectId} = ${projects.id}`,
  projectsWith: (test) => sql`SELECT ${sessionProjects.projectId} FROM ${table}
    CROSS JOIN ${sessionProjects} ON ${sessionProjects.projectSetId} = ${table.projectSetId}
    WHERE ${test}`,
});

/**
 * How many sessions a project has, counted no further than needed. A set of projects has a session or a subject, and
 * few have subjects alone, so that few sets are read, and no session.
 */
const sessionCount = sql`(SELECT coalesce(sum(session_count), 0) FROM (
  SELECT ${sessionProjects.sessionCount} AS session_count ${someSets()}))`;

function someSets(): SQL {
  return sql`FROM ${sessionProjects} WHERE ${sessionProjects.projectId} = ${projects.id}
    AND ${sessionProjects.sessionCount} > 0 LIMIT ${listed} + 1`;
}

/** What a whole session in a project reads at most, beside its records and associations, and each of those. */
const READ_FOR_SESSION = 14;
const READ_FOR_RECORD = 2;

/** How many rows the whole sessions of a project read: none when the list is too long and left out. */
const costOfSessions = sql`(SELECT CASE WHEN sum(session_count) <= ${listed} THEN
      sum(session_count) * ${sql.raw(String(READ_FOR_SESSION))}
      + sum(record_count) * ${sql.raw(String(READ_FOR_RECORD))} ELSE 0 END
    FROM (SELECT ${sessionProjects.sessionCount} AS session_count,
      ${sessionProjects.sessionDataStorageCount} + ${sessionProjects.epochCount}
      + ${sessionProjects.dataAcquisitionCount} + ${sessionProjects.behaviorCount}
      + ${sessionProjects.manipulationCount} AS record_count ${someSets()}))`;

/** As `costOfSessions`, for what a project counts itself; `each` is what one object reads. */
const costOf = (count: SQLiteColumn, each: number) =>
  sql`CASE WHEN ${count} <= ${listed} THEN ${count} * ${sql.raw(String(each))} ELSE 0 END`;

/** The collections or the cohorts: each belongs to one project. */
const inProject = (
  table: RecordTable & Readonly<Record<"name" | "nameFolded" | "projectId", SQLiteColumn>>,
): Pick<Many, "id" | "name" | "ofProject" | "projectsWith"> => ({
  id: table.id,
  name: { column: table.name, folded: table.nameFolded },
  ofProject: sql`${table} WHERE ${table.projectId} = ${projects.id}`,
  projectsWith: (test) => sql`SELECT ${table.projectId} FROM ${table} WHERE ${test}`,
});

/** All records of one model in a project, by name. A caller who sees a project sees all of them. */
function manyOf({
  what,
  instead,
  model,
  id,
  name,
  ofProject,
  projectsWith,
  count,
  cost,
}: Many): Field {
  // With none, the sets of the project need not be looked through.
  const isNone = is(count, SQLiteColumn) ? sql`${count} = 0` : sql`0`;
  const ifFew = (list: SQL) =>
    sql`CASE WHEN ${isNone} THEN '[]' WHEN ${count} <= ${listed} THEN ${list} END`;
  const on = (type: Filter["type"], target: Target): Filter => ({
    type,
    related: true,
    isHeavy: true,
    where: (test) => sql`EXISTS (SELECT 1 FROM ${ofProject} AND ${test(target)})`,
    candidates: (test) => projectsWith(test(target)),
  });
  const onId = on("id", { column: id });
  return {
    help: `All ${what} of the project, by name; no such key when there are more than ${MAX_LISTED}: ${instead}.`,
    input: "read-only",
    schema: IDS_SCHEMA,
    json: () => ifFew(jsonValues(id, name.column, ofProject)),
    isOptional: true,
    filters: { "": onId, id: onId, name: on("text", name) },
    include: { model, list: (each) => ifFew(jsonList(each, name.column, ofProject)), cost },
    omittedWhenIncluded: true,
    hasOwnHistory: true,
  };
}

const nothing: Filter = { type: "id", related: true, where: () => sql`0` };

/**
 * Records of models that this service does not store. The list is always empty, and clients still ask for it.
 */
const recordsElsewhere: Field = {
  help: "Always an empty list: BrainSTEM has these records, and this service does not.",
  input: "read-only",
  schema: IDS_SCHEMA,
  json: () => sql`'[]'`,
  filters: { "": nothing, id: nothing },
  include: "none",
};

/** A project: sessions belong to projects, and permissions are given on projects. */
export const project = defineModel({
  name: "project",
  plural: "projects",
  help: "Sessions that belong together, with the users and groups who may read or change them.",
  path: "/stem/project",
  table: projects,
  access: sharedWithMembers("project"),
  order: [projects.name],
  search: { fields: ["name", "tags", "description"] },
  fields: {
    id: field.id(projects.id),
    name: field.uniqueName(projects.name, projects.nameFolded, {
      max: 200,
      title: "project",
      help: "A name that no other project has, such as Hippocampal replay 2026.",
    }),
    description: field.text(projects.description, projects.descriptionFolded, {
      max: 100_000,
      help: "What the project asks, how, and who takes part.",
    }),
    sessions: manyOf({
      ...inSets(sessions),
      count: sessionCount,
      cost: costOfSessions,
      what: "sessions",
      instead: "`links` says where to page through them",
      model: (): Related => session,
    }),
    subjects: manyOf({
      ...inSets(subjects),
      count: projects.subjectCount,
      cost: costOf(projects.subjectCount, 30),
      what: "subjects",
      instead: "the list of subjects takes filter{projects}",
      model: (): Related => subject,
    }),
    publications: recordsElsewhere,
    collections: manyOf({
      ...inProject(collections),
      count: projects.collectionCount,
      cost: costOf(projects.collectionCount, 10),
      what: "collections",
      instead: "the list of collections takes filter{project}",
      model: (): Related => collection,
    }),
    cohorts: manyOf({
      ...inProject(cohorts),
      count: projects.cohortCount,
      cost: costOf(projects.cohortCount, 10),
      what: "cohorts",
      instead: "the list of cohorts takes filter{project}",
      model: (): Related => cohort,
    }),
    extra_fields: field.extraFields(projects.extraFields),
    is_public: publicFlag("project", {
      label: "Public",
      help: "Whether anyone may read the project and its sessions without a token; only an owner changes it.",
    }),
    tags: tags({ table: projectTags, recordId: projectTags.projectId, id: projects.id }),
    users: usersWithAccess("project"),
    groups: groupsWithAccess("project"),
    links: field.links({ sessions: "sessions/" }, "project"),
    created_date: field.createdDate(projects.createdDate),
    updated_date: field.updatedDate(projects.updatedDate),
  },
  preconditions: {
    remove: (id): readonly Precondition[] => IN_SETS.map((each) => nothingIsLeftAlone(each, id)),
  },
  removal: {
    statements: (id, now): readonly SQL[] => [
      ensureSetsWithout(id),
      ...IN_SETS.map(({ table }) => moveFrom(table, id, now)),
    ],
    audit: (id): readonly AuditDraft[] => [
      ...IN_SETS.map(({ model, table }) => lossOfProject(model(), table, id)),
      deletionOf(collection, sql`${collections.projectId} = ${id}`),
      deletionOf(cohort, sql`${cohorts.projectId} = ${id}`),
    ],
  },
  subLists: [
    {
      path: "/:id/sessions",
      summary: "List the sessions of a project",
      portals: ["private", "public"],
      model: (): Related => session,
      filter: (id) => ({ path: "projects", operator: "eq", negated: false, values: [id] }),
      precondition: targetIsVisible,
    },
  ],
});

/** What is in a project through a project set. */
const IN_SETS = [
  { name: "sessions", table: sessions, count: projectSets.sessionCount, model: () => session },
  { name: "subjects", table: subjects, count: projectSets.subjectCount, model: () => subject },
] as const;

/**
 * Every session and every subject of the project is also in another project. Only owners see this violation: other
 * callers may not delete the project anyway.
 */
function nothingIsLeftAlone({ name, count }: (typeof IN_SETS)[number], id: string): Precondition {
  const alone = sql`SELECT sum(${count}) AS count FROM ${sessionProjects}
    JOIN ${projectSets} ON ${projectSets.id} = ${sessionProjects.projectSetId}
    WHERE ${sessionProjects.projectId} = ${id} AND json_array_length(${projectSets.projectIds}) = 1`;
  const what = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return (caller) => sql`SELECT json_object('kind', 'conflict', 'field', ${name}, 'message',
      ${what} || ' of this project that are in no other project: ' || count
      || '. Delete them or put them in another project first.') AS violation
    FROM (${alone}) WHERE count > 0
    AND ${levelOn(caller, "project", sql`${id}`)} >= ${LEVEL_FOR.own}`;
}

const affected = alias(projectSets, "affected");

/** The ids of the project sets that contain a project: the right side of an `IN`. */
const setsWith = (id: string) =>
  sql`(SELECT ${sessionProjects.projectSetId} FROM ${sessionProjects}
    WHERE ${sessionProjects.projectId} = ${id})`;

/** The project ids of a set without one of them, as a JSON list. */
const listWithout = (id: string, projectSetId: Expression) =>
  sql`(SELECT json_group_array(${sessionProjects.projectId} ORDER BY ${sessionProjects.position})
    FROM ${sessionProjects} WHERE ${sessionProjects.projectSetId} = ${projectSetId}
    AND ${sessionProjects.projectId} <> ${id})`;

/** Inserts the sets of a project without it. */
function ensureSetsWithout(id: string): SQL {
  return sql`INSERT INTO ${projectSets} (${columnNames([projectSets.projectIds])})
    SELECT ${listWithout(id, affected.id)} FROM ${projectSets} AS affected
    WHERE ${affected.id} IN ${setsWith(id)} ON CONFLICT DO NOTHING`;
}

type Moved = (typeof IN_SETS)[number]["table"];

/**
 * Moves the sessions or the subjects of a project to the same list of projects without it. A trigger deletes a
 * project set with the last record in it, so that afterwards nothing refers to the project.
 */
function moveFrom(table: Moved, id: string, now: string): SQL {
  return sql`UPDATE ${table} SET ${bareName(table.updatedDate)} = ${now},
    ${bareName(table.projectSetId)} = (SELECT ${projectSets.id}
      FROM ${projectSets} WHERE ${projectSets.projectIds} = ${listWithout(id, table.projectSetId)})
    WHERE ${table.projectSetId} IN ${setsWith(id)}`;
}

/** The audit entries for the sessions or the subjects that lose the project. */
function lossOfProject(model: ReadModel, table: Moved, id: string): AuditDraft {
  const before = sql`(SELECT ${projectSets.projectIds} FROM ${projectSets}
    WHERE ${projectSets.id} = ${table.projectSetId})`;
  return {
    action: "change",
    model,
    id: sql`(SELECT ${table.id} FROM ${table} WHERE ${table.projectSetId} IN ${setsWith(id)})`,
    changes: fieldChange("projects", before, listWithout(id, table.projectSetId)),
  };
}
