import { env } from "cloudflare:workers";
import { getTableColumns, getTableName } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { type LevelTable, SHARED_TABLES } from "../../src/db/shared-tables.ts";
import { foldCase } from "../../src/values/fold.ts";
import { daysAfter, toInstant } from "../../src/values/instant.ts";
import { LEVEL, type LevelName, type SharedKind } from "../../src/values/permission.ts";
import { hashToken, makeToken } from "../../src/values/token.ts";
import { type Client, clientFor } from "./client.ts";

// Builders write rows straight into the database, so that a test of one route does not lean on another.

/** An id of something that this service does not store: a strain, a type of setup. */
export const ELSEWHERE = "0c9a6a52-6a0c-4b1c-9a55-3f6f7f1f0a0f";

let counter = 0;

/** A word that no other builder has used. */
export const unique = (word: string) => {
  counter += 1;
  return `${word}-${counter}`;
};

export interface BuiltUser {
  readonly id: string;
  readonly email: string;
  readonly tokenId: string;
  readonly client: Client;
}

/** A user with a token, and a client that sends it. */
export async function buildUser(email = `${unique("user")}@lab.example`): Promise<BuiltUser> {
  const id = crypto.randomUUID();
  const tokenId = crypto.randomUUID();
  const token = makeToken();
  const now = new Date();
  await env.DB.batch([
    env.DB.prepare("INSERT INTO users (id, email) VALUES (?, ?)").bind(id, email),
    env.DB.prepare(
      `INSERT INTO access_tokens (id, user_id, token_hash, expires_date, last_used_date)
       VALUES (?, ?, ?, ?, ?)`,
    ).bind(tokenId, id, await hashToken(token), daysAfter(now, 365), toInstant(now)),
  ]);
  return { id, email, tokenId, client: clientFor(token) };
}

export type Grants = Readonly<Partial<Record<LevelName, readonly { readonly id: string }[]>>>;

/** What a project or a data storage is built with. */
export interface Sharing {
  readonly id?: string;
  readonly name?: string;
  readonly isPublic?: boolean;
  /** Users by the level that they hold. */
  readonly users?: Grants;
  /** Groups by the level that they hold. */
  readonly groups?: Grants;
}

export const buildProject = (sharing: Sharing = {}) => buildShared("project", sharing);

export const buildDataStorage = (sharing: Sharing = {}) => buildShared("datastorage", sharing);

export const buildSetup = (sharing: Sharing = {}) => buildShared("setup", sharing);

export const buildAssay = (sharing: Sharing = {}) => buildShared("behavioralassay", sharing);

export const buildInventory = (sharing: Sharing = {}) => buildShared("inventory", sharing);

/** A group with these users as plain members. */
export const buildGroup = (members: readonly { readonly id: string }[], name = unique("group")) =>
  buildShared("group", { name, users: { member: members } });

/** A group that users hold at these levels. */
export const buildHeldGroup = (users: Grants, name = unique("group")) =>
  buildShared("group", { name, users });

/** A record of a kind that is shared with members. What else it must have is the id of something elsewhere. */
export async function buildShared(
  kind: SharedKind,
  {
    id = crypto.randomUUID(),
    name = unique(kind),
    isPublic = false,
    users = {},
    groups = {},
  }: Sharing = {},
): Promise<{ readonly id: string; readonly name: string }> {
  const { records, users: byUser, groups: byGroup } = SHARED_TABLES[kind];
  const needed = Object.values(getTableColumns(records)).filter(
    ({ notNull, hasDefault }) => notNull && !hasDefault,
  );
  const row = {
    ...Object.fromEntries(needed.map((column) => [column.name, ELSEWHERE])),
    id,
    name,
    name_folded: foldCase(name),
    ...(records.isPublic !== undefined && { is_public: isPublic ? 1 : 0 }),
  };
  const insert = (table: SQLiteTable, cells: Readonly<Record<string, string | number>>) =>
    env.DB.prepare(
      `INSERT INTO ${getTableName(table)} (${Object.keys(cells).join(", ")})
       VALUES (${Object.keys(cells).fill("?").join(", ")})`,
    ).bind(...Object.values(cells));
  const grants = (table: LevelTable<never>, member: SQLiteColumn, sharing: Grants) =>
    Object.entries(sharing).flatMap(([level, members]) =>
      members.map((each) =>
        insert(table, {
          [table.recordId.name]: id,
          [member.name]: each.id,
          level: LEVEL[level as LevelName],
        }),
      ),
    );
  await env.DB.batch([
    insert(records, row),
    ...grants(byUser, byUser.userId, users),
    ...(byGroup === undefined ? [] : grants(byGroup, byGroup.groupId, groups)),
  ]);
  return { id, name };
}

interface SessionParts {
  readonly name?: string;
  readonly projects: readonly { readonly id: string }[];
  readonly dataStorages?: readonly { readonly id: string }[];
}

/** A session in these projects, and its associations with these data storages in their order. */
export async function buildSession({
  name = unique("session"),
  projects,
  dataStorages = [],
}: SessionParts): Promise<{
  readonly id: string;
  readonly name: string;
  readonly associationIds: readonly string[];
}> {
  const id = crypto.randomUUID();
  const projectIds = JSON.stringify(projects.map((project) => project.id));
  const associations = dataStorages.map((storage) => [crypto.randomUUID(), storage.id] as const);
  await env.DB.batch([
    env.DB.prepare("INSERT INTO project_sets (project_ids) VALUES (?) ON CONFLICT DO NOTHING").bind(
      projectIds,
    ),
    env.DB.prepare(
      `INSERT INTO sessions (id, name, name_folded, project_set_id)
       VALUES (?, ?, ?, (SELECT id FROM project_sets WHERE project_ids = ?))`,
    ).bind(id, name, foldCase(name), projectIds),
    ...associations.map(([associationId, storageId], position) =>
      env.DB.prepare(
        `INSERT INTO session_data_storages (id, session_id, data_storage_id, position)
         VALUES (?, ?, ?, ?)`,
      ).bind(associationId, id, storageId, position),
    ),
  ]);
  return { id, name, associationIds: associations.map(([associationId]) => associationId) };
}

export interface Lab {
  readonly user: BuiltUser;
  readonly client: Client;
  readonly project: { readonly id: string };
  readonly storage: { readonly id: string };
}

/** A user who is a contributor to one project and one data storage, as most who use the API are. */
export async function buildLab(): Promise<Lab> {
  const user = await buildUser();
  const users = { contributor: [user] };
  const project = await buildProject({ users });
  const storage = await buildDataStorage({ users });
  return { user, client: user.client, project, storage };
}

async function insert(table: string, row: Readonly<Record<string, string | number>>) {
  const names = Object.keys(row).join(", ");
  const places = Object.keys(row).map(() => "?");
  await env.DB.prepare(`INSERT INTO ${table} (${names}) VALUES (${places.join(", ")})`)
    .bind(...Object.values(row))
    .run();
}

/** A subject in these projects. */
export async function buildSubject({
  name = unique("subject"),
  projects,
}: Pick<SessionParts, "name" | "projects">): Promise<{
  readonly id: string;
  readonly name: string;
}> {
  const id = crypto.randomUUID();
  const ids = JSON.stringify(projects.map((project) => project.id));
  await env.DB.batch([
    env.DB.prepare("INSERT INTO project_sets (project_ids) VALUES (?) ON CONFLICT DO NOTHING").bind(
      ids,
    ),
    env.DB.prepare(
      `INSERT INTO subjects (id, name, name_folded, project_set_id, strain, sex, status)
       VALUES (?, ?, ?, (SELECT id FROM project_sets WHERE project_ids = ?), ?, 'U', 'active')`,
    ).bind(id, name, foldCase(name), ids, ELSEWHERE),
  ]);
  return { id, name };
}

export async function buildProcedure(subject: { readonly id: string }) {
  const id = crypto.randomUUID();
  await insert("procedures", {
    id,
    type: "Craniotomy",
    subject_id: subject.id,
    coordinates_system: "Stereotaxic_BregmaAbsolute",
  });
  return { id };
}

export async function buildSubjectLog(subject: { readonly id: string }, type = "Weighing") {
  const id = crypto.randomUUID();
  await insert("subject_logs", { id, type, subject_id: subject.id });
  return { id };
}

export async function buildProcedureLog(procedure: { readonly id: string }) {
  const id = crypto.randomUUID();
  await insert("procedure_logs", { id, type: "Impedances", procedure_id: procedure.id });
  return { id };
}

export async function buildEquipment(setup: { readonly id: string }) {
  const id = crypto.randomUUID();
  await insert("equipment", {
    id,
    type: "Amplifier",
    setup_id: setup.id,
    coordinates_system: "External_XYZ_Absolute",
  });
  return { id };
}

export async function buildStock(inventory: { readonly id: string }) {
  const id = crypto.randomUUID();
  await insert("consumable_stocks", {
    id,
    type: "SiliconProbe",
    status: "AVAILABLE",
    inventory_id: inventory.id,
  });
  return { id };
}

/** A collection of sessions, or a cohort of subjects, of a project. */
export async function buildListOfProject(
  table: "collections" | "cohorts",
  project: { readonly id: string },
  { name = unique(table), members = [] }: { name?: string; members?: readonly string[] } = {},
) {
  const id = crypto.randomUUID();
  await insert(table, { id, name, name_folded: foldCase(name), project_id: project.id });
  const [links, list, member] =
    table === "collections"
      ? ["collection_sessions", "collection_id", "session_id"]
      : ["cohort_subjects", "cohort_id", "subject_id"];
  for (const [position, each] of members.entries()) {
    await insert(links, { [list]: id, [member]: each, position });
  }
  return { id, name };
}
