import { recordRoutes } from "../../http/record-routes.ts";
import { epochInput } from "./schemas.ts";
import { epochKind } from "./service.ts";

export const epochRoutes = recordRoutes({
  path: "/stem/epoch",
  named: ["an epoch", "epochs"],
  body: epochInput,
  kind: epochKind,
});
