import type { FC } from "hono/jsx";
import type { CheckedSessions, ReadRow } from "../../models/session/import-sessions.ts";
import { session } from "../../models/session/session.ts";
import { writeJson } from "../../values/json.ts";
import { Flash, FormToken } from "../layout.tsx";
import type { Names } from "./field-value.tsx";
import { DO } from "./form-actions.ts";
import { Progress } from "./import-sessions.tsx";
import { targetOf } from "./lookups.ts";

/** How many rows one page of the preview shows. */
const ROWS = 50;

/** How much of a cell the preview shows, in characters. */
const MAX_CELL = 120;

/** A page of the preview. */
interface PreviewPage {
  readonly onlyFaulty: boolean;
  /** The number of the page, from 1, and how many there are. */
  readonly page: number;
  readonly pages: number;
  readonly rows: readonly ReadRow[];
}

/**
 * The page that a button of the preview leads to.
 *
 * @param wanted the value of the button: `page.2`, `faulty.2`, or another one for the first page
 */
export function previewPage({ sessions, faults }: CheckedSessions, wanted: string): PreviewPage {
  const [view = "", number = "1"] = wanted.split(".");
  const onlyFaulty = view === "faulty" || (view !== "page" && faults.size > 0);
  const listed = onlyFaulty ? sessions.filter(({ place }) => faults.has(place)) : sessions;
  const pages = Math.max(1, Math.ceil(listed.length / ROWS));
  const page = Math.min(pages, Math.max(1, Number.parseInt(number, 10) || 1));
  return { onlyFaulty, page, pages, rows: listed.slice((page - 1) * ROWS, page * ROWS) };
}

/** The rows of a file as they will be, page by page, with the errors of each cell. */
export const Preview: FC<{
  action: string;
  checked: CheckedSessions;
  shown: PreviewPage;
  /** The names of the projects and data storages of the rows. */
  names: Names;
  hidden: readonly (readonly [string, string])[];
  token: string;
}> = ({ action, checked: { sessions, faults }, shown, names, hidden, token }) => {
  const isFaulty = faults.size > 0;
  const { onlyFaulty, page, pages, rows } = shown;
  return (
    <>
      <header>
        <h1>{isFaulty ? "The file has errors" : `${sessions.length} sessions are ready`}</h1>
        <p class="lead">Nothing is written yet.</p>
      </header>
      {isFaulty && (
        <Flash title={`${faults.size} of ${sessions.length} rows have errors`} error>
          Correct them in your file and choose it again. As long as one row has an error, none is
          written.
        </Flash>
      )}
      <form class="card" method="post" action={action} enctype="multipart/form-data" data-import>
        <FormToken value={token} />
        {hidden.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        {isFaulty && (
          <div class="field">
            <label for="file">The corrected file</label>
            <input id="file" name="file" type="file" accept=".csv,text/csv" />
          </div>
        )}
        <Progress />
        <div class="actions">
          {isFaulty ? (
            <button type="submit" name={DO} value="check" data-busy="Checking every row">
              Check it again
            </button>
          ) : (
            <button type="submit" name={DO} value="write" data-busy="Writing all sessions">
              Import {sessions.length} sessions
            </button>
          )}
          {isFaulty && (
            <button
              class="plain"
              type="submit"
              name={DO}
              value={onlyFaulty ? "page.1" : "faulty.1"}
            >
              {onlyFaulty ? "Show all rows" : "Show rows with errors"}
            </button>
          )}
          <a href={action}>Start again</a>
        </div>
        <Rows rows={rows} faults={faults} names={names} />
        {pages > 1 && (
          <div class="actions">
            <Turn
              view={onlyFaulty ? "faulty" : "page"}
              to={page - 1}
              off={page === 1}
              label="Previous rows"
            />
            <span class="quiet">
              Page {page} of {pages}
            </span>
            <Turn
              view={onlyFaulty ? "faulty" : "page"}
              to={page + 1}
              off={page === pages}
              label="Next rows"
            />
          </div>
        )}
      </form>
    </>
  );
};

const Turn: FC<{ view: string; to: number; off: boolean; label: string }> = ({
  view,
  to,
  off,
  label,
}) => (
  <button class="plain small" type="submit" name={DO} value={`${view}.${to}`} disabled={off}>
    {label}
  </button>
);

const Rows: FC<{
  rows: readonly ReadRow[];
  faults: CheckedSessions["faults"];
  names: Names;
}> = ({ rows, faults, names }) => {
  const columns = Object.keys(session.input.shape);
  return (
    <section class="scroll" tabindex={0} aria-label="Rows of the file">
      <table class="preview">
        <thead>
          <tr>
            <th scope="col">Row</th>
            {columns.map((name) => (
              <th scope="col">{session.input.descriptions?.[name]?.label ?? name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ place, input }) => (
            <Cells
              place={place}
              input={input}
              columns={columns}
              faults={faults.get(place)}
              names={names}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
};

const isReference = (name: string) => {
  const field = Object.entries(session.fields).find(([known]) => known === name)?.[1];
  return field !== undefined && targetOf(field) !== undefined;
};

/** A tag that looks like an id is a tag. */
const NO_NAMES: Names = new Map();

const Cells: FC<{
  place: string;
  input: ReadRow["input"];
  columns: readonly string[];
  faults: ReadonlyMap<string, readonly string[]> | undefined;
  names: Names;
}> = ({ place, input, columns, faults, names }) => {
  const values: Readonly<Record<string, unknown>> = input;
  // What is wrong with no column of the table is shown beside the place of the row.
  const others = [...(faults ?? [])].filter(([name]) => !columns.includes(name));
  return (
    <tr>
      <th scope="row">
        {place}
        <Faults
          messages={others.flatMap(([name, list]) => list.map((each) => `${name}: ${each}`))}
        />
      </th>
      {columns.map((name) => {
        const messages = faults?.get(name) ?? [];
        return (
          <td class={messages.length > 0 ? "faulty" : undefined}>
            {cellText(values[name], isReference(name) ? names : NO_NAMES)}
            <Faults messages={messages} />
          </td>
        );
      })}
    </tr>
  );
};

const Faults: FC<{ messages: readonly string[] }> = ({ messages }) =>
  messages.length === 0 ? null : (
    <ul class="field-errors">
      {messages.map((message) => (
        <li>{message}</li>
      ))}
    </ul>
  );

/** The value of a cell as it will be stored, with the names of records in place of their ids. */
function cellText(value: unknown, names: Names): string {
  if (value === undefined || value === null) return "";
  const text =
    typeof value === "string"
      ? value
      : Array.isArray(value) && value.every((item) => typeof item === "string")
        ? value.map((item) => names.get(item) ?? item).join("; ")
        : Object.keys(value).length === 0
          ? ""
          : writeJson(value);
  return text.length > MAX_CELL ? `${text.slice(0, MAX_CELL)}…` : text;
}
