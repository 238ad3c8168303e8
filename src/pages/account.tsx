import type { FC } from "hono/jsx";
import { runAs } from "../db/access.ts";
import type { Row } from "../db/connection.ts";
import { MAX_GRANTS, readAccount } from "../models/account/account.ts";
import { user } from "../models/user.ts";
import { toInstant } from "../values/instant.ts";
import { nameOfLevel } from "../values/permission.ts";
import { FormToken, PATHS, When } from "./layout.tsx";
import { type Page, renderPage } from "./page.tsx";
import { editPath } from "./record/paths.ts";

/** One's own account: the profile, the groups, the projects with the level on each, and signing out. */
export const accountPage: Page = {
  path: "/private/users/me",
  access: "signed-in",
  get: async (context) => {
    const { connection, caller } = context.var;
    const statements = readAccount(caller, toInstant(new Date()));
    const [[profile = {}] = [], groups = [], grants = []] = await runAs(
      connection,
      caller,
      statements,
    );
    return renderPage(context, { title: "Your account" }, (token) => (
      <>
        <header>
          <h1>{String(profile.name)}</h1>
          <p class="lead">Your account: what others see of you, and where you may work.</p>
        </header>
        <div class="columns">
          <div class="stack wide-gap">
            <Profile profile={profile} />
            <Sessions count={Number(profile.sessions)} token={token} />
          </div>
          <div class="stack wide-gap">
            <Groups groups={groups} />
            <Projects grants={grants} />
          </div>
        </div>
      </>
    ));
  },
};

const Profile: FC<{ profile: Row }> = ({ profile }) => {
  const facts: readonly (readonly [string, string])[] = [
    ["ORCID iD", String(profile.orcidId)],
    ["ORCID sign-in", String(profile.signInOrcid ?? "")],
    ["Website", String(profile.website)],
    ["Google Scholar", String(profile.googleScholar)],
  ];
  return (
    <section class="card">
      <h2>Profile</h2>
      <dl class="facts">
        <dt>Email</dt>
        <dd>{profile.email}</dd>
        {facts
          .filter(([, value]) => value !== "")
          .map(([label, value]) => (
            <>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </>
          ))}
        <dt>User id</dt>
        <dd>
          <code>{profile.id}</code>
        </dd>
        <dt>Since</dt>
        <dd>
          <When instant={String(profile.createdDate)} />
        </dd>
      </dl>
      <p>
        <a href={editPath(user, String(profile.id))}>Change your profile</a>
      </p>
    </section>
  );
};

const Sessions: FC<{ count: number; token: string }> = ({ count, token }) => (
  <section class="card">
    <h2>Signed in</h2>
    <p>
      {count === 1 ? "In this browser only." : `In ${count} browsers, this one among them.`} A
      browser that you do not use for 30 days is signed out. Your <a href={PATHS.tokens}>tokens</a>{" "}
      are not affected by signing out.
    </p>
    <div class="actions">
      <form method="post" action={PATHS.signOut}>
        <FormToken value={token} />
        <button class="plain" type="submit">
          Sign out here
        </button>
      </form>
      <form method="post" action={PATHS.signOut}>
        <FormToken value={token} />
        <input type="hidden" name="everywhere" value="1" />
        <button class="danger" type="submit">
          Sign out everywhere
        </button>
      </form>
    </div>
  </section>
);

const Groups: FC<{ groups: readonly Row[] }> = ({ groups }) => (
  <section class="card">
    <h2>Groups</h2>
    {groups.length === 0 ? (
      <p class="empty">You are in no group. The manager of a group adds you.</p>
    ) : (
      <ul class="rows">
        {groups.slice(0, MAX_GRANTS).map(({ name, level }) => (
          <li>
            <span class="row-main row-name">{name}</span>
            <Level level={Number(level)} />
          </li>
        ))}
      </ul>
    )}
  </section>
);

const Projects: FC<{ grants: readonly Row[] }> = ({ grants }) => {
  const projects = byProject(grants.slice(0, MAX_GRANTS));
  return (
    <section class="card">
      <h2>Projects</h2>
      {projects.length === 0 ? (
        <p class="empty">
          You are in no project yet. The manager of a project adds you, or your group.
        </p>
      ) : (
        <ul class="rows">
          {projects.map(({ name, level, ways }) => (
            <li>
              <div class="row-main">
                <div class="row-name">{name}</div>
                <div class="quiet">{ways.join(", ")}</div>
              </div>
              <Level level={level} />
            </li>
          ))}
        </ul>
      )}
      {grants.length > MAX_GRANTS && <p class="quiet">And more, which are not shown here.</p>}
    </section>
  );
};

interface HeldProject {
  readonly name: string;
  /** The highest level of all its grants. */
  readonly level: number;
  /** How the user has each level: `in person`, `manager through Lab`. */
  readonly ways: string[];
}

/** The rows of a project follow one another by name, but two projects cannot have one name. */
function byProject(grants: readonly Row[]): readonly HeldProject[] {
  const projects = new Map<string, HeldProject>();
  for (const { id, name, level, through } of grants) {
    const known = projects.get(String(id));
    const best = Math.max(known?.level ?? 0, Number(level));
    const way =
      through === null ? "in person" : `${nameOfLevel(Number(level))} through ${String(through)}`;
    projects.set(String(id), {
      name: String(name),
      level: best,
      ways: [...(known?.ways ?? []), way],
    });
  }
  return [...projects.values()];
}

const Level: FC<{ level: number }> = ({ level }) => <span class="pill">{nameOfLevel(level)}</span>;
