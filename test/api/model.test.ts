import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findBrokenInvariants } from "../support/invariants.ts";
import { arbitraryCommands, checkLab, makeLab } from "../support/lab-model.ts";
import { emptyTables } from "../support/snapshot.ts";

// Whatever several users do one after the other, the model and the database stay equal. The seed is in the
// name of the test: put it here to see a run again, and more runs to look longer.
const FIXED_SEED: number | undefined = undefined;
const RUNS = 40;
const MOST_STEPS = 30;

const seed = FIXED_SEED ?? crypto.getRandomValues(new Int32Array(1))[0] ?? 0;

describe("several users", () => {
  test(`do what the contract lets them, and see what it shows them (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCommands(MOST_STEPS), async (commands) => {
        await emptyTables();
        const lab = await makeLab();
        await fc.asyncModelRun(() => lab, commands);
        await checkLab(lab.model, lab.real);
        expect(await findBrokenInvariants({ owned: true })).toEqual({});
      }),
      { seed, numRuns: RUNS },
    );
  }, 120_000);
});
