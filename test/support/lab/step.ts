import fc from "fast-check";
import { expect } from "vitest";
import type { Answer } from "../client.ts";
import { checkSessions } from "./check.ts";
import type { Model, Real } from "./model.ts";

/** One request of one user: what it asks, whether the contract allows it, and what it then changes. */
export interface Step {
  readonly request: readonly [method: string, path: string, body?: unknown];
  readonly allowed: boolean;
  readonly apply: (answer: Answer) => void;
}

/** Makes a step of the lab as it is by then, undefined where it has no sense there. */
export type MakeStep = (
  model: Model,
  real: Real,
  user: number,
) => Step | undefined | Promise<Step | undefined>;

export type LabCommand = fc.AsyncCommand<Model, Real>;

/** How many steps have been made, and how many of them were allowed. */
export const tally = { steps: 0, allowed: 0 };

/**
 * Sends the request of a step, and holds the answer to what the contract allows.
 *
 * @returns whether it was allowed, undefined where the step has no sense
 */
export async function takeStep(
  make: MakeStep,
  model: Model,
  real: Real,
  user: number,
): Promise<boolean | undefined> {
  const step = await make(model, real, user);
  const client = real.users[user]?.client;
  if (step === undefined || client === undefined) return undefined;
  const answer = await client.send(...step.request);
  const told = `${step.request.slice(0, 2).join(" ")}: ${answer.status} ${answer.text}`;
  expect(answer.status < 300, told).toBe(step.allowed);
  expect(answer.status, told).toBeLessThan(500);
  if (step.allowed) step.apply(answer);
  return step.allowed;
}

function stepCommand(title: string, user: number, make: MakeStep): LabCommand {
  return {
    check: () => true,
    run: async (model, real) => {
      const allowed = await takeStep(make, model, real, user);
      if (allowed === undefined) return;
      tally.steps += 1;
      tally.allowed += allowed ? 1 : 0;
      // What a refusal has changed all the same, the next look finds.
      if (allowed) await checkSessions(model, real);
    },
    toString: () => `user ${user}: ${title}`,
  };
}

// The first user owns all at first, and so gets more done than the others.
const aUser = fc.constantFrom(0, 0, 1, 2);

/** A command that makes its step of what it is given. */
export function command<Given extends unknown[]>(
  title: string,
  make: (...given: Given) => MakeStep,
  ...given: { [Index in keyof Given]: fc.Arbitrary<Given[Index]> }
): fc.Arbitrary<LabCommand> {
  return fc
    .tuple(aUser, fc.tuple(...given))
    .map(([user, values]) =>
      stepCommand(`${title} ${JSON.stringify(values)}`, user, make(...(values as Given))),
    );
}

export const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

/** Speaks of something by its number, around those that there are. */
export const aNumber = fc.nat(11);
export const numbers = fc.array(fc.nat(3), { maxLength: 3 });
export const aText = fc.constantFrom("", "one", "two");
