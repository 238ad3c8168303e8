import { recordRoutes } from "../../http/record-routes.ts";
import { dataStorageInput } from "./schemas.ts";
import { dataStorageKind } from "./service.ts";

export const dataStorageRoutes = recordRoutes({
  path: "/personal_attributes/datastorage",
  named: ["a data storage", "data storages"],
  body: dataStorageInput,
  kind: dataStorageKind,
});
