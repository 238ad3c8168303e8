import type { FC } from "hono/jsx";
import type { Row } from "../../db/connection.ts";
import type { Portal } from "../../model/define.ts";
import { project } from "../../models/project.ts";
import { session } from "../../models/session/session.ts";
import { subject } from "../../models/subject.ts";
import { nameOfLevel } from "../../values/permission.ts";
import { When } from "../layout.tsx";
import { RecordLink } from "./field-value.tsx";

/** The projects of a session, with one's own level on each and through whom. */
export const Projects: FC<{ projects: readonly Row[]; portal: Portal }> = ({
  projects,
  portal,
}) => (
  <section class="card">
    <h2>Projects</h2>
    <ul class="rows">
      {projects.map(({ id, name, isPublic, level, ways }) => (
        <li>
          <div class="row-main">
            <div class="row-name">
              {name === null ? (
                <span class="quiet">A project that you may not see</span>
              ) : (
                <RecordLink model={project} portal={portal} id={String(id)} name={String(name)} />
              )}
            </div>
            {portal === "private" && Number(level) > 0 && (
              <div class="quiet">You are {waysOf(String(ways)).join(", ")}</div>
            )}
          </div>
          {isPublic === 1 && portal === "private" && <span class="pill">public</span>}
        </li>
      ))}
    </ul>
  </section>
);

/** The subjects of a session, by name. */
export const Subjects: FC<{ subjects: readonly Row[]; portal: Portal }> = ({
  subjects,
  portal,
}) => (
  <ul class="plain-list">
    {subjects.map(({ id, name }) => (
      <li>
        {name === null ? (
          <span class="quiet">one that you may not see</span>
        ) : (
          <RecordLink model={subject} portal={portal} id={String(id)} name={String(name)} />
        )}
      </li>
    ))}
  </ul>
);

/** How a level is held: `owner in person`, `member through Lab`. */
function waysOf(json: string): readonly string[] {
  const ways = JSON.parse(json) as readonly (readonly [number, string | null])[];
  return ways.map(([level, group]) =>
    group === null ? `${nameOfLevel(level)} in person` : `${nameOfLevel(level)} through ${group}`,
  );
}

/** The sessions before and after this one, in each of its projects. */
export const Neighbours: FC<{
  neighbours: readonly Row[];
  projects: readonly Row[];
  isDated: boolean;
  portal: Portal;
}> = ({ neighbours, projects, isDated, portal }) => {
  const known = projects.filter(({ id }) => neighbours.some(({ project: of }) => of === id));
  return (
    <nav class="card" aria-label="In time">
      <h2>In time</h2>
      {!isDated && (
        <p class="empty">The session has no date, so nothing comes before or after it.</p>
      )}
      {isDated && known.length === 0 && (
        <p class="empty">No other session of its projects has a date.</p>
      )}
      {known.map(({ id, name }) => (
        <div class="stack">
          <p class="quiet">Among the sessions of {name}</p>
          <ul class="neighbours">
            {(["before", "after"] as const).map((way) => (
              <li>
                <Neighbour
                  found={neighbours.find((row) => row.project === id && row.way === way)}
                  way={way}
                  portal={portal}
                />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
};

const Neighbour: FC<{ found: Row | undefined; way: "before" | "after"; portal: Portal }> = ({
  found,
  way,
  portal,
}) => {
  if (found === undefined) {
    return <span class="quiet">{way === "before" ? "This is the first" : "This is the last"}</span>;
  }
  return (
    <>
      <span class="quiet">{way === "before" ? "← Before" : "After →"}</span>
      <br />
      <RecordLink model={session} portal={portal} id={String(found.id)} name={String(found.name)} />
      <br />
      <span class="quiet">
        <When instant={String(found.dateTime)} />
      </span>
    </>
  );
};
