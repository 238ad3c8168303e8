import { dataStorages } from "../../db/tables.ts";
import { asFlag, asJson, storeOf, withFold } from "../../record/store.ts";
import type { DataStorageInput } from "./schemas.ts";

/** The statements that write a data storage. */
export const dataStorageStore = storeOf<DataStorageInput>(dataStorages, {
  name: withFold(dataStorages.name, dataStorages.nameFolded),
  location: withFold(dataStorages.location, dataStorages.locationFolded),
  description: withFold(dataStorages.description, dataStorages.descriptionFolded),
  isPublic: asFlag(dataStorages.isPublic),
  dataOrganization: asJson(dataStorages.dataOrganization),
  dataProtocols: asJson(dataStorages.dataProtocols),
});
