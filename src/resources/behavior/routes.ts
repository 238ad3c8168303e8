import { recordRoutes } from "../../http/record-routes.ts";
import { behaviorInput } from "./schemas.ts";
import { behaviorKind } from "./service.ts";

export const behaviorRoutes = recordRoutes({
  path: "/modules/behavior",
  named: ["a behavior", "behaviors"],
  body: behaviorInput,
  kind: behaviorKind,
});
