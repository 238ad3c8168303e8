import type { Model } from "../../model/define.ts";
import { models } from "../../models/all.ts";
import { project } from "../../models/project.ts";
import type { Page } from "../page.tsx";
import { actionPages } from "./action-page.tsx";
import { deleteRecordPage } from "./delete-record.tsx";
import { editRecordPage } from "./edit-record.tsx";
import { genericView } from "./generic-view.tsx";
import { importSessionsPage } from "./import-sessions.tsx";
import { newRecordPage } from "./new-record.tsx";
import { type RecordView, recordPage } from "./record-page.tsx";
import { sessionView } from "./session-view.tsx";

/** The models whose records have a page of their own elsewhere. */
const ELSEWHERE: readonly Model[] = [project];

/** The models whose records have a view of their own, by name. All others are shown by their declaration. */
const VIEWS: Readonly<Record<string, RecordView>> = { session: sessionView };

/**
 * The pages of the records of every model: one record, the forms to add and to change one, and the deletion. A
 * page with a fixed word comes before the one with an id in the same place.
 */
export const recordPages: readonly Page[] = [
  importSessionsPage,
  ...models.flatMap((model) =>
    [model.path, ...model.aliases].flatMap((path) => pagesOf({ ...model, path })),
  ),
];

function pagesOf(model: Model): readonly Page[] {
  const { verbs, portals } = model;
  return [
    ...(verbs.includes("create") ? [newRecordPage(model)] : []),
    ...(verbs.includes("change") ? [editRecordPage(model)] : []),
    ...(verbs.includes("remove") ? [deleteRecordPage(model)] : []),
    ...actionPages(model),
    ...(verbs.includes("detail") && !ELSEWHERE.some(({ name }) => name === model.name)
      ? portals.map((portal) => recordPage(model, portal, VIEWS[model.name] ?? genericView))
      : []),
  ];
}
