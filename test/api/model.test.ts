import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { behavior } from "../../src/models/behavior.ts";
import { dataAcquisition } from "../../src/models/data-acquisition.ts";
import { dataStorage } from "../../src/models/data-storage.ts";
import { epoch } from "../../src/models/epoch.ts";
import { group } from "../../src/models/group.ts";
import { manipulation } from "../../src/models/manipulation.ts";
import { project } from "../../src/models/project.ts";
import { session } from "../../src/models/session/session.ts";
import { findHistoryFaults } from "../support/history-replay.ts";
import { findBrokenInvariants } from "../support/invariants.ts";
import { checkLab } from "../support/lab/check.ts";
import { arbitraryCommands, makeLab } from "../support/lab/lab.ts";
import { tally } from "../support/lab/step.ts";
import { seed } from "../support/seed.ts";
import { emptyTables } from "../support/snapshot.ts";
import { isThorough } from "../support/thorough.ts";

// Whatever several users do one after the other, the model and the database stay equal, and the history
// tells all of it. The seed is in the name of the test: SEED shows a run again, and MODEL_RUNS looks
// longer (see docs/developing.md).
const runs = Number(env.MODEL_RUNS || (isThorough ? 300 : 10));
const MAX_STEPS = 30;

/** Users are made by a builder, without a history. */
const MADE_HERE = [
  ...[session, project, dataStorage, group],
  ...[dataAcquisition, behavior, manipulation, epoch],
];

describe("several users", () => {
  test(
    `do what the contract lets them, and see what it shows them (seed ${seed}, ${runs} runs)`,
    async ({ annotate }) => {
      await fc.assert(
        fc.asyncProperty(arbitraryCommands(MAX_STEPS), fc.nat(2), async (commands, caller) => {
          await emptyTables();
          const lab = await makeLab();
          await fc.asyncModelRun(() => lab, commands);
          await checkLab(lab.model, lab.real, caller);
          expect(await findBrokenInvariants({ owned: true })).toEqual({});
          expect(await findHistoryFaults(MADE_HERE)).toEqual([]);
        }),
        { seed, numRuns: runs },
      );
      await annotate(
        `seed ${seed}: ${runs} sequences of ${tally.steps} steps held, ${tally.allowed} of them allowed`,
      );
    },
    60_000 + runs * 3_000,
  );
});
