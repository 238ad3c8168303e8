import { recordRoutes } from "../../http/record-routes.ts";
import { manipulationInput } from "./schemas.ts";
import { manipulationKind } from "./service.ts";

export const manipulationRoutes = recordRoutes({
  path: "/modules/manipulation",
  named: ["a manipulation", "manipulations"],
  body: manipulationInput,
  kind: manipulationKind,
});
