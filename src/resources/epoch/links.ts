import {
  behaviors,
  dataAcquisitions,
  epochBehaviors,
  epochDataAcquisitions,
  epochManipulations,
  manipulations,
} from "../../db/tables.ts";

/** What an epoch refers to, by the name of the field: the records, and the table that links them. */
export const LINKS = {
  dataacquisition: {
    records: dataAcquisitions,
    table: epochDataAcquisitions,
    reference: epochDataAcquisitions.dataAcquisitionId,
  },
  behaviors: {
    records: behaviors,
    table: epochBehaviors,
    reference: epochBehaviors.behaviorId,
  },
  manipulations: {
    records: manipulations,
    table: epochManipulations,
    reference: epochManipulations.manipulationId,
  },
} as const;

export type Link = (typeof LINKS)[keyof typeof LINKS];

export const LINK_NAMES = Object.keys(LINKS) as (keyof typeof LINKS)[];
