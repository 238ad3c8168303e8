import type { FC } from "hono/jsx";
import { FormToken } from "../layout.tsx";
import type { ShownProject } from "./shown-project.ts";

/** Whether the project is public, and for an owner the way to change that. */
export const Publication: FC<{ project: ShownProject; isOwner: boolean; path: string }> = ({
  project: { isPublic },
  isOwner,
  path,
}) => (
  <section class="card">
    <h2>{isPublic ? "Public" : "Private"}</h2>
    <p>
      {isPublic
        ? "Everybody can read this project and its sessions, without signing in."
        : "Only the people below can read this project and its sessions."}
    </p>
    <div class="actions">
      {isPublic && <a href={path.replace("/private/", "/public/")}>See it as everybody does</a>}
      {isOwner && (
        <a class="button plain" href={`${path}?confirm=${isPublic ? "unpublish" : "publish"}`}>
          {isPublic ? "Make it private" : "Publish"} …
        </a>
      )}
    </div>
  </section>
);

/** The question before a project is published or made private again, with what becomes visible. */
export const ConfirmPublication: FC<{
  project: ShownProject;
  sessions: number;
  path: string;
  token: string;
}> = ({ project: { name, isPublic }, sessions, path, token }) => {
  const all = sessions === 1 ? "its session" : `its ${sessions.toLocaleString("en")} sessions`;
  return (
    <form class="card" method="post" action={path}>
      <h1>{isPublic ? `Make “${name}” private?` : `Publish “${name}”?`}</h1>
      <FormToken value={token} />
      {isPublic ? (
        <>
          <p>
            Then only its members can read the project and {all}. A session that is in another
            public project stays public.
          </p>
          <p>Copies that others have made, and what search engines have kept, are not affected.</p>
        </>
      ) : (
        <>
          <p>Then everybody can read, without signing in, and search engines can find:</p>
          <ul>
            <li>the name, the description, the tags and the extra fields of the project,</li>
            <li>
              {all} with names, descriptions, dates, tags, extra fields and links, also those that
              are in other projects, too,
            </li>
            <li>the epochs and the records of these sessions.</li>
          </ul>
          <p>
            Nobody else sees who the members are, the history, other projects of the sessions that
            are private, or data storages that are private.
          </p>
        </>
      )}
      <div class="actions wide">
        <button type="submit" name="action" value={isPublic ? "unpublish" : "publish"}>
          {isPublic ? "Make it private" : "Publish"}
        </button>
        <a class="button plain" href={path}>
          Cancel
        </a>
      </div>
    </form>
  );
};
