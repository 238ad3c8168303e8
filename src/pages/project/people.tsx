import type { FC } from "hono/jsx";
import { group } from "../../models/group.ts";
import { user } from "../../models/user.ts";
import { LEVEL, type LevelName, nameOfLevel } from "../../values/permission.ts";
import { FormToken } from "../layout.tsx";
import { type MemberKind, Suggestions, suggesting } from "../member-suggestions.tsx";
import { listPath } from "../record/paths.ts";
import { levelsToGive, type Member, type ShownProject } from "./shown-project.ts";

/** How many users, and how many groups, the page shows. */
const MOST_MEMBERS = 40;

/** What each level lets a member do. */
const LEVEL_WORDS: Readonly<Record<LevelName, string>> = {
  member: "reads",
  contributor: "reads and changes sessions",
  manager: "also adds and removes members and contributors, and reads the history",
  owner: "also publishes, deletes, and chooses managers and owners",
};

type Kind = MemberKind;

/** What was typed into the form to add somebody, when it was refused. */
export interface TypedMember {
  readonly kind: string;
  readonly key: string;
  readonly level: string;
}

/** The users and groups of a project with their levels, and forms for who may change them. */
export const People: FC<{
  project: ShownProject;
  own: number;
  path: string;
  token: string;
  all: boolean;
  typed: TypedMember | undefined;
}> = ({ project, own, path, token, all, typed }) => {
  const given = levelsToGive(own);
  const part = { own, path, token, all };
  return (
    <section class="card" id="people">
      <h2>People</h2>
      <p class="quiet">
        Your level is <strong>{nameOfLevel(own)}</strong>, which {LEVEL_WORDS[nameOfLevel(own)]}.
      </p>
      <Members title="Users" kind="users" members={project.users} {...part} />
      <Members title="Groups" kind="groups" members={project.groups} {...part} />
      {given.length > 0 && (
        <div class="columns">
          <AddMember kind="users" given={given} path={path} token={token} typed={typed} />
          <AddMember kind="groups" given={given} path={path} token={token} typed={typed} />
        </div>
      )}
    </section>
  );
};

const Members: FC<{
  title: string;
  kind: Kind;
  members: readonly Member[];
  own: number;
  path: string;
  token: string;
  all: boolean;
}> = ({ title, kind, members, own, path, token, all }) => {
  const shown = all ? members : members.slice(0, MOST_MEMBERS);
  const given = levelsToGive(own);
  return (
    <div class="stack">
      <h3>{title}</h3>
      {members.length === 0 ? (
        <p class="empty">None.</p>
      ) : (
        <ul class="rows">
          {shown.map((member) => (
            <li>
              <span class="row-main row-name">{member.key}</span>
              {given.includes(nameOfLevel(member.level)) ? (
                <ChangeMember kind={kind} member={member} given={given} path={path} token={token} />
              ) : (
                <span class="pill">{nameOfLevel(member.level)}</span>
              )}
            </li>
          ))}
        </ul>
      )}
      {shown.length < members.length && (
        <p>
          <a href={`${path}?people=all#people`}>All {members.length}</a>
        </p>
      )}
    </div>
  );
};

const ChangeMember: FC<{
  kind: Kind;
  member: Member;
  given: readonly LevelName[];
  path: string;
  token: string;
}> = ({ kind, member: { key, level }, given, path, token }) => (
  <form class="member-form" method="post" action={path}>
    <FormToken value={token} />
    <input type="hidden" name="kind" value={kind} />
    <input type="hidden" name="key" value={key} />
    <select name="level" aria-label={`Level of ${key}`}>
      {given.map((name) => (
        <option value={name} selected={LEVEL[name] === level}>
          {name}
        </option>
      ))}
    </select>
    <button
      class="plain"
      type="submit"
      name="action"
      value="set-member"
      aria-label={`Change the level of ${key}`}
    >
      Change
    </button>
    <button
      class="danger"
      type="submit"
      name="action"
      value="remove-member"
      aria-label={`Remove ${key}`}
    >
      Remove
    </button>
  </form>
);

const ADD = {
  users: {
    title: "Add a user",
    label: "Email",
    hint: "as the user signs in",
    most: 320,
    all: { path: listPath(user, "private"), text: "See all users" },
  },
  groups: {
    title: "Add a group",
    label: "Name of the group",
    hint: "such as a lab",
    most: 100,
    all: { path: listPath(group, "private"), text: "See all groups" },
  },
} as const;

const AddMember: FC<{
  kind: Kind;
  given: readonly LevelName[];
  path: string;
  token: string;
  typed: TypedMember | undefined;
}> = ({ kind, given, path, token, typed }) => {
  const { title, label, hint, most, all } = ADD[kind];
  const before = typed?.kind === kind ? typed : undefined;
  return (
    <form class="stack add-member" method="post" action={path}>
      <h3>{title}</h3>
      <FormToken value={token} />
      <input type="hidden" name="kind" value={kind} />
      <div class="field">
        <label for={`add-${kind}`}>
          {label} <span class="hint">{hint}</span>
        </label>
        <input
          id={`add-${kind}`}
          name="key"
          type="text"
          required
          maxlength={most}
          value={before?.key ?? ""}
          aria-invalid={before === undefined ? undefined : "true"}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          {...suggesting(kind, `known-${kind}`)}
        />
        <Suggestions list={`known-${kind}`} />
      </div>
      <div class="field">
        <label for={`level-${kind}`}>Level</label>
        <select id={`level-${kind}`} name="level">
          {given.map((name) => (
            <option value={name} selected={name === before?.level}>
              {name}: {LEVEL_WORDS[name]}
            </option>
          ))}
        </select>
      </div>
      <div class="actions">
        <button type="submit" name="action" value="add-member">
          Add
        </button>
        <a href={all.path}>{all.text}</a>
      </div>
    </form>
  );
};
