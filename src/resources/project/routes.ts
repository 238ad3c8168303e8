import { recordRoutes } from "../../http/record-routes.ts";
import { projectInput } from "./schemas.ts";
import { projectKind } from "./service.ts";

export const projectRoutes = recordRoutes({
  path: "/stem/project",
  named: ["a project", "projects"],
  body: projectInput,
  kind: projectKind,
});
