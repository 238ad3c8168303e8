import { env } from "cloudflare:workers";

/** What every run of the suite begins with, so that it fails for everybody or for nobody. */
const SHARED_SEED = 20_261_124;

/** The seed of a random test: `SEED` names one, or asks for another in each run (`SEED=random`). */
export const seed =
  env.SEED === "random"
    ? (crypto.getRandomValues(new Int32Array(1))[0] ?? 0)
    : Number(env.SEED || SHARED_SEED);
