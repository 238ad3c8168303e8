import type { FC } from "hono/jsx";
import { pathId } from "../../api/request.ts";
import type { Portal } from "../../model/define.ts";
import { pageOf, readRecordWith } from "../../model/read.ts";
import { project } from "../../models/project.ts";
import {
  countSessions,
  findStanding,
  readSessionCounts,
  readStanding,
  SPLITS,
  type Standing,
} from "../../models/project-overview.ts";
import { session } from "../../models/session/session.ts";
import { compileList } from "../../query/compile.ts";
import { NO_QUERY, type Query } from "../../query/parse.ts";
import {
  type ApiError,
  BadRequestError,
  ForbiddenError,
  ValidationError,
} from "../../values/errors.ts";
import { LEVEL } from "../../values/permission.ts";
import { PROJECT_SCRIPTS } from "../assets.ts";
import { Flash, When } from "../layout.tsx";
import { goTo, originOf, type Page, type PageContext, pathOf, renderPage } from "../page.tsx";
import { RelatedLists } from "../record/related-lists.tsx";
import { datasetOf, StructuredDataScript } from "../structured-data.tsx";
import { changeProject, readChange } from "./change-project.ts";
import { People, type TypedMember } from "./people.tsx";
import { ConfirmPublication, Publication } from "./publish.tsx";
import { SessionPlot } from "./session-plot.tsx";
import { readProject, type ShownProject } from "./shown-project.ts";

/** The pages of one project, in each portal. */
export const projectPages: readonly Page[] = [
  {
    path: `/private${project.path}/:id`,
    access: "signed-in",
    get: (context) => showProject(context, "private"),
    post: async (context, form) => {
      const { done, body } = readChange(form);
      const path = pathOf(context);
      try {
        const replied = await changeProject(context, pathId(context), body);
        const isStillSeen = replied.show === "record" && "name" in JSON.parse(replied.body);
        return goTo(context, isStillSeen ? `${path}?done=${done}` : `/private${project.path}/`);
      } catch (error) {
        const refused = refusalOf(error);
        if (refused === undefined) throw error;
        return showProject(context, "private", { ...refused, form });
      }
    },
    again: (context, form, excess) =>
      showProject(context, "private", {
        status: excess === undefined ? 403 : 413,
        sentences: [
          excess?.message ??
            "You have signed in since you opened this page. Look it over, and send it now.",
        ],
        form,
      }),
  },
  {
    path: `/public${project.path}/:id`,
    access: "anyone",
    get: (context) => showProject(context, "public"),
  },
];

/** Why a form was refused, as the page shows it above the project. */
interface Refusal {
  readonly status: 400 | 403 | 413;
  readonly sentences: readonly string[];
}

/** The errors of a form that the page shows; undefined for any other error. */
function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof ValidationError) {
    return { status: 400, sentences: [...error.fields.values()].flat() };
  }
  if (error instanceof BadRequestError || error instanceof ForbiddenError) {
    return { status: error instanceof ForbiddenError ? 403 : 400, sentences: [sentenceOf(error)] };
  }
  return undefined;
}

const sentenceOf = ({ message }: ApiError) => message;

/** How many of the newest sessions the page shows. */
const MOST_NEWEST = 8;

/** Fields of a project that the page does not read: lists of other records. */
const UNREAD = Object.entries(project.fields)
  .filter(([, { include, isConstant }]) => include !== undefined || isConstant)
  .map(([name]) => name);

const newestOf = (id: string): Query => ({
  ...NO_QUERY,
  filters: [{ path: "projects", operator: "eq", negated: false, values: [id] }],
  sort: [{ field: "date_time", descending: true }],
  exclude: Object.entries(session.fields)
    .filter(([name, { json }]) => json !== undefined && !["id", "name", "date_time"].includes(name))
    .map(([name]) => name),
  limit: MOST_NEWEST,
});

/**
 * Shows a project. The project, the level of the caller, the newest sessions and the plot are read in one round
 * trip.
 */
async function showProject(
  context: PageContext,
  portal: Portal,
  refused?: Refusal & { readonly form: URLSearchParams },
): Promise<Response> {
  const { connection, caller } = context.var;
  const id = pathId(context);
  const split = SPLITS.find((each) => each === context.req.query("by"));
  const query = newestOf(id);
  const year = /^\d{4}$/.exec(context.req.query("year") ?? "")?.[0];
  const { body, beside } = await readRecordWith(
    connection,
    caller,
    project,
    id,
    [
      findStanding(caller, id),
      countSessions(caller, id, split, year),
      compileList(session, caller, query),
    ],
    { ...NO_QUERY, exclude: UNREAD },
  );
  const [standings, counts, list = []] = beside;
  const standing = readStanding(standings);
  const shown = readProject(body);
  const own = portal === "public" ? 0 : standing.level;
  const newest = pageOf(session, query, [list]);
  const path = pathOf(context);
  const isQuestion = context.req.query("confirm") !== undefined && own >= LEVEL.owner;
  if (isQuestion) {
    return renderPage(
      context,
      { title: shown.isPublic ? "Make private" : "Publish", narrow: true },
      (token) => (
        <ConfirmPublication project={shown} sessions={newest.count} path={path} token={token} />
      ),
      { forms: true },
    );
  }
  return renderPage(
    context,
    {
      title: `${shown.name} · Project`,
      ...descriptionOf(shown, portal),
      ...(portal === "private" && { scripts: PROJECT_SCRIPTS }),
    },
    (token) => (
      <>
        <Message done={context.req.query("done")} refused={refused} />
        <header class="project-head">
          <div class="stack">
            <h1>{shown.name}</h1>
            <p class="quiet">
              <span class="pill">{shown.isPublic ? "Public project" : "Private project"}</span>{" "}
              {shown.tags.map((tag) => (
                <>
                  <span class="pill">{tag}</span>{" "}
                </>
              ))}
            </p>
          </div>
          <Actions path={path} own={own} />
        </header>
        {shown.description.trim() !== "" && (
          <Description
            text={shown.description}
            all={context.req.query("description") === "all"}
            path={path}
          />
        )}
        <SessionPlot plot={{ id: shown.id, portal, split, counts: readSessionCounts(counts) }} />
        <div class="columns">
          <Newest
            sessions={newest.bodies.map((each) => JSON.parse(each))}
            count={newest.count}
            id={shown.id}
            portal={portal}
          />
          <div class="stack wide-gap">
            {portal === "private" && (
              <Publication project={shown} isOwner={own >= LEVEL.owner} path={path} />
            )}
            <About project={shown} standing={standing} path={path} />
            <RelatedLists
              model={project}
              portal={portal}
              id={shown.id}
              mayAdd={portal === "private" && own >= LEVEL.contributor}
              counts={new Map([...standing.counts, ["session", newest.count]])}
              heading="In this project"
            />
          </div>
        </div>
        {portal === "private" && (
          <People
            project={shown}
            own={own}
            path={path}
            token={token}
            all={context.req.query("people") === "all"}
            typed={typedIn(refused?.form)}
          />
        )}
        {portal === "public" && (
          <StructuredDataScript data={datasetOf("project", shown, `${originOf(context)}${path}`)} />
        )}
      </>
    ),
    { status: refused?.status ?? 200, forms: portal === "private" },
  );
}

/** What search engines show of a public project. */
function descriptionOf({ name, description }: ShownProject, portal: Portal) {
  if (portal !== "public") return {};
  const text = description.trim().replace(/\s+/g, " ");
  return {
    description:
      text === "" ? `The project ${name} and its recording sessions.` : text.slice(0, 160),
  };
}

/** What was typed to add a member, when it was refused. */
function typedIn(form: URLSearchParams | undefined): TypedMember | undefined {
  if (form?.get("action") !== "add-member") return undefined;
  const textOf = (name: string) => form.get(name) ?? "";
  return { kind: textOf("kind"), key: textOf("key"), level: textOf("level") };
}

const DONE: Readonly<Record<string, string>> = {
  published: "The project is public.",
  unpublished: "The project is private.",
  added: "Added.",
  changed: "The level is changed.",
  removed: "Removed.",
};

const Message: FC<{ done: string | undefined; refused: Refusal | undefined }> = ({
  done = "",
  refused,
}) => {
  if (refused !== undefined) {
    return (
      <Flash title="That was not changed" error>
        {refused.sentences.map((sentence) => (
          <p>{sentence}</p>
        ))}
      </Flash>
    );
  }
  const words = Object.hasOwn(DONE, done) ? DONE[done] : undefined;
  return words === undefined ? null : <Flash title={words} />;
};

const Actions: FC<{ path: string; own: number }> = ({ path, own }) => (
  <div class="actions no-print">
    {own >= LEVEL.contributor && (
      <a class="button" href={`${path}edit/`}>
        Edit
      </a>
    )}
    {own >= LEVEL.manager && (
      <a class="button plain" href={`${path}history/`}>
        History
      </a>
    )}
    {own >= LEVEL.owner && (
      <a class="button plain" href={`${path}delete/`}>
        Delete
      </a>
    )}
  </div>
);

/** How much of a description the page shows at first, in UTF-16 units. */
const MOST_OF_DESCRIPTION = 4_000;

const Description: FC<{ text: string; all: boolean; path: string }> = ({ text, all, path }) => {
  const isCut = !all && text.length > MOST_OF_DESCRIPTION;
  const shown = isCut
    ? `${text.slice(0, MOST_OF_DESCRIPTION).replace(/[\ud800-\udbff]$/, "")}…`
    : text;
  return (
    <section class="card">
      <h2>Description</h2>
      <p class="prose">{shown}</p>
      {isCut && (
        <p>
          <a href={`${path}?description=all`}>All of the description</a>
        </p>
      )}
    </section>
  );
};

const Newest: FC<{
  sessions: readonly Readonly<Record<string, string | null>>[];
  count: number;
  id: string;
  portal: Portal;
}> = ({ sessions, count, id, portal }) => (
  <section class="card">
    <h2>
      Newest sessions <span class="quiet">{count.toLocaleString("en")} in all</span>
    </h2>
    {sessions.length === 0 ? (
      <p class="empty">None yet.</p>
    ) : (
      <ul class="rows">
        {sessions.map(({ id: sessionId, name, date_time: dateTime }) => (
          <li>
            <a class="row-main row-name" href={`/${portal}/stem/session/${sessionId}/`}>
              {name}
            </a>
            <span class="quiet">
              {dateTime == null ? "no date" : <When instant={dateTime.slice(0, -1)} day />}
            </span>
          </li>
        ))}
      </ul>
    )}
    <div class="actions">
      <a href={`/${portal}/stem/session/?filter{projects}=${id}&sort[]=-date_time`}>
        All sessions of the project
      </a>
    </div>
  </section>
);

/** How many extra fields the page shows, and how much of each. */
const MOST_EXTRA = { fields: 40, text: 300 } as const;

const About: FC<{ project: ShownProject; standing: Standing; path: string }> = ({
  project: shown,
  standing: { createdDate, updatedDate },
  path,
}) => (
  <section class="card">
    <h2>About</h2>
    <dl class="facts">
      {shown.extraFields.slice(0, MOST_EXTRA.fields).map(([key, value]) => (
        <>
          <dt>{key}</dt>
          <dd>{value.length > MOST_EXTRA.text ? `${value.slice(0, MOST_EXTRA.text)}…` : value}</dd>
        </>
      ))}
      <dt>Id</dt>
      <dd>
        <code>{shown.id}</code>
      </dd>
      <dt>Made</dt>
      <dd>
        <When instant={createdDate} day />
      </dd>
      <dt>Changed</dt>
      <dd>
        <When instant={updatedDate} day />
      </dd>
    </dl>
    <p class="quiet">
      {shown.extraFields.length > MOST_EXTRA.fields &&
        `And ${shown.extraFields.length - MOST_EXTRA.fields} more fields. `}
      <a href={`/api${path}`}>This project in the API</a>
    </p>
  </section>
);
