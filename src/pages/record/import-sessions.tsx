import type { FC } from "hono/jsx";
import { runAs } from "../../db/access.ts";
import type { Row } from "../../db/connection.ts";
import { namesOf, offeredRecords } from "../../model/related.ts";
import { dataStorage } from "../../models/data-storage.ts";
import { project } from "../../models/project.ts";
import {
  type CheckedSessions,
  checkSessions,
  MAX_SESSIONS,
  writeSessions,
} from "../../models/session/import-sessions.ts";
import { session } from "../../models/session/session.ts";
import { readSessionCsv } from "../../models/session/session-csv.ts";
import { NotFoundError } from "../../values/errors.ts";
import { parseUuid } from "../../values/uuid.ts";
import { IMPORT_SCRIPTS } from "../assets.ts";
import { Flash, FormToken } from "../layout.tsx";
import { type Page, type PageContext, renderPage } from "../page.tsx";
import { isRequired } from "./field-input.tsx";
import { namesIn } from "./field-value.tsx";
import { DO } from "./form-actions.ts";
import type { Form } from "./form-values.ts";
import { type Refused, refusalOf } from "./form-write.ts";
import { Preview, previewPage } from "./import-preview.tsx";
import { listPath, recordPath } from "./paths.ts";

const PATH = "/private/stem/session/import";
const ADDRESS = `${PATH}/`;

/** How many projects the page offers by name. */
const MAX_PROJECTS = 100;

/** The parameters of the form: the chosen file, the text of a file that was read before, and the project. */
const FILE = "file";
const TEXT = "form_text";
const PROJECT = "project";

/**
 * The import of sessions from CSV: a template, a preview of every row with the errors of each cell, and then all
 * rows in one transaction, or none. The form of the preview has the text of the file, so that nothing is stored
 * before the person says so.
 */
export const importSessionsPage: Page = {
  path: PATH,
  access: "signed-in",
  get: (context) =>
    context.req.query("template") === undefined
      ? showUpload(context, new URLSearchParams(new URL(context.req.url).search))
      : sendTemplate(context),
  post: async (context, form) => {
    try {
      return await takeFile(context, form);
    } catch (error) {
      const refused =
        error instanceof NotFoundError
          ? { message: error.message, status: 400 as const }
          : refusalOf(error);
      if (refused === undefined) throw error;
      return showUpload(context, form, refused);
    }
  },
  again: (context, form, excess) =>
    showUpload(
      context,
      form,
      excess === undefined
        ? {
            message: "You have signed in since you opened this page: choose the file once more.",
            status: 403,
          }
        : {
            message: `${excess.message} Split the file, and import one part after the other.`,
            status: 413,
          },
    ),
};

/** A file with the names of the columns alone. */
async function sendTemplate(context: PageContext): Promise<Response> {
  await runAs(context.var.connection, context.var.caller, []);
  return context.body(`${Object.keys(session.input.shape).join(",")}\r\n`, 200, {
    "Content-Type": "text/csv; charset=utf-8",
    "Content-Disposition": 'attachment; filename="sessions.csv"',
  });
}

async function takeFile(context: PageContext, form: Form): Promise<Response> {
  const { connection, caller } = context.var;
  const chosen = form.get(FILE) ?? "";
  // A browser sends the line breaks of a value as CR and LF, and those of a file as they are.
  const text = (chosen === "" ? (form.get(TEXT) ?? "") : chosen).replaceAll("\r\n", "\n");
  if (text.trim() === "") {
    return showUpload(context, form, { message: "Choose a file that has rows.", status: 400 });
  }
  const written = form.get(PROJECT) ?? "";
  const projectId = parseUuid(written);
  if (projectId === undefined) {
    return showUpload(context, form, {
      message: "Choose the project of the sessions, and the file once more.",
      status: 400,
    });
  }
  const rows = readSessionCsv("The file", text, session.input);
  const checked = await checkSessions(connection, caller, {
    projectId,
    rows,
    declaration: session.input,
  });
  const wanted = form.get(DO) ?? "";
  if (wanted === "write" && checked.faults.size === 0) {
    await writeSessions(connection, checked);
    return showDone(context, checked, projectId);
  }
  const shown = previewPage(checked, wanted);
  const idsOf = (field: "projects" | "datastorage") =>
    JSON.stringify([...new Set(shown.rows.flatMap(({ input }) => input[field] ?? []))]);
  const names = await runAs(connection, caller, [
    namesOf(project, caller, idsOf("projects")),
    namesOf(dataStorage, caller, idsOf("datastorage")),
  ]);
  return renderPage(
    context,
    { title: "Import sessions", scripts: IMPORT_SCRIPTS },
    (token) => (
      <Preview
        action={ADDRESS}
        checked={checked}
        shown={shown}
        names={namesIn(names.flat())}
        token={token}
        hidden={[
          [TEXT, text],
          [PROJECT, projectId],
        ]}
      />
    ),
    { status: checked.faults.size > 0 ? 400 : 200, forms: true },
  );
}

function showDone(
  context: PageContext,
  { sessions }: CheckedSessions,
  projectId: string,
): Promise<Response> {
  return renderPage(context, { title: "Imported" }, () => (
    <>
      <header>
        <h1>{sessions.length} sessions are imported</h1>
        <p class="lead">All rows of the file were written together.</p>
      </header>
      <div class="actions">
        <a class="button" href={recordPath(project, "private", projectId)}>
          Open the project
        </a>
        <a class="button plain" href={ADDRESS}>
          Import another file
        </a>
      </div>
    </>
  ));
}

async function showUpload(context: PageContext, form: Form, refused?: Refused): Promise<Response> {
  const { connection, caller } = context.var;
  const offer = offeredRecords(project, caller, { search: "", limit: MAX_PROJECTS });
  const [projects = []] = await runAs(connection, caller, [offer]);
  return renderPage(
    context,
    { title: refused === undefined ? "Import sessions" : "Not imported", scripts: IMPORT_SCRIPTS },
    (token) => (
      <>
        <header>
          <h1>Import sessions</h1>
          <p class="lead">
            From a CSV file, such as a spreadsheet saves it: up to{" "}
            {MAX_SESSIONS.toLocaleString("en")} sessions and 4 MB. You see every row before anything
            is written; then all are written together, or none.
          </p>
        </header>
        {refused !== undefined && (
          <Flash title="Nothing was imported" error>
            {messagesOf(refused).map((message) => (
              <p>{message}</p>
            ))}
          </Flash>
        )}
        <Upload projects={projects} chosen={form.get(PROJECT) ?? ""} token={token} />
        <Columns />
      </>
    ),
    { status: refused?.status ?? 200, forms: true },
  );
}

const messagesOf = ({ message, errors }: Refused): readonly string[] => [
  ...(message === undefined ? [] : [message]),
  ...[...(errors ?? [])].flatMap(([field, messages]) =>
    messages.map((each) => `${field}: ${each}`),
  ),
];

const Upload: FC<{ projects: readonly Row[]; chosen: string; token: string }> = ({
  projects,
  chosen,
  token,
}) => (
  <form class="card" method="post" action={ADDRESS} enctype="multipart/form-data" data-import>
    <FormToken value={token} />
    <div class="field">
      <label for="project">Project</label>
      <p class="hint" id="h-project">
        All sessions go into it, before the projects that a row names itself. You see those that you
        may change.
      </p>
      {projects.length > MAX_PROJECTS ? (
        <input
          type="text"
          id="project"
          name={PROJECT}
          value={chosen}
          placeholder="the id of the project"
          aria-describedby="h-project"
          autocomplete="off"
        />
      ) : (
        <select id="project" name={PROJECT} aria-describedby="h-project">
          <option value="">Choose one</option>
          {projects.map(({ id, name }) => (
            <option value={String(id)} selected={id === chosen || projects.length === 1}>
              {name}
            </option>
          ))}
        </select>
      )}
    </div>
    <div class="field">
      <label for="file">CSV file</label>
      <p class="hint" id="h-file">
        UTF-8, with the names of the columns in the first line.
      </p>
      <input id="file" name={FILE} type="file" accept=".csv,text/csv" aria-describedby="h-file" />
    </div>
    <Progress />
    <div class="actions">
      <button type="submit" name={DO} value="check" data-busy="Checking every row">
        Check the file
      </button>
      <a class="button plain" href={`${ADDRESS}?template`}>
        Download a template
      </a>
      <a href={listPath(session, "private")}>Cancel</a>
    </div>
  </form>
);

/** What the script shows while the file is on its way. */
export const Progress: FC = () => (
  <>
    <progress hidden aria-label="Progress" />
    <p class="said" role="status" />
  </>
);

const FORMS: Readonly<Record<string, string>> = {
  projects: "ids, with ; between them",
  datastorage: "ids, with ; between them, the main one first",
  tags: "with ; between them",
  extra_fields: 'JSON, such as {"depth_um": 1200}',
  download_links:
    'JSON, such as [{"repository": "Zenodo", "url": "https://doi.org/10.5281/zenodo.1"}]',
};

const Columns: FC = () => (
  <section class="card">
    <h2>Columns</h2>
    <p class="quiet">
      An empty cell is a field that is not given. Columns that are not needed may be left out.
    </p>
    <dl class="facts pairs">
      {Object.entries(session.fields).flatMap(([name, field]) =>
        field.write === undefined
          ? []
          : [
              <dt>
                <code>{name}</code>
              </dt>,
              <dd>
                {field.help}
                {FORMS[name] !== undefined && <span class="quiet"> In a cell: {FORMS[name]}.</span>}
                {isRequired(field) && name !== "projects" && (
                  <span class="required"> required</span>
                )}
              </dd>,
            ],
      )}
    </dl>
  </section>
);
