import type { FC } from "hono/jsx";
import { readable } from "./list-address.ts";

/** A `GET` request to the API, as programs send it. */
export interface CodedRequest {
  /** The origin of this service: `https://registry.example`. */
  readonly origin: string;
  /** The path below `/api/`, with its closing slash: `private/stem/session/`. */
  readonly path: string;
  readonly parameters: URLSearchParams;
  /**
   * Set where every record of a list is asked for: the pages of the list are then left to the programs. A program
   * without a client gets the first hundred records.
   */
  readonly isWhole?: boolean;
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
  "consumablestock",
  "setup",
  "inventory",
  "behavioralassay",
]);

const PLACE = /^(?:private|public)\/\w+\/(\w+)\/(?:([0-9a-f-]{36})\/)?$/i;

const FILTER = /^filter\{(.*)\}$/;

const OF_PAGE = ["limit", "offset", "after", "format"];

/** A request as the arguments of a client's `load`. */
interface ClientCall {
  readonly model: string;
  readonly id: string | undefined;
  readonly filters: ReadonlyMap<string, readonly string[]>;
  readonly sort: readonly string[];
  readonly include: readonly string[];
  readonly limit: string | undefined;
  readonly offset: string | undefined;
  /** The parameters for which the clients have no argument. */
  readonly others: URLSearchParams;
}

/** @returns undefined for an address that the clients do not know */
function clientCall(request: CodedRequest): ClientCall | undefined {
  const [, model = "", id] = PLACE.exec(request.path) ?? [];
  if (!KNOWN_TO_CLIENTS.has(model)) return undefined;
  const filters = new Map<string, string[]>();
  const [sort, include]: [string[], string[]] = [[], []];
  const pages = new Map<string, string>();
  const others = new URLSearchParams();
  for (const [name, value] of askedParameters(request)) {
    const filter = FILTER.exec(name)?.[1];
    // With an id the clients send no parameters of their own.
    if (id !== undefined) others.append(name, value);
    else if (filter !== undefined) filters.set(filter, [...(filters.get(filter) ?? []), value]);
    else if (name === "sort[]") sort.push(value);
    // The clients add the star themselves.
    else if (name === "include[]") include.push(value.replace(/\.\*$/, ""));
    else if (isPage(name, value) && !pages.has(name)) pages.set(name, value);
    else others.append(name, value);
  }
  const [limit, offset] = [pages.get("limit"), pages.get("offset")];
  return { model, id, filters, sort, include, limit, offset, others };
}

const isPage = (name: string, value: string) =>
  (name === "limit" || name === "offset") && /^\d{1,15}$/.test(value);

/** The parameters that the program sends. `format` changes nothing for it. */
const askedParameters = ({ parameters, isWhole }: CodedRequest) =>
  [...parameters].filter(([name]) => name !== "format" && !(isWhole && OF_PAGE.includes(name)));

/** The parameters where no client follows the pages. */
const plainParameters = (request: CodedRequest) => [
  ...askedParameters(request),
  ...(request.isWhole ? [["limit", "100"] as [string, string]] : []),
];

const endpointOf = ({ origin, path }: CodedRequest) => `${origin}/api/${path}`;

function addressOf(request: CodedRequest): string {
  const query = readable(new URLSearchParams(plainParameters(request)));
  return query === "" ? endpointOf(request) : `${endpointOf(request)}?${query}`;
}

const isPrivate = ({ path }: CodedRequest) => path.startsWith("private/");

/** The most characters of a line of code: a longer call has a line for each argument. */
const LONGEST_LINE = 76;

/** The string literals of JSON are string literals of Python too. */
const quoted = (text: string) => JSON.stringify(text);

/** The request with the Python client, or with `requests` for an address that it does not know. */
export function pythonCode(request: CodedRequest): string {
  const call = clientCall(request);
  if (call === undefined) {
    const headers = isPrivate(request) ? `, headers={"Authorization": "Bearer bst_..."}` : "";
    return `import requests\n\nanswer = requests.get(${quoted(addressOf(request))}${headers}).json()`;
  }
  const list = (texts: readonly string[]) => `[${texts.map(quoted).join(", ")}]`;
  const filters = [...call.filters].map(
    ([name, values]) =>
      `${quoted(name)}: ${values.length === 1 ? quoted(values[0] ?? "") : list(values)}`,
  );
  const given = [
    quoted(call.model),
    ...(isPrivate(request) ? [] : [`portal="public"`]),
    ...(call.id === undefined ? [] : [`id="${call.id}"`]),
    ...(call.others.size > 0 ? [`options=${quoted(`?${call.others}`)}`] : []),
    ...(filters.length > 0 ? [`filters={${filters.join(", ")}}`] : []),
    ...(call.sort.length > 0 ? [`sort=${list(call.sort)}`] : []),
    ...(call.include.length > 0 ? [`include=${list(call.include)}`] : []),
    ...(call.limit === undefined ? [] : [`limit=${call.limit}`]),
    ...(call.offset === undefined ? [] : [`offset=${call.offset}`]),
    ...(request.isWhole ? ["load_all=True"] : []),
  ];
  const line = given.join(", ");
  const shown =
    line.length <= LONGEST_LINE ? line : `\n${given.map((each) => `    ${each},\n`).join("")}`;
  const token = isPrivate(request) ? "" : `, token="none"`;
  return `from brainstem_api_tools import BrainstemClient
client = BrainstemClient(url=${quoted(`${request.origin}/`)}${token})

${request.isWhole ? "records" : "answer"} = client.load(${shown})${request.isWhole ? "" : ".json()"}`;
}

/** The request with the MATLAB client, or with `webread` where the client has no argument for a part of it. */
export function matlabCode(request: CodedRequest): string {
  const call = clientCall(request);
  if (call === undefined || call.others.size > 0) {
    const header = isPrivate(request)
      ? `, ...\n    'HeaderFields', {'Authorization', 'Bearer bst_...'}`
      : "";
    return `options = weboptions('Timeout', 60, 'ContentType', 'json'${header});
answer = webread(${matlabText(addressOf(request))}, options);`;
  }
  const cell = (texts: readonly string[]) => `{${texts.map(matlabText).join(", ")}}`;
  const pairs = [...call.filters].flatMap(([name, values]) =>
    values.flatMap((value) => [name, value]),
  );
  const given = [
    matlabText(call.model),
    ...(isPrivate(request) ? [] : ["'portal', 'public'"]),
    ...(call.id === undefined ? [] : [`'id', '${call.id}'`]),
    ...(pairs.length > 0 ? [`'filter', ${cell(pairs)}`] : []),
    ...(call.sort.length > 0 ? [`'sort', ${cell(call.sort)}`] : []),
    ...(call.include.length > 0 ? [`'include', ${cell(call.include)}`] : []),
    ...(call.limit === undefined ? [] : [`'limit', ${call.limit}`]),
    ...(call.offset === undefined ? [] : [`'offset', ${call.offset}`]),
    ...(request.isWhole ? ["'load_all', true"] : []),
  ];
  const line = given.join(", ");
  const shown = line.length <= LONGEST_LINE ? line : given.join(", ...\n    ");
  const token = isPrivate(request) ? "" : ", 'token', 'none'";
  return `client = BrainstemClient('url', ${matlabText(`${request.origin}/`)}${token});

${request.isWhole ? "records" : "answer"} = client.load(${shown});`;
}

/** A text of MATLAB. One in single quotes cannot have a control character, such as a line break. */
function matlabText(text: string): string {
  if (!/\p{Cc}/u.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return `char([${[...text].map((character) => character.codePointAt(0)).join(" ")}])`;
}

/** The request with curl. */
export function curlCode(request: CodedRequest): string {
  const data = plainParameters(request).map(
    ([name, value]) => `--data-urlencode ${shellText(`${name}=${value}`)}`,
  );
  return [
    data.length > 0 ? "curl -G" : "curl",
    ...(isPrivate(request) ? [`-H "Authorization: Bearer bst_..."`] : []),
    ...data,
    shellText(endpointOf(request)),
  ].join(" \\\n  ");
}

const shellText = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** A request in Python, MATLAB and curl, one of them open. */
export const RequestCode: FC<{ request: CodedRequest }> = ({ request }) => (
  <div class="code-tabs">
    <Code title="Python" text={pythonCode(request)} open />
    <Code title="MATLAB" text={matlabCode(request)} />
    <Code title="curl" text={curlCode(request)} />
  </div>
);

const Code: FC<{ title: string; text: string; open?: boolean }> = ({ title, text, open }) => (
  <details name="code" open={open}>
    <summary>{title}</summary>
    <div class="code">
      <pre tabindex={0}>
        <code>{text}</code>
      </pre>
      <button class="plain copy" type="button" data-copy>
        Copy
      </button>
    </div>
  </details>
);
