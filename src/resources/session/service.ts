import type { RecordKind } from "../../record/service.ts";
import { session } from "./fields.ts";
import { sessionRules } from "./rules.ts";
import type { SessionInput } from "./schemas.ts";
import { lossOfSession, sessionStore } from "./store.ts";

/** Sessions, as the shared verbs take them. */
export const sessionKind: RecordKind<SessionInput> = {
  resource: session,
  rules: sessionRules,
  store: sessionStore,
  takesAlong: lossOfSession,
};
