import { isJsonObject } from "../../values/json.ts";

/** What of a session the folders of a data storage are named after. */
export interface Located {
  readonly name: string;
  readonly nameUsedInStorage: string;
  /** The names of its projects, the first one first. */
  readonly projects: readonly string[];
  /** As answers have it; null when it is unknown. */
  readonly dateTime: string | null;
}

/** A folder of a path: its name, or where this service does not know it, what it is named after. */
type Folder = { readonly name: string } | { readonly unknown: string };

/**
 * The path of a session's data below a base path, by the elements of `data_organization` from the top folder down:
 * `Projects`, `Sessions` and `Years` have their names here. BrainSTEM has the records of `Subjects`, `Cohorts` and
 * `Collections`, so the folder of each stands as `<subject>`. The folder of a session has the name that it had in
 * the storage, and its own name when there is none. The data files lie in the folder of the session.
 *
 * @param base the path of a protocol, such as `/mnt/server/data/` or `smb://server/data`
 * @returns the path, and whether a part of it is unknown; undefined when there is no base and no organization
 */
export function pathInStorage(
  base: string,
  organization: unknown,
  session: Located,
): { readonly path: string; readonly isPartial: boolean } | undefined {
  const elements = (Array.isArray(organization) ? organization : []).map((item) =>
    isJsonObject(item) ? String(item.elements ?? "") : "",
  );
  if (base.trim() === "" && elements.length === 0) return undefined;
  const folders = elements.map((element) => folderOf(element, session));
  const names = folders.map((folder) => ("name" in folder ? folder.name : `<${folder.unknown}>`));
  const separator = /^[A-Za-z]:\\|^\\\\/.test(base) ? "\\" : "/";
  const start = base.trim().replace(/[\\/]+$/, "");
  const isRoot = start === "" && /^[\\/]/.test(base.trim());
  const parts = [...(start === "" && !isRoot ? [] : [start]), ...names];
  return {
    path: parts.join(separator) + (names.length > 0 ? separator : ""),
    isPartial: folders.some((folder) => "unknown" in folder),
  };
}

function folderOf(element: string, session: Located): Folder {
  switch (element.toLowerCase()) {
    case "projects":
      return known(session.projects[0], "project");
    case "sessions":
      return known(session.nameUsedInStorage || session.name, "session");
    case "years":
      return known(session.dateTime?.slice(0, 4), "year");
    default:
      return { unknown: element.toLowerCase().replace(/s$/, "") || "folder" };
  }
}

const known = (name: string | undefined, what: string): Folder =>
  name === undefined || name === "" ? { unknown: what } : { name };
