import type { InputDeclaration, InputOf } from "../record/input.ts";
import { changeRecord, createRecord, type RecordKind, removeRecord } from "../record/service.ts";
import {
  changeRoute,
  createRoute,
  deleteRoute,
  detailRoute,
  listRoute,
  type Portal,
  type Route,
  replaceRoute,
} from "./route.ts";

const READ_IN: readonly Portal[] = ["private", "public"];

/** A kind of records, and where its routes lie. */
interface RecordPlace<Declaration extends InputDeclaration> {
  /** Below `/api/{portal}`, without a closing slash: `/modules/behavior`. */
  readonly path: string;
  /** For the summaries: `["a behavior", "behaviors"]`. */
  readonly named: readonly [one: string, many: string];
  readonly body: Declaration;
  readonly kind: RecordKind<InputOf<Declaration>>;
  /** Where they are read, both portals when absent. */
  readonly readIn?: readonly Portal[];
}

/** The routes of records that are read in the portals and written one at a time, all by one body. */
export function recordRoutes<Declaration extends InputDeclaration>({
  path,
  named: [one, many],
  body,
  kind,
  readIn = READ_IN,
}: RecordPlace<Declaration>): readonly Route[] {
  const { resource, rules } = kind;
  const all = { path, resource };
  const each = { path: `${path}/:id`, resource };
  return [
    listRoute({ ...all, summary: `List ${many}`, portals: readIn }),
    createRoute({
      ...all,
      summary: `Add ${one}`,
      body,
      needs: ({ input }) => rules.create(input),
      write: ({ connection, viewer, input }) => createRecord(connection, viewer, kind, input),
    }),
    detailRoute({ ...each, summary: `Read ${one}`, portals: readIn }),
    replaceRoute({
      ...each,
      summary: `Replace ${one}: absent fields go back to their defaults`,
      body,
      needs: ({ id, input }) => rules.change(id, input),
      write: ({ connection, viewer, id, input }) =>
        changeRecord(connection, viewer, kind, id, input),
    }),
    changeRoute({
      ...each,
      summary: `Change the fields of ${one} that are named`,
      body,
      needs: ({ id, input }) => rules.change(id, input),
      write: ({ connection, viewer, id, input }) =>
        changeRecord(connection, viewer, kind, id, input),
    }),
    deleteRoute({
      ...each,
      summary: `Delete ${one}`,
      needs: ({ id }) => rules.remove(id),
      remove: ({ connection, viewer, id }) => removeRecord(connection, viewer, kind, id),
    }),
  ];
}
