import { foldCase } from "../src/values/fold.ts";
import { toInstant } from "../src/values/instant.ts";
import { LEVEL } from "../src/values/permission.ts";
import { makeRandom, type Random } from "./random.ts";

/** A value of a column. */
export type Cell = string | number | null;

/** A row by column names. All rows of a table have the same columns. */
export type Row = Readonly<Record<string, Cell>>;

/** Rows by table, in an order in which they can be inserted. */
export type Tables = Readonly<Record<string, readonly Row[]>>;

/** The token of the user who runs the benchmark. */
export const TOKEN = "bst_benchmark";

/** How sessions are spread over projects. */
export interface Shape {
  readonly name: string;
  readonly labs: number;
  /** Every so many labs one is public, and one is shared with the user who runs the benchmark. */
  readonly publicLab: number;
  readonly sharedLab: number;
  /** Whether sessions are in one to three labs, so that there are many different lists of projects. */
  readonly isMixed: boolean;
}

/** Fourteen projects, and most sessions in the same one. */
export const FEW: Shape = {
  name: "few projects",
  labs: 12,
  publicLab: 6,
  sharedLab: Number.POSITIVE_INFINITY,
  isMixed: false,
};

/** Three hundred projects, and two in five sessions with a list of projects that no session before has. */
export const MANY: Shape = {
  name: "many projects",
  labs: 300,
  publicLab: 4,
  sharedLab: 2,
  isMixed: true,
};

const SEED = 20_220_401;

const WORDS = (
  "auditory awake barrel baseline chronic cortex craniotomy dark extracellular foraging freely frontal " +
  "grating hippocampus implanted jittered laser licking maze medial moving opto passive probe replay " +
  "reward running shank sleep spontaneous stimulus striatum task thalamus theta touch visual wheel"
).split(" ");
const TAGS = Array.from({ length: 40 }, (_, index) => `${WORDS[index % WORDS.length]}-${index}`);
const RIGS = ["rig-A", "rig-B", "rig-C", "Århus-1", "Zürich-2"];
const REPOSITORIES = ["DANDI", "Figshare", "Zenodo", "GitHub"];

/** The records that sessions refer to: users, groups, projects and data storages, with all levels. */
export interface World {
  readonly shape: Shape;
  readonly labs: readonly Lab[];
  /** The id of the project that the labs share. */
  readonly map: string;
  /** The id of the project that only two users see. */
  readonly hidden: string;
  readonly tables: Tables;
}

interface Lab {
  readonly project: string;
  readonly dataStorages: readonly string[];
}

/**
 * Labs with a project and two data storages each, a map project and an archive that they share through a group, and
 * a project that few users see. Some labs are public, and some shared through the group. The user who runs the
 * benchmark belongs to the first lab and to the group. This user therefore sees most sessions, and can change those
 * of the first lab.
 */
export function makeWorld(tokenHash: string, shape: Shape): World {
  const random = makeRandom(SEED);
  const labels = Array.from({ length: shape.labs }, (_, index) => `Lab ${index + 1}`);
  const archive = random.uuid();
  const labs = labels.map(() => ({
    project: random.uuid(),
    dataStorages: [random.uuid(), random.uuid(), archive],
  }));
  const [map, hidden, consortium] = [random.uuid(), random.uuid(), random.uuid()];
  const groups = labs.map(() => random.uuid());
  const users = Array.from({ length: shape.labs * 4 }, () => random.uuid());
  const labOf = (index: number) => index % shape.labs;
  const folded = (id: string, name: string) => ({ id, name, name_folded: foldCase(name) });
  const project = (id: string, name: string, isPublic: boolean) => ({
    ...folded(id, name),
    description: `${name}. ${sentence(random, 20)}`,
    description_folded: "",
    is_public: isPublic ? 1 : 0,
  });
  const member = (group: string, user: string) => ({ group_id: group, user_id: user, level: 1 });
  const level = LEVEL.contributor;
  const tables = {
    users: users.map((id, index) => ({ id, email: `user-${index}@lab-${labOf(index)}.example` })),
    access_tokens: [
      {
        id: random.uuid(),
        user_id: users[0] ?? "",
        token_hash: tokenHash,
        // A future date: the token counts as used today, so that the daily update of its last use does not
        // disturb the measurement.
        last_used_date: "9000-01-01T00:00:00",
        expires_date: "9001-01-01T00:00:00",
      },
    ],
    groups: [
      folded(consortium, "Consortium"),
      ...groups.map((id, index) => folded(id, `${labels[index]} members`)),
    ],
    group_members: users.flatMap((user, index) => [
      member(groups[labOf(index)] ?? "", user),
      member(consortium, user),
    ]),
    projects: [
      ...labs.map((lab, index) =>
        project(lab.project, `${labels[index]}`, index % shape.publicLab === 0),
      ),
      project(map, "Brain map", false),
      project(hidden, "Under embargo", false),
    ],
    project_groups: [
      ...labs.map((lab, index) => ({
        project_id: lab.project,
        group_id: groups[index] ?? "",
        level,
      })),
      { project_id: map, group_id: consortium, level },
      ...labs
        .filter((_, index) => index % shape.sharedLab === 1)
        .map((lab) => ({ project_id: lab.project, group_id: consortium, level })),
    ],
    project_users: users.slice(1, 3).map((user) => ({ project_id: hidden, user_id: user, level })),
    data_storages: [
      { ...folded(archive, "Archive"), location: "Cloud", is_public: 1 },
      ...labs.flatMap(({ dataStorages: [disk = "", tape = ""] }, index) => [
        { ...folded(disk, `${labels[index]} disk`), location: "Basement", is_public: 0 },
        { ...folded(tape, `${labels[index]} tape`), location: "Vault", is_public: 0 },
      ]),
    ],
    data_storage_groups: [
      { data_storage_id: archive, group_id: consortium, level },
      ...labs.flatMap(({ dataStorages }, index) =>
        dataStorages.slice(0, 2).map((storage) => ({
          data_storage_id: storage,
          group_id: groups[index] ?? "",
          level,
        })),
      ),
    ],
  };
  return { shape, labs, map, hidden, tables };
}

/** The sessions `from` to `to` - 1 with all their records. A session is the same whatever the range. */
export function makeSessions(world: World, from: number, to: number): Tables {
  const made = Array.from({ length: to - from }, (_, index) => makeSession(world, from + index));
  const names = Object.keys(made[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, made.flatMap((one) => one[name] ?? [])]));
}

function makeSession(world: World, number: number): Tables {
  const random = makeRandom(SEED, number + 1);
  const session = random.uuid();
  // Labs differ in size: the smaller of two random numbers favours the labs with small numbers.
  const labNumber = Math.min(
    random.below(world.labs.length),
    random.below(world.labs.length * 1.5),
  );
  const lab = world.labs[labNumber] ?? { project: "", dataStorages: [] };
  const day = new Date(Date.UTC(2014, 0, 1) + random.below(4000 * 86_400) * 1000);
  const mouse = `M${String(random.below(4000)).padStart(4, "0")}`;
  const name = `${mouse}_${day.toISOString().slice(0, 10)}_${random.pick(WORDS)}_${number}`;
  const description = random.chance(0.3) ? "" : sentence(random, 5 + random.below(50));
  const created = toInstant(new Date(day.getTime() + random.below(90 * 86_400) * 1000));
  const projects = JSON.stringify(
    world.shape.isMixed ? mixedProjects(world, number) : projectsOf(random, world, lab.project),
  );
  const records = makeRecords(random, session, created);
  return {
    project_sets: [{ project_ids: projects }],
    sessions: [
      {
        id: session,
        // The projects as JSON text, in place of the number of the project set, which `database.ts` looks up.
        project_set_id: projects,
        name,
        name_folded: foldCase(name),
        description,
        description_folded: foldCase(description),
        date_time: random.chance(0.05) ? null : toInstant(day),
        ...extrasOf(random),
        download_links: JSON.stringify(linksOf(random, name)),
        name_used_in_storage: name,
        name_used_in_storage_folded: foldCase(name),
        created_date: created,
        updated_date: created,
      },
    ],
    session_tags: random
      .sample(TAGS, random.below(4))
      .map((tag, position) => ({ session_id: session, tag, tag_folded: foldCase(tag), position })),
    session_data_storages: random
      .sample(lab.dataStorages, 1 + random.below(3))
      .map((storage, position) => ({
        id: random.uuid(),
        session_id: session,
        data_storage_id: storage,
        position,
      })),
    ...records,
  };
}

/**
 * Each session is in the project of its lab, most are also in the map project, and one in a hundred is
 * hidden.
 */
function projectsOf(random: Random, { map, hidden }: World, lab: string): readonly string[] {
  if (random.chance(0.01)) return [hidden];
  if (random.chance(0.12)) return [lab];
  return random.chance(0.05) ? [map, lab] : [lab, map];
}

/** One to three projects of labs. Two or three sessions after one another have the same ones. */
function mixedProjects({ labs }: World, number: number): readonly string[] {
  const random = makeRandom(SEED + 1, Math.floor(number * 0.4));
  return random.sample(labs, 1 + random.below(3)).map(({ project }) => project);
}

function extrasOf(random: Random) {
  const all = {
    rig: random.pick(RIGS),
    weight_g: 18 + random.below(150) / 10,
    depth_um: random.below(4000),
    experimenter: `Dr ${random.pick(WORDS)}`,
    trials: random.below(900),
  };
  const kept = Object.fromEntries(Object.entries(all).slice(0, random.below(6)));
  const foldedFields = Object.fromEntries(
    Object.entries(kept).map(([key, value]) => [
      key,
      typeof value === "string" ? foldCase(value) : value,
    ]),
  );
  return { extra_fields: JSON.stringify(kept), extra_fields_folded: JSON.stringify(foldedFields) };
}

function linksOf(random: Random, name: string) {
  if (!random.chance(0.1)) return [];
  const repository = random.pick(REPOSITORIES);
  return [{ repository, url: `https://${repository.toLowerCase()}.example/${name}` }];
}

/**
 * One or two data acquisitions, and some behaviors, manipulations and epochs. The epochs refer to the others.
 */
function makeRecords(random: Random, session: string, created: string): Tables {
  const records = (count: number) =>
    Array.from({ length: count }, (_, position) => ({
      id: random.uuid(),
      session_id: session,
      notes: random.chance(0.5) ? "" : sentence(random, 8),
      position,
      created_date: created,
    }));
  const acquisitions = records(1 + random.below(2));
  const epochs = records(random.chance(0.4) ? 1 + random.below(3) : 0);
  return {
    data_acquisitions: acquisitions.map((record) => ({
      ...record,
      type: random.pick(["ExtracellularEphys", "CalciumImaging", "Video"]),
      procedures: JSON.stringify([random.uuid()]),
      equipment: JSON.stringify([random.uuid()]),
      details: JSON.stringify({ sampling_rate: 30_000, channels: 64 + random.below(320) }),
    })),
    behaviors: records(random.chance(0.5) ? 1 : 0).map((record) => ({
      ...record,
      subjects: JSON.stringify([random.uuid()]),
      setup: random.uuid(),
      behavioralassay: random.uuid(),
    })),
    manipulations: records(random.chance(0.25) ? 1 : 0).map((record) => ({
      ...record,
      type: random.pick(["Optogenetics", "Pharmacology"]),
      details: "[]",
    })),
    epochs: epochs.map((record, index) => ({
      ...record,
      name: `epoch ${index + 1}`,
      name_folded: `epoch ${index + 1}`,
      start: index * 600,
      end: (index + 1) * 600 - 0.5,
    })),
    epoch_data_acquisitions: epochs.map((epoch) => ({
      epoch_id: epoch.id,
      data_acquisition_id: acquisitions[0]?.id ?? null,
      position: 0,
    })),
  };
}

function sentence(random: Random, words: number): string {
  return Array.from({ length: words }, () => random.pick(WORDS)).join(" ");
}
