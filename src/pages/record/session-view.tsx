import type { Model } from "../../model/define.ts";
import { pageOf } from "../../model/read.ts";
import { behavior } from "../../models/behavior.ts";
import { dataAcquisition } from "../../models/data-acquisition.ts";
import { epoch } from "../../models/epoch.ts";
import { historyEntry } from "../../models/history-entry.ts";
import { manipulation } from "../../models/manipulation.ts";
import {
  neighboursInTime,
  projectsAround,
  storagesAround,
  subjectsAround,
} from "../../models/session/surroundings.ts";
import { compileList } from "../../query/compile.ts";
import { type FilterClause, NO_QUERY, type Query } from "../../query/parse.ts";
import { datasetOf, type PublicRecord } from "../structured-data.tsx";
import { FieldValue, isEmpty, namesIn, readJsonRecord } from "./field-value.tsx";
import { History } from "./history-list.tsx";
import { recordPath } from "./paths.ts";
import type { RecordView, ShownRecord } from "./record-page.tsx";
import { Neighbours, Projects, Subjects } from "./session-projects.tsx";
import { Storages } from "./session-storages.tsx";
import { type RecordsOfKind, Timeline } from "./session-timeline.tsx";

/** How many records of each kind, and how many changes, the page of a session shows. */
const MAX_RECORDS = 50;
const MAX_CHANGES = 20;

/** The kinds of records that a session has, by the fields of the session. */
const KINDS: readonly (readonly [string, Model])[] = [
  ["epochs", epoch],
  ["dataacquisition", dataAcquisition],
  ["behaviors", behavior],
  ["manipulations", manipulation],
];

const equals = (path: string, id: string): FilterClause => ({
  path,
  operator: "eq",
  negated: false,
  values: [id],
});

const recordsOf = (id: string, { fields }: Model): Query => ({
  ...NO_QUERY,
  filters: [equals("session", id)],
  sort: [{ field: "order", descending: false }],
  exclude: ["details", "image"].filter((name) => Object.hasOwn(fields, name)),
  limit: MAX_RECORDS,
});

const changesOf = (id: string): Query => ({
  ...NO_QUERY,
  filters: [equals("record", id)],
  sort: [{ field: "id", descending: true }],
  limit: MAX_CHANGES,
});

/** A session with everything around it: its projects, its place in time, where its data lies, and what it has. */
export const sessionView: RecordView = {
  selection: () => ({
    include: [],
    exclude: ["projects", "datastorage", "epochs", "dataacquisition", "behaviors", "manipulations"],
  }),
  statements: (_model, caller, id, portal) => [
    projectsAround(caller, id),
    storagesAround(caller, id),
    neighboursInTime(caller, id),
    subjectsAround(caller, id),
    ...KINDS.map(([, kind]) => compileList(kind, caller, recordsOf(id, kind))),
    ...(portal === "private" ? [compileList(historyEntry, caller, changesOf(id))] : []),
  ],
  show: (shown) => <Session shown={shown} />,
  // The fields of a session as the public portal answers them.
  structuredData: (record, address) =>
    datasetOf("session", record as unknown as PublicRecord, address),
  description: ({ name, description }) =>
    `${String(name)}: ${String(description).slice(0, 150) || "a session in a public project."}`,
};

const Session = ({ shown }: { shown: ShownRecord }) => {
  const { model, record, rows, portal, id, may } = shown;
  const [projects = [], storages = [], neighbours = [], subjects = [], ...lists] = rows;
  const kinds: readonly RecordsOfKind[] = KINDS.map(([field, kind], index) => {
    const { bodies, count } = pageOf(kind, recordsOf(id, kind), [lists[index] ?? []]);
    const { label = kind.label } = model.fields[field] ?? {};
    return { label, model: kind, records: bodies.map(readJsonRecord), count };
  });
  const changes =
    portal === "private"
      ? pageOf(historyEntry, changesOf(id), [lists[KINDS.length] ?? []])
      : undefined;
  const { description, date_time, name_used_in_storage, tags, extra_fields, download_links } =
    model.fields;
  const facts = { date_time, tags, name_used_in_storage, download_links, extra_fields };
  return (
    <>
      <div class="columns wide-first">
        <div class="stack wide-gap">
          <section class="card">
            <h2>About</h2>
            {!isEmpty(record.description) && description !== undefined && (
              <FieldValue field={description} value={record.description} portal={portal} />
            )}
            <dl class="facts">
              {subjects.length > 0 && (
                <>
                  <dt>Subjects</dt>
                  <dd>
                    <Subjects subjects={subjects} portal={portal} />
                  </dd>
                </>
              )}
              {Object.entries(facts).map(
                ([key, field]) =>
                  field !== undefined && (
                    <>
                      <dt>{field.label}</dt>
                      <dd>
                        <FieldValue field={field} value={record[key]} portal={portal} />
                      </dd>
                    </>
                  ),
              )}
              <dt>ID</dt>
              <dd>
                <code>{id}</code>
              </dd>
            </dl>
          </section>
          <Storages
            storages={storages}
            session={{ ...record, projects: projects.map(({ name: project }) => project) }}
            portal={portal}
          />
        </div>
        <div class="stack wide-gap">
          <Projects projects={projects} portal={portal} />
          <Neighbours
            neighbours={neighbours}
            projects={projects}
            isDated={record.date_time !== null}
            portal={portal}
          />
        </div>
      </div>
      <Timeline kinds={kinds} portal={portal} session={id} mayAdd={may.change} />
      {changes !== undefined && changes.count > 0 && (
        <History
          entries={changes.bodies.map(readJsonRecord)}
          heading="History"
          model={model}
          names={namesIn([...projects, ...storages])}
          more={{
            address: `${recordPath(model, portal, id)}history/`,
            text:
              changes.count > changes.bodies.length
                ? `The whole history: ${changes.count} changes`
                : "The history on a page of its own",
          }}
        />
      )}
    </>
  );
};
