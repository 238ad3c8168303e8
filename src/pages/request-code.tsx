import type { FC } from "hono/jsx";

/** A `GET` request to the API, as programs send it. */
export interface ShownRequest {
  /** The origin of this service: `https://registry.example`. */
  readonly origin: string;
  /** The path below `/api/`: `private/stem/session/`. */
  readonly path: string;
  /** The parameters without `format`, which changes nothing. */
  readonly parameters: URLSearchParams;
  /** The query as it is written in an address, without the question mark. */
  readonly search: string;
}

/** The models that the public clients know, by the last word of their path. */
const KNOWN_TO_CLIENTS: ReadonlySet<string> = new Set([
  "session",
  "project",
  "behavior",
  "dataacquisition",
  "manipulation",
  "datastorage",
  "group",
  "user",
  "subject",
  "cohort",
  "collection",
  "procedure",
  "procedurelog",
  "subjectlog",
  "equipment",
  "setup",
  "protocol",
  "publication",
]);

const PLACE = /^(private|public)\/\w+\/(\w+)\/(?:([0-9a-f-]{36})\/)?$/i;

const FILTER = /^filter\{(.*)\}$/;

/** The arguments of a client's `load`; undefined when the clients have none for a part of the request. */
interface ClientCall {
  readonly model: string;
  readonly portal: string;
  readonly id: string | undefined;
  readonly filters: ReadonlyMap<string, readonly string[]>;
  readonly sort: readonly string[];
  readonly include: readonly string[];
  readonly limit: string | undefined;
  readonly offset: string | undefined;
}

function clientCall({ path, parameters }: ShownRequest): ClientCall | undefined {
  const [, portal = "", model = "", id] = PLACE.exec(path) ?? [];
  if (!KNOWN_TO_CLIENTS.has(model)) return undefined;
  const filters = new Map<string, string[]>();
  const values = (name: string) => parameters.getAll(name);
  for (const [name, value] of parameters) {
    const filter = FILTER.exec(name)?.[1];
    if (filter !== undefined) filters.set(filter, [...(filters.get(filter) ?? []), value]);
    else if (!["sort[]", "include[]", "limit", "offset"].includes(name)) return undefined;
  }
  // With an id the clients send no parameters.
  if (id !== undefined && parameters.size > 0) return undefined;
  return {
    model,
    portal,
    id,
    filters,
    sort: values("sort[]"),
    // The clients add the star themselves.
    include: values("include[]").map((name) => name.replace(/\.\*$/, "")),
    limit: numberIn(values("limit")),
    offset: numberIn(values("offset")),
  };
}

const numberIn = ([text]: readonly string[]) =>
  text !== undefined && /^\d{1,15}$/.test(text) ? text : undefined;

const addressOf = ({ origin, path, search }: ShownRequest) =>
  `${origin}/api/${path}${search === "" ? "" : `?${search}`}`;

const isPublic = ({ path }: ShownRequest) => !path.startsWith("private/");

/** The request with the Python client, else with `requests`. */
export function pythonRequest(request: ShownRequest): string {
  const call = clientCall(request);
  if (call === undefined) {
    const headers = isPublic(request)
      ? ""
      : `,\n                      headers={"Authorization": "Bearer bst_..."}`;
    return `import requests\n\nanswer = requests.get(${JSON.stringify(addressOf(request))}${headers})\nprint(answer.json())`;
  }
  const list = (texts: readonly string[]) => `[${texts.map((t) => JSON.stringify(t)).join(", ")}]`;
  const filters = [...call.filters].map(
    ([name, values]) =>
      `${JSON.stringify(name)}: ${values.length === 1 ? JSON.stringify(values[0]) : list(values)}`,
  );
  const given = [
    JSON.stringify(call.model),
    ...(call.portal === "public" ? [`portal="public"`] : []),
    ...(call.id === undefined ? [] : [`id="${call.id}"`]),
    ...(filters.length > 0 ? [`filters={${filters.join(", ")}}`] : []),
    ...(call.sort.length > 0 ? [`sort=${list(call.sort)}`] : []),
    ...(call.include.length > 0 ? [`include=${list(call.include)}`] : []),
    ...(call.limit === undefined ? [] : [`limit=${call.limit}`]),
    ...(call.offset === undefined ? [] : [`offset=${call.offset}`]),
  ];
  return `from brainstem_api_tools import BrainstemClient

client = BrainstemClient(url="${request.origin}/")
print(client.load(${given.join(", ")}).json())`;
}

/** The request with the MATLAB client, else with `webread`. */
export function matlabRequest(request: ShownRequest): string {
  const call = clientCall(request);
  if (call === undefined) {
    const header = isPublic(request)
      ? ""
      : `, ...\n    'HeaderFields', {'Authorization', 'Bearer bst_...'}`;
    return `options = weboptions('ContentType', 'json'${header});
answer = webread(${matlabText(addressOf(request))}, options)`;
  }
  const cell = (texts: readonly string[]) => `{${texts.map(matlabText).join(", ")}}`;
  const pairs = [...call.filters].flatMap(([name, values]) =>
    values.flatMap((value) => [name, value]),
  );
  const given = [
    matlabText(call.model),
    ...(call.portal === "public" ? ["'portal', 'public'"] : []),
    ...(call.id === undefined ? [] : [`'id', '${call.id}'`]),
    ...(pairs.length > 0 ? [`'filter', ${cell(pairs)}`] : []),
    ...(call.sort.length > 0 ? [`'sort', ${cell(call.sort)}`] : []),
    ...(call.include.length > 0 ? [`'include', ${cell(call.include)}`] : []),
    ...(call.limit === undefined ? [] : [`'limit', ${call.limit}`]),
    ...(call.offset === undefined ? [] : [`'offset', ${call.offset}`]),
  ];
  return `client = BrainstemClient('url', '${request.origin}/');
answer = client.load(${given.join(", ")})`;
}

/** A text of MATLAB. Between quotes there can be no control character. */
function matlabText(text: string): string {
  if (!/\p{Cc}/u.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return `char([${Array.from(text, (_, index) => text.charCodeAt(index)).join(" ")}])`;
}

/** The request with curl. `-g` keeps curl from reading the braces. */
export function curlRequest(request: ShownRequest): string {
  const token = isPublic(request) ? "" : ` -H "Authorization: Bearer bst_..." \\\n `;
  return `curl -g${token} '${addressOf(request).replaceAll("'", "%27")}'`;
}

/** A request in Python, MATLAB and curl. */
export const RequestCode: FC<{ request: ShownRequest }> = ({ request }) => (
  <>
    <h3>Python</h3>
    <pre tabindex={0}>
      <code>{pythonRequest(request)}</code>
    </pre>
    <h3>MATLAB</h3>
    <pre tabindex={0}>
      <code>{matlabRequest(request)}</code>
    </pre>
    <h3>curl</h3>
    <pre tabindex={0}>
      <code>{curlRequest(request)}</code>
    </pre>
  </>
);
