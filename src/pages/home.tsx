import type { FC } from "hono/jsx";
import type { Caller } from "../db/access.ts";
import { PUBLIC } from "../db/access.ts";
import type { Model, Portal } from "../model/define.ts";
import type { Page as RecordPage } from "../model/read.ts";
import { project } from "../models/project.ts";
import { session } from "../models/session/session.ts";
import { NO_QUERY } from "../query/parse.ts";
import { CODE_SCRIPTS } from "./assets.ts";
import { PATHS, When } from "./layout.tsx";
import { listPath, manyOf, offeredColumns } from "./list-columns.ts";
import { searchParameter } from "./list-filters.ts";
import { type ReadList, readLists, withColumns } from "./list-query.ts";
import type { ShownRecord } from "./list-table.tsx";
import { originOf, type Page, readAnywhere, renderPage } from "./page.tsx";
import { RequestCode } from "./request-code.tsx";
import { catalogOf } from "./structured-data.tsx";

/** The home page: what the service is, what is new in it, and how to begin. */
export const homePage: Page = {
  path: "/",
  access: "anyone",
  get: async (context) => {
    readAnywhere(context);
    const { connection, caller } = context.var;
    const visitor = caller.kind === "public" ? caller.visitor : undefined;
    const lists = [
      ...newestOf(PUBLIC, "created_date"),
      ...(visitor === undefined ? [] : newestOf(visitor, "updated_date")),
    ];
    const [
      publicSessions = NO_PAGE,
      publicProjects = NO_PAGE,
      sessions = NO_PAGE,
      projects = NO_PAGE,
    ] = await readLists(connection, caller, lists);
    const origin = originOf(context);
    const isSignedIn = connection.credential !== undefined;
    const portal = isSignedIn ? "private" : "public";
    return renderPage(
      context,
      {
        title: "Session registry for neuroscience",
        description:
          "A registry of neuroscience recording sessions: what was recorded, done and observed, in which project, and where the data lies.",
        scripts: CODE_SCRIPTS,
        canonical: `${origin}/`,
        structuredData: { "@context": "https://schema.org", ...catalogOf(origin) },
      },
      () => (
        <>
          <header class="hero">
            <h1>Find a recording session</h1>
            <p class="lead">
              This registry keeps what was recorded, done and observed in a neuroscience lab: the
              projects of each session, and where its data lies.
            </p>
            <SearchForm portal={portal} />
            <p class="quiet">
              <Counted page={publicSessions} model={session} /> and{" "}
              <Counted page={publicProjects} model={project} /> are public.
              {!isSignedIn && (
                <>
                  {" "}
                  <a href={PATHS.signIn}>Sign in</a> to see those of your lab.
                </>
              )}
            </p>
          </header>
          <div class="columns">
            {isSignedIn ? (
              <>
                <Newest
                  title="Your latest sessions"
                  portal="private"
                  model={session}
                  page={sessions}
                />
                <Newest
                  title="Your latest projects"
                  portal="private"
                  model={project}
                  page={projects}
                />
              </>
            ) : (
              <>
                <Newest
                  title="Newest public sessions"
                  portal="public"
                  model={session}
                  page={publicSessions}
                />
                <Newest
                  title="Newest public projects"
                  portal="public"
                  model={project}
                  page={publicProjects}
                />
              </>
            )}
          </div>
          <section class="card">
            <h2>Use it from a program</h2>
            <p class="quiet">
              The same records, from Python, MATLAB or any HTTP client at this address.{" "}
              {isSignedIn ? (
                <>
                  A program acts for you with a <a href={PATHS.tokens}>token</a>; the clients for
                  Python and MATLAB get one by themselves, after you approve it.
                </>
              ) : (
                "Public records need no token."
              )}
            </p>
            <RequestCode
              request={{
                origin,
                path: `${portal}${session.path}/`,
                parameters: EXAMPLE,
                isWhole: true,
              }}
            />
          </section>
        </>
      ),
    );
  },
};

/** The query of the examples: the newest recordings. */
const EXAMPLE = new URLSearchParams({ "sort[]": "-date_time" });

const NO_PAGE: Pick<RecordPage, "bodies" | "count"> = { bodies: [], count: 0 };

const MOST_NEWEST = 5;

/** The newest, or latest changed, sessions and projects that a caller sees, in this order. */
function newestOf(caller: Caller, field: "created_date" | "updated_date"): readonly ReadList[] {
  return [session, project].map((model) => {
    const columns = offeredColumns(model).filter(({ name }) =>
      ["date_time", "projects", "tags"].includes(name),
    );
    const query = {
      ...NO_QUERY,
      sort: [{ field, descending: true }],
      limit: MOST_NEWEST,
    };
    return { model, caller, query: withColumns(model, query, columns) };
  });
}

const SearchForm: FC<{ portal: Portal }> = ({ portal }) => (
  <search>
    <form class="search" method="get" action={listPath(portal, session)}>
      <label class="unseen" for="search">
        Search sessions
      </label>
      <input
        id="search"
        type="search"
        name={searchParameter(session)}
        required
        maxlength={200}
        placeholder="Search sessions"
        autocomplete="off"
        spellcheck={false}
      />
      <button type="submit">Search</button>
    </form>
  </search>
);

const Counted: FC<{ page: Pick<RecordPage, "count">; model: Model }> = ({
  page: { count },
  model,
}) => (
  <a href={listPath("public", model)}>
    {count.toLocaleString("en")} {(count === 1 ? model.label : manyOf(model)).toLowerCase()}
  </a>
);

interface NewestProps {
  readonly title: string;
  readonly portal: Portal;
  readonly model: Model;
  readonly page: Pick<RecordPage, "bodies" | "count">;
}

const Newest: FC<NewestProps> = ({ title, portal, model, page: { bodies, count } }) => (
  <section class="card">
    <h2>{title}</h2>
    {bodies.length === 0 ? (
      <p class="empty">
        {portal === "public"
          ? `There are no public ${manyOf(model).toLowerCase()} yet.`
          : "There are none yet. The manager of a project adds you, or your group."}
      </p>
    ) : (
      <ul class="rows compact">
        {bodies.map((body) => (
          <NewestRecord portal={portal} model={model} record={JSON.parse(body) as ShownRecord} />
        ))}
      </ul>
    )}
    {count > bodies.length && (
      <p>
        <a href={listPath(portal, model)}>
          All {count.toLocaleString("en")} {manyOf(model).toLowerCase()}
        </a>
      </p>
    )}
  </section>
);

const NewestRecord: FC<{ portal: Portal; model: Model; record: ShownRecord }> = ({
  portal,
  model,
  record: { id, name, date_time: dateTime, projects = [], tags = [] },
}) => {
  const names = (projects as readonly { readonly name?: string }[]).flatMap(
    (each) => each.name ?? [],
  );
  const about = [...names, ...(tags as readonly string[])].slice(0, 3).join(" · ");
  return (
    <li>
      <div class="row-main">
        <a class="row-name" href={`${listPath(portal, model)}${String(id)}/`}>
          {String(name)}
        </a>
        {about !== "" && <div class="quiet">{about}</div>}
      </div>
      {typeof dateTime === "string" && (
        <span class="quiet">
          <When instant={dateTime.replace(/Z$/, "")} day />
        </span>
      )}
    </li>
  );
};
