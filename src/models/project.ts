import { type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { type AuditDraft, fieldChange } from "../audit/entries.ts";
import { levelOn } from "../db/access.ts";
import type { Expression } from "../db/expression.ts";
import { bareName, columnNames } from "../db/names.ts";
import { projects, projectTags } from "../db/schema/projects.ts";
import { projectSets, sessionProjects, sessions } from "../db/schema/sessions.ts";
import { defineModel } from "../model/define.ts";
import type { Field } from "../model/field.ts";
import * as field from "../model/fields.ts";
import { projectGroupLevels, projectUserLevels } from "../model/membership.ts";
import { type Precondition, targetIsVisible } from "../model/precondition.ts";
import { tags } from "../model/relations.ts";
import { members, publicFlag, sharedWithMembers } from "../model/shared-with-members.ts";
import { IDS_SCHEMA, jsonList, jsonValues } from "../query/field.ts";
import type { Target } from "../query/operators.ts";
import type { Filter } from "../query/read-model.ts";
import { LEVEL_FOR } from "../values/permission.ts";
import { session } from "./session/session.ts";

const ofProject = sql`${sessionProjects}
  JOIN ${sessions} ON ${sessions.projectSetId} = ${sessionProjects.projectSetId}
  WHERE ${sessionProjects.projectId} = ${projects.id}`;

/**
 * The longest list of sessions in a project. A project with more shows null, and clients read the sessions
 * page by page (see `links`).
 */
const MAX_LISTED = 2000;

/**
 * The list of a project's sessions, or null when it is too long. The counters of the project's project sets
 * give the length. Each set has at least one session, so at most `MAX_LISTED` + 1 sets are read, and no
 * session.
 */
function ifFew(list: SQL): SQL {
  return sql`CASE WHEN (SELECT coalesce(sum(session_count), 0) <= ${maxListed} FROM (
      SELECT ${sessionProjects.sessionCount} AS session_count ${someSets})) THEN ${list} END`;
}

const maxListed = sql.raw(String(MAX_LISTED));

const someSets = sql`FROM ${sessionProjects}
  WHERE ${sessionProjects.projectId} = ${projects.id} LIMIT ${maxListed} + 1`;

/** What a whole session in a project reads at most, beside its records and associations, and each of those. */
const READ_FOR_SESSION = 12;
const READ_FOR_RECORD = 2;

/** How many rows the whole sessions of a project read: none when the list is too long and left out. */
const costOfSessions = sql`(SELECT CASE WHEN sum(session_count) <= ${maxListed} THEN
      sum(session_count) * ${sql.raw(String(READ_FOR_SESSION))}
      + sum(record_count) * ${sql.raw(String(READ_FOR_RECORD))} ELSE 0 END
    FROM (SELECT ${sessionProjects.sessionCount} AS session_count,
      ${sessionProjects.sessionDataStorageCount} + ${sessionProjects.epochCount}
      + ${sessionProjects.dataAcquisitionCount} + ${sessionProjects.behaviorCount}
      + ${sessionProjects.manipulationCount} AS record_count ${someSets}))`;

/** A caller who sees a project sees all of its sessions, so the filter needs no check of access. */
function onSessions(type: Filter["type"], target: Target): Filter {
  return {
    type,
    related: true,
    isHeavy: true,
    where: (test) => sql`EXISTS (SELECT 1 FROM ${ofProject} AND ${test(target)})`,
    candidates: (test) => sql`SELECT ${sessionProjects.projectId} FROM ${sessions}
      CROSS JOIN ${sessionProjects} ON ${sessionProjects.projectSetId} = ${sessions.projectSetId}
      WHERE ${test(target)}`,
  };
}

const sessionsOfProject: Field = {
  help: `All sessions of the project, by name; no such key when there are more than ${MAX_LISTED}: \`links\` says where to page through them.`,
  input: "read-only",
  schema: IDS_SCHEMA,
  json: () => ifFew(jsonValues(sessions.id, sessions.name, ofProject)),
  isOptional: true,
  filters: {
    "": onSessions("id", { column: sessions.id }),
    id: onSessions("id", { column: sessions.id }),
    name: onSessions("text", { column: sessions.name, folded: sessions.nameFolded }),
  },
  include: {
    model: () => session,
    list: (each) => ifFew(jsonList(each, sessions.name, ofProject)),
    cost: costOfSessions,
  },
  omittedWhenIncluded: true,
  hasOwnHistory: true,
};

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

/** The paths of lists of related records, relative to the project's own address. */
const LINKS = { sessions: "sessions/" };

const links: Field = {
  help: "Addresses of the project's related records, relative to its own address.",
  input: "read-only",
  schema: {
    type: "object",
    properties: { sessions: { const: LINKS.sessions } },
    required: ["sessions"],
    additionalProperties: false,
  },
  json: () => sql.raw(`'${JSON.stringify(LINKS)}'`),
  isConstant: true,
};

/** A project: sessions belong to projects, and permissions are given on projects. */
export const project = defineModel({
  name: "project",
  plural: "projects",
  help: "Sessions that belong together, with the users and groups who may read or change them.",
  path: "/stem/project",
  table: projects,
  access: sharedWithMembers({
    owners: projectUserLevels,
    read: { projectIds: sql`json_array(${projects.id})` },
  }),
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
    sessions: sessionsOfProject,
    subjects: recordsElsewhere,
    publications: recordsElsewhere,
    collections: recordsElsewhere,
    cohorts: recordsElsewhere,
    extra_fields: field.extraFields(projects.extraFields),
    is_public: publicFlag(projects.isPublic, "project", projects.id, {
      label: "Public",
      help: "Whether anyone may read the project and its sessions without a token; only an owner changes it.",
    }),
    tags: tags({ table: projectTags, recordId: projectTags.projectId, id: projects.id }),
    users: members(projectUserLevels, {
      help: "The users with access, by email, each with can_change, is_manager and is_owner. Without a flag a user may read.",
    }),
    groups: members(projectGroupLevels, {
      help: "The groups with access, by name, each with can_change, is_manager and is_owner. Without a flag its members may read.",
    }),
    links,
    created_date: field.createdDate(projects.createdDate),
    updated_date: field.updatedDate(projects.updatedDate),
  },
  preconditions: { remove: (id) => [noSessionIsLeftAlone(id)] },
  removal: { statements: moveSessionsFrom, audit: (id) => [lossOfProject(id)] },
  subLists: [
    {
      path: "/:id/sessions",
      summary: "List the sessions of a project",
      portals: ["private", "public"],
      model: () => session,
      filter: (id) => ({ path: "projects", operator: "eq", negated: false, values: [id] }),
      precondition: targetIsVisible,
    },
  ],
});

/**
 * Every session of the project is also in another project. Only owners see this violation: other callers may
 * not delete the project anyway.
 */
function noSessionIsLeftAlone(id: string): Precondition {
  const alone = sql`SELECT sum(${projectSets.sessionCount}) AS count FROM ${sessionProjects}
    JOIN ${projectSets} ON ${projectSets.id} = ${sessionProjects.projectSetId}
    WHERE ${sessionProjects.projectId} = ${id} AND json_array_length(${projectSets.projectIds}) = 1`;
  return (caller) => sql`SELECT json_object('kind', 'conflict', 'field', 'sessions', 'message',
      'Sessions of this project that are in no other project: ' || count
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

/**
 * Moves the sessions of a project to the same list of projects without it. A trigger deletes a project set
 * with its last session, so that afterwards nothing refers to the project.
 */
function moveSessionsFrom(id: string, now: string): readonly SQL[] {
  return [
    sql`INSERT INTO ${projectSets} (${columnNames([projectSets.projectIds])})
      SELECT ${listWithout(id, affected.id)} FROM ${projectSets} AS affected
      WHERE ${affected.id} IN ${setsWith(id)} ON CONFLICT DO NOTHING`,
    sql`UPDATE ${sessions} SET ${bareName(sessions.updatedDate)} = ${now},
      ${bareName(sessions.projectSetId)} = (SELECT ${projectSets.id}
        FROM ${projectSets} WHERE ${projectSets.projectIds} = ${listWithout(id, sessions.projectSetId)})
      WHERE ${sessions.projectSetId} IN ${setsWith(id)}`,
  ];
}

/** The audit entries for the sessions that lose the project. */
function lossOfProject(id: string): AuditDraft {
  const before = sql`(SELECT ${projectSets.projectIds} FROM ${projectSets}
    WHERE ${projectSets.id} = ${sessions.projectSetId})`;
  return {
    action: "change",
    model: session,
    id: sql`(SELECT ${sessions.id} FROM ${sessions} WHERE ${sessions.projectSetId} IN ${setsWith(id)})`,
    changes: fieldChange("projects", before, listWithout(id, sessions.projectSetId)),
  };
}
