import type { FC } from "hono/jsx";
import { pathId } from "../../api/request.ts";
import { askViolations } from "../../model/execute.ts";
import { holdsOn, targetIsVisible } from "../../model/precondition.ts";
import { models } from "../../models/all.ts";
import { project } from "../../models/project.ts";
import {
  type FeedEntry,
  findProjectHistory,
  readProjectHistory,
} from "../../models/project-history.ts";
import { compileDetail } from "../../query/compile.ts";
import { errorOf } from "../../values/violation.ts";
import { When } from "../layout.tsx";
import { type Page, pathOf, renderPage } from "../page.tsx";

/** The field of a project that this page reads. */
const NAME_ALONE = {
  include: [],
  exclude: Object.keys(project.fields).filter((name) => name !== "id" && name !== "name"),
};

/** Who changed what in a project, for its managers: the newest first, page by page. */
export const projectHistoryPage: Page = {
  path: `/private${project.path}/:id/history`,
  access: "signed-in",
  get: async (context) => {
    const { connection, caller } = context.var;
    const id = pathId(context);
    const before = /^\d{1,15}$/.exec(context.req.query("before") ?? "")?.[0];
    const { violations, answers } = await askViolations(
      connection,
      caller,
      [targetIsVisible(project, id), holdsOn("manage", "project", [id])],
      [
        compileDetail(project, caller, id, NAME_ALONE),
        findProjectHistory(caller, id, before === undefined ? undefined : Number(before)),
      ],
    );
    const refusal = errorOf(violations, undefined);
    if (refusal !== undefined) throw refusal;
    const [[shown] = [], rows] = answers;
    const { name } = JSON.parse(String(shown?.body));
    const feed = readProjectHistory(rows);
    const path = pathOf(context);
    return renderPage(context, { title: `History · ${name}` }, () => (
      <>
        <header>
          <h1>History of {name}</h1>
          <p class="lead">
            Who changed what in the project: the project itself, its sessions and their records.
          </p>
          <p>
            <a href={path.replace(/history\/$/, "")}>Back to the project</a>
          </p>
        </header>
        <section class="card">
          {feed.entries.length === 0 ? (
            <p class="empty">
              {feed.before === null ? "No change is known." : "Nothing was changed in this time."}
            </p>
          ) : (
            <ol class="rows">
              {feed.entries.map((entry) => (
                <Entry entry={entry} />
              ))}
            </ol>
          )}
        </section>
        <nav class="actions no-print" aria-label="Pages">
          {before !== undefined && (
            <a class="button plain" href={path}>
              The newest
            </a>
          )}
          {feed.before !== null && (
            <a class="button plain" href={`${path}?before=${feed.before}`}>
              Earlier
            </a>
          )}
        </nav>
      </>
    ));
  },
};

const DONE: Readonly<Record<string, string>> = {
  create: "added",
  change: "changed",
  delete: "deleted",
};

const Entry: FC<{ entry: FeedEntry }> = ({ entry }) => {
  const { action, user, dateTime, model: modelName, name, changes } = entry;
  const model = models.find((each) => each.name === modelName);
  return (
    <li>
      <div class="row-main stack">
        <div>
          <strong>{user ?? "The administrator"}</strong> {DONE[action] ?? action} the{" "}
          {model?.title ?? modelName} <RecordName entry={entry} path={model?.path} />
        </div>
        {action === "change" && changes.length > 0 && (
          <details>
            <summary class="quiet">
              {changes.map(([field]) => model?.fields[field]?.label ?? field).join(", ")}
            </summary>
            <dl class="facts changes">
              {changes.map(([field, from, to]) => (
                <>
                  <dt>{model?.fields[field]?.label ?? field}</dt>
                  <dd>
                    {from === null || from === "" ? (
                      <span class="empty">nothing</span>
                    ) : (
                      <del>{from}</del>
                    )}
                    {" → "}
                    {to === null || to === "" ? (
                      <span class="empty">nothing</span>
                    ) : (
                      <ins>{to}</ins>
                    )}
                  </dd>
                </>
              ))}
            </dl>
          </details>
        )}
        {name === null && <code class="quiet">{entry.recordId}</code>}
      </div>
      <span class="quiet">
        <When instant={dateTime} />
      </span>
    </li>
  );
};

/** The name of the record, as a link when it is there. */
const RecordName: FC<{ entry: FeedEntry; path: string | undefined }> = ({
  entry: { name, isThere, recordId },
  path,
}) => {
  if (name === null) return null;
  return isThere && path !== undefined ? (
    <a href={`/private${path}/${recordId}/`}>{name}</a>
  ) : (
    <strong>{name}</strong>
  );
};
