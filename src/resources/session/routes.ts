import { recordRoutes } from "../../http/record-routes.ts";
import { sessionInput } from "./schemas.ts";
import { sessionKind } from "./service.ts";

export const sessionRoutes = recordRoutes({
  path: "/stem/session",
  named: ["a session", "sessions"],
  body: sessionInput,
  kind: sessionKind,
});
