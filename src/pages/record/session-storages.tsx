import type { FC } from "hono/jsx";
import type { Row } from "../../db/connection.ts";
import type { Portal } from "../../model/define.ts";
import { dataStorage } from "../../models/data-storage.ts";
import { isJsonObject, parseJson } from "../../values/json.ts";
import { RecordLink, SafeLink } from "./field-value.tsx";
import { type Located, pathInStorage } from "./storage-path.ts";

/** The data storages of a session in their order, each with the paths at which the data lies. */
export const Storages: FC<{
  storages: readonly Row[];
  session: Readonly<Record<string, unknown>>;
  portal: Portal;
}> = ({ storages, session, portal }) => {
  const located = locatedOf(session);
  return (
    <section class="card">
      <h2>Where the data lies</h2>
      {storages.length === 0 && <p class="empty">No data storage is named.</p>}
      <ol class="rows">
        {storages.map((storage, index) => (
          <li>
            <div class="row-main">
              <Storage
                storage={storage}
                index={index}
                isMain={index === 0 && storages.length > 1}
                located={located}
                portal={portal}
              />
            </div>
          </li>
        ))}
      </ol>
      {storages.some(({ organization }) => hasUnknown(organization, located)) && (
        <p class="quiet">
          What stands in {"<…>"} is named after records that are not in this service.
        </p>
      )}
    </section>
  );
};

/** Whether a path has a folder whose name is not known here. */
const hasUnknown = (organization: Row[string] | undefined, located: Located) =>
  organization != null &&
  pathInStorage("/", parseJson(String(organization)), located)?.isPartial === true;

function locatedOf(session: Readonly<Record<string, unknown>>): Located {
  const { name, name_used_in_storage: used, date_time: dateTime, projects } = session;
  const names = Array.isArray(projects) ? projects : [];
  return {
    name: String(name),
    nameUsedInStorage: String(used ?? ""),
    projects: names.filter((project) => typeof project === "string"),
    dateTime: typeof dateTime === "string" ? dateTime : null,
  };
}

const Storage: FC<{
  storage: Row;
  index: number;
  /** The first of several. */
  isMain: boolean;
  located: Located;
  portal: Portal;
}> = ({
  storage: { id, name, location, organization, protocols },
  index,
  isMain,
  located,
  portal,
}) => {
  if (name === null) return <span class="quiet">A data storage that you may not see</span>;
  const parsed = parseJson(String(protocols));
  const known = (Array.isArray(parsed) ? parsed : []).filter(isJsonObject);
  const paths = known.flatMap(({ protocol, path }) => {
    const found = pathInStorage(String(path ?? ""), parseJson(String(organization)), located);
    return found === undefined ? [] : [{ protocol: String(protocol), ...found }];
  });
  return (
    <div class="stack">
      <div class="row-name">
        <RecordLink model={dataStorage} portal={portal} id={String(id)} name={String(name)} />{" "}
        {isMain && <span class="pill">main</span>}
      </div>
      {location !== "" && <div class="quiet">{location}</div>}
      {paths.map(({ protocol, path }, row) => (
        <div class="stack tight">
          <span class="quiet">{protocol}</span>
          <span class="path">
            <code id={`path-${index}-${row}`}>
              <SafeLink address={path} />
            </code>
            <button type="button" class="plain small" data-copies={`path-${index}-${row}`} hidden>
              Copy
            </button>
          </span>
        </div>
      ))}
    </div>
  );
};
