import { makeRandom } from "./random.ts";
import {
  createSessions,
  newSession,
  SESSIONS,
  type SessionRow,
  sessionId,
  type Target,
} from "./target.ts";

/** One request that an operation sends. */
export interface Request {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  /** The token in place of the target's; null for none. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A measured operation: any number of requests of one kind, and the status of their success. */
export interface Operation {
  readonly name: string;
  readonly status: number;
  readonly request: (target: Target) => Request;
  /** Set for a list, which the plots show. */
  readonly isList?: true;
  /** Whether the target supports the operation. */
  readonly fits?: (target: Target) => boolean;
  readonly collect?: (target: Target, body: string) => void;
  /**
   * For an operation that consumes records: creates records for at least `atLeast` requests, and returns how
   * many requests are possible.
   */
  readonly supply?: (target: Target, atLeast: number) => Promise<number>;
  /** Set when the floor implements the operation. */
  readonly onFloor?: true;
}

// A fixed seed, so that every run makes the same choices.
const random = makeRandom(7);

type Parameters = readonly (readonly [name: string, value: string])[];

const get = (parameters: Parameters = [], path = SESSIONS): Request => {
  const query = new URLSearchParams(parameters.map(([name, value]) => [name, value]));
  return { method: "GET", path: parameters.length === 0 ? path : `${path}?${query}` };
};

const PUBLIC = "/api/public/stem/session/";

/** A request of a stranger. */
const publicly = (parameters: Parameters = []): Request => ({
  ...get(parameters, PUBLIC),
  token: null,
});

const sample = ({ samples }: Target): SessionRow => random.pick(samples);

/** A part of the name of a random session. */
const fragment = (target: Target) => sample(target).name.slice(2, 7);

/** Thirty days from the day of a random session. */
function month(target: Target): Parameters {
  const from = new Date(sample(target).date_time ?? "2020-01-01T00:00:00Z");
  const to = new Date(from.getTime() + 30 * 86_400_000);
  return [from, to].map((day) => ["filter{date_time.range}", day.toISOString()]);
}

/** What a search asks for: two words that many descriptions have, a rig, and a mouse. */
const SOUGHT = ["hippocampus replay", "zürich", "M0042", "wheel theta"];

/** Without the sessions of each project, which the first size has in full and the largest leaves out. */
const PROJECTS = "/api/private/stem/project/?exclude[]=sessions";

const RELATIONS = [
  "projects",
  "datastorage",
  "dataacquisition",
  "behaviors",
  "manipulations",
  "epochs",
];

/** The operations in the order of measurement: those that change data come after those that only read. */
export const OPERATIONS: readonly Operation[] = [
  {
    name: "detail",
    status: 200,
    request: (target) => ({ method: "GET", path: `${SESSIONS}${sample(target).id}/` }),
    onFloor: true,
  },
  { name: "first page", status: 200, isList: true, request: () => get(), onFloor: true },
  {
    name: "detail, not modified",
    status: 304,
    fits: ({ known }) => known !== undefined,
    request: ({ known = { id: "", tag: "" } }) => ({
      ...get([], `${SESSIONS}${known.id}/`),
      headers: { "if-none-match": known.tag },
    }),
  },
  {
    name: "page at 50 %",
    status: 200,
    isList: true,
    request: ({ count }) => get([["offset", String(Math.floor(count * 0.5))]]),
  },
  {
    name: "page at 90 %",
    status: 200,
    isList: true,
    request: ({ count }) => get([["offset", String(Math.floor(count * 0.9))]]),
  },
  {
    name: "after a cursor",
    status: 200,
    isList: true,
    fits: ({ cursor }) => cursor !== undefined,
    request: ({ cursor = "" }) => get([["after", cursor]]),
  },
  {
    name: "newest first",
    status: 200,
    isList: true,
    request: () => get([["sort[]", "-date_time"]]),
  },
  {
    name: "filter by project",
    status: 200,
    isList: true,
    request: ({ projects }) => get([["filter{projects}", projects[0] ?? ""]]),
  },
  {
    name: "filter by storage",
    status: 200,
    isList: true,
    fits: ({ dataStorages }) => dataStorages.length > 0,
    request: ({ dataStorages }) => get([["filter{datastorage}", dataStorages[0] ?? ""]]),
  },
  {
    name: "text filter",
    status: 200,
    isList: true,
    request: (target) => get([["filter{name.icontains}", fragment(target)]]),
  },
  { name: "date range", status: 200, isList: true, request: (target) => get(month(target)) },
  {
    name: "search",
    status: 200,
    isList: true,
    fits: ({ searches }) => searches,
    request: () => get([["search", random.pick(SOUGHT)]]),
  },
  {
    name: "include all",
    status: 200,
    request: () => get(RELATIONS.map((name) => ["include[]", `${name}.*`])),
  },
  {
    name: "list of data acquisitions",
    status: 200,
    isList: true,
    request: () => get([], "/api/private/modules/dataacquisition/"),
  },
  {
    name: "list of associations",
    status: 200,
    isList: true,
    request: () => get([], "/api/private/stem/sessiondatastorage/"),
  },
  { name: "list of projects", status: 200, isList: true, request: () => get([], PROJECTS) },
  { name: "public list", status: 200, isList: true, request: () => publicly() },
  {
    name: "public search",
    status: 200,
    isList: true,
    fits: ({ searches }) => searches,
    request: () => publicly([["search", random.pick(SOUGHT)]]),
  },
  { name: "login failure", status: 401, request: () => ({ ...get(), token: "bst_unknown" }) },
  {
    name: "change",
    status: 200,
    request: ({ own }) => ({
      method: "PATCH",
      path: `${SESSIONS}${random.pick(own)}/`,
      body: { description: `Checked ${random.below(1e6)} times.`, tags: ["checked", "wheel"] },
    }),
  },
  {
    name: "reorder",
    status: 200,
    fits: ({ dataStorages }) => dataStorages.length > 1,
    request: ({ own, dataStorages }) => ({
      method: "POST",
      path: "/api/private/stem/sessiondatastorage/reorder/",
      body: {
        session: random.pick(own),
        datastorage: random.sample(dataStorages, dataStorages.length),
      },
    }),
  },
  {
    name: "create",
    status: 201,
    request: (target) => ({ method: "POST", path: SESSIONS, body: newSession(target) }),
    collect: ({ doomed }, body) => doomed.push(sessionId(body)),
    onFloor: true,
  },
  {
    name: "delete",
    status: 204,
    request: ({ doomed }) => ({ method: "DELETE", path: `${SESSIONS}${doomed.pop()}/` }),
    supply: async (target, atLeast) => {
      target.doomed.push(...(await createSessions(target, atLeast - target.doomed.length)));
      return target.doomed.length;
    },
  },
];
