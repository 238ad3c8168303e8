import { recordRoutes } from "../../http/record-routes.ts";
import { dataAcquisitionInput } from "./schemas.ts";
import { dataAcquisitionKind } from "./service.ts";

export const dataAcquisitionRoutes = recordRoutes({
  path: "/modules/dataacquisition",
  named: ["a data acquisition", "data acquisitions"],
  body: dataAcquisitionInput,
  kind: dataAcquisitionKind,
});
