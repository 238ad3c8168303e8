import { env } from "cloudflare:workers";

/**
 * Whether a test looks at all cases of a kind, as `npm run test:long` does (the project "thorough"), or at those that
 * tell most, as `npm test` does.
 */
export const isThorough = env.THOROUGH === "1";
