import fc from "fast-check";
import type { Person } from "../service/database.ts";
import type { Sent } from "../service/send.ts";
import type { Document, Operation } from "./document.ts";
import { type Draft, encode } from "./draft.ts";
import { arbitraryMutation } from "./mutations.ts";
import { arbitraryQuery } from "./query.ts";
import { arbitraryId, arbitraryValue } from "./values.ts";
import type { World } from "./world.ts";

/** Somebody who asks, and what they have been shown. */
export interface Asker extends Person {
  readonly world: World;
}

/** A request, who asks, and the operation that it was made for. */
export interface Asked {
  readonly asker: Asker;
  readonly operation: Operation;
  readonly id: string;
  readonly sent: Sent;
}

/** How often something is asked for: what is deleted cannot be spoken of any more. */
const WEIGHTS: Readonly<Record<string, number>> = { POST: 6, PATCH: 3, PUT: 2, GET: 2, DELETE: 1 };

/** Requests without end for all operations, some of them changed until they are likely to be refused. */
export function drawRequests(
  { operations }: Document,
  askers: readonly Asker[],
  seed: number,
): Iterator<Asked> {
  const asked = askers.flatMap((asker, index) =>
    operations.map((operation) => ({
      // The first of them can do most.
      weight: (WEIGHTS[operation.method] ?? 1) * (index === 0 ? 3 : 1),
      arbitrary: arbitraryAsked(operation, asker, askers),
    })),
  );
  const stream = fc.infiniteStream(fc.oneof(...asked), { noHistory: true });
  const [requests] = fc.sample(stream, { seed, numRuns: 1 });
  if (requests === undefined) throw new Error("There is nothing to draw.");
  return requests;
}

function arbitraryAsked(operation: Operation, asker: Asker, askers: readonly Asker[]) {
  return fc
    .tuple(
      arbitraryId(operation.idKind, asker.world),
      arbitraryDraft(operation, asker, askers),
      fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 2, arbitrary: fc.array(arbitraryMutation, { minLength: 1, maxLength: 2 }) },
      ),
    )
    .map(([id, draft, mutations]): Asked => {
      const changed = mutations.reduce((so, change) => change(so), draft(id));
      return { asker, operation, id, sent: encode(changed) };
    });
}

/** A request that the OpenAPI document allows, to the object with an id. */
function arbitraryDraft(operation: Operation, asker: Asker, askers: readonly Asker[]) {
  const { world } = asker;
  const tagHeader = operation.method === "GET" ? "If-None-Match" : "If-Match";
  return fc
    .record({
      query: arbitraryQuery(operation, world),
      rawNames: fc.boolean(),
      slash: fc.boolean(),
      headers: arbitraryHeaders(operation, asker, askers),
      sendsTag: fc.nat(5).map((one) => one === 0),
      body: arbitraryBody(operation, world),
    })
    .map(({ query, rawNames, slash, headers, sendsTag, body }) => (id: string): Draft => {
      const path = operation.path.replace("{id}", id);
      const tag = sendsTag ? world.tag(id) : undefined;
      return {
        method: operation.method,
        path: slash ? path : path.replace(/\/$/, ""),
        query,
        rawNames,
        headers: tag === undefined ? headers : { ...headers, [tagHeader]: tag },
        fields: Object.entries(body(id)).map(([name, value]) => [name, JSON.stringify(value)]),
      };
    });
}

/** Now and then somebody speaks of what somebody else has been shown. */
function arbitraryHeaders(
  { path, method, body }: Operation,
  asker: Asker,
  askers: readonly Asker[],
): fc.Arbitrary<Draft["headers"]> {
  const anyone = fc.constantFrom(...askers);
  const asking = fc.oneof({ weight: 8, arbitrary: fc.constant(asker) }, anyone);
  const key = fc.oneof(
    { weight: 8, arbitrary: fc.constant(undefined) },
    fc.uuid(),
    fc.constantFrom("key-1", "key-2", "key-3"),
  );
  return fc.tuple(asking, key).map(([{ token }, idempotencyKey]) => ({
    ...(path.startsWith("/api/private") && { Authorization: `Bearer ${token}` }),
    ...(body !== undefined && { "Content-Type": "application/json" }),
    ...(method === "POST" && idempotencyKey && { "Idempotency-Key": idempotencyKey }),
  }));
}

type Body = Readonly<Record<string, unknown>>;

/** What an operation takes, for the object with an id. */
function arbitraryBody(operation: Operation, world: World): fc.Arbitrary<(id: string) => Body> {
  if (operation.body === undefined) return fc.constant(() => ({}));
  // The schema of a body is that of an object.
  const body = arbitraryValue(operation.body, "", world) as fc.Arbitrary<Body>;
  return fc.tuple(body, fc.nat(3), fc.nat(9)).map(([fields, echo, fit]) => (id: string) => {
    const known = world.object(operation.idKind, id);
    // Now and then all that was read of the object is sent back.
    const sent = echo === 0 ? { ...known, ...fields } : fields;
    return fit === 0 ? sent : fitToSession(sent, known?.session ?? fields.session, world);
  });
}

/** What belongs to a session stays with it, and refers to what belongs to it too. */
function fitToSession(body: Body, id: unknown, world: World): Body {
  const session = world.object("session", String(id));
  const fields = Object.entries(body).map(([field, value]) => {
    if (field === "session") return [field, id];
    const own = session?.[field];
    return Array.isArray(value) && Array.isArray(own) ? [field, own.toReversed()] : [field, value];
  });
  return id === undefined ? body : Object.fromEntries(fields);
}
