import { levelOn, readableIds } from "../../db/access.ts";
import { type SQL, sql } from "../../db/sql.ts";
import { projectSets, projects, projectTags, sessionProjects, sessions } from "../../db/tables.ts";
import { once } from "../../domain/once.ts";
import {
  askedInstant,
  booleanField,
  IDS_SCHEMA,
  idField,
  jsonField,
  jsonList,
  jsonValues,
  OBJECT_SCHEMA,
  TAGS_SCHEMA,
  textField,
} from "../../query/field.ts";
import type { Target } from "../../query/operators.ts";
import { type Field, type Filter, type Resource, resourceNamed } from "../../query/resource.ts";
import { membersField, projectGroupLevels, projectUserLevels } from "../../record/membership.ts";

const ofProject = sql`${sessionProjects}
  JOIN ${sessions} ON ${sessions.projectSetId} = ${sessionProjects.projectSetId}
  WHERE ${sessionProjects.projectId} = ${projects.id}`;

/** A list of sessions is whole or not there: with more than these it is read page by page (see `links`). */
const MOST_LISTED = 2000;

/**
 * The list of a project's sessions, or null when it is too long. That is told by the counters of its project
 * sets, of which each has a session at least: so a few of them are read, and none of the sessions.
 */
function ifFew(list: SQL): SQL {
  const most = sql.raw(String(MOST_LISTED));
  return sql`CASE WHEN (SELECT coalesce(sum(session_count), 0) <= ${most} FROM (
      SELECT ${projectSets.sessionCount} FROM ${sessionProjects}
      JOIN ${projectSets} ON ${projectSets.id} = ${sessionProjects.projectSetId}
      WHERE ${sessionProjects.projectId} = ${projects.id} LIMIT ${most} + 1)) THEN ${list} END`;
}

/** Whoever sees a project sees all of its sessions. */
function onSessions(type: Filter["type"], target: Target): Filter {
  return {
    type,
    related: true,
    where: (test) => sql`EXISTS (SELECT 1 FROM ${ofProject} AND ${test(target)})`,
  };
}

const sessionsField = (): Field => ({
  schema: {
    ...IDS_SCHEMA,
    description: `All of them, or no such key when there are more than ${MOST_LISTED}: \`links\` says where to page through them.`,
  },
  json: () => ifFew(jsonValues(sessions.id, sessions.name, ofProject)),
  isOptional: true,
  filters: {
    "": onSessions("id", { column: sessions.id }),
    id: onSessions("id", { column: sessions.id }),
    name: onSessions("text", {
      column: sessions.name,
      folded: sessions.nameFolded,
    }),
  },
  include: {
    resource: () => resourceNamed("session"),
    list: (each) => ifFew(jsonList(each, sessions.name, ofProject)),
  },
  omittedWhenIncluded: true,
});

const tagsField = (): Field => ({
  schema: TAGS_SCHEMA,
  json: () =>
    jsonValues(
      projectTags.tag,
      projectTags.position,
      sql`${projectTags} WHERE ${projectTags.projectId} = ${projects.id}`,
    ),
  filters: {
    "": {
      type: "text",
      related: true,
      where: (test) => sql`EXISTS (SELECT 1 FROM ${projectTags}
        WHERE ${projectTags.projectId} = ${projects.id}
        AND ${test({ column: projectTags.tag, folded: projectTags.tagFolded })})`,
    },
  },
});

const nothing: Filter = { type: "id", related: true, where: () => sql`0` };

/** Records of kinds that this service does not keep: always none, and asked for by the clients all the same. */
const elsewhereField: Field = {
  schema: IDS_SCHEMA,
  json: () => sql`'[]'`,
  filters: { "": nothing, id: nothing },
  include: "none",
};

/** Where, below a project's own address, its related records are listed. */
const LINKS = { sessions: "sessions/" };

const linksField: Field = {
  schema: {
    type: "object",
    properties: { sessions: { const: LINKS.sessions } },
    required: ["sessions"],
    additionalProperties: false,
    description: "Addresses, relative to the project's own, of its related records.",
  },
  json: () => sql.raw(`'${JSON.stringify(LINKS)}'`),
  isConstant: true,
};

/** A project: what sessions belong to and permissions are held on. */
export const project: Resource = {
  name: "project",
  listName: "projects",
  title: "project",
  viewPermission: "view_project",
  table: projects,
  id: projects.id,
  fields: once(() => ({
    id: idField(projects.id),
    name: textField(projects.name, projects.nameFolded),
    description: textField(projects.description, projects.descriptionFolded),
    sessions: sessionsField(),
    subjects: elsewhereField,
    publications: elsewhereField,
    collections: elsewhereField,
    cohorts: elsewhereField,
    extra_fields: jsonField(projects.extraFields, OBJECT_SCHEMA),
    is_public: booleanField(projects.isPublic),
    tags: tagsField(),
    users: membersField(projectUserLevels),
    groups: membersField(projectGroupLevels),
    links: linksField,
    created_date: askedInstant(projects.createdDate),
    updated_date: askedInstant(projects.updatedDate),
  })),
  defaultOrder: [projects.name],
  projectIds: sql`json_array(${projects.id})`,
  visible: (viewer) => sql`${projects.id} IN ${readableIds(viewer, "project")}`,
  readable: (viewer) => sql`${levelOn(viewer, "project", projects.id)} > 0`,
};
