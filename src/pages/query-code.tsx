import type { FC } from "hono/jsx";
import type { Portal } from "../model/define.ts";

/** A list query, as three languages ask for it. */
export interface AskedQuery {
  /** The origin of this service: `https://registry.example`. */
  readonly origin: string;
  readonly portal: Portal;
  /** The path of the model: `/stem/session`. */
  readonly path: string;
  /** The parameters of the API. The pages of the list are left to the programs. */
  readonly parameters: URLSearchParams;
}

/** The models that the public clients know, each by the end of its path. */
const KNOWN_TO_CLIENTS = [
  "session",
  "project",
  "behavior",
  "dataacquisition",
  "manipulation",
  "datastorage",
  "group",
  "user",
];

const OF_PAGE = ["limit", "offset", "after", "format"];

const FILTER = /^filter\{(.*)\}$/;

/** The parts of a query that the clients have arguments for, and the others. */
function partsOf({ path, parameters }: AskedQuery) {
  const filters = new Map<string, string[]>();
  const sort: string[] = [];
  const others = new URLSearchParams();
  for (const [name, value] of parameters) {
    const filter = FILTER.exec(name)?.[1];
    if (filter !== undefined) filters.set(filter, [...(filters.get(filter) ?? []), value]);
    else if (name === "sort[]") sort.push(value);
    else if (!OF_PAGE.includes(name)) others.append(name, value);
  }
  const model = path.split("/").at(-1) ?? "";
  return { model, filters, sort, others, isKnown: KNOWN_TO_CLIENTS.includes(model) };
}

/** The address that reads the first hundred records of the query. */
function apiAddress({ origin, portal, path, parameters }: AskedQuery): string {
  const asked = new URLSearchParams(parameters);
  for (const name of OF_PAGE) asked.delete(name);
  asked.append("limit", "100");
  return `${origin}/api/${portal}${path}/?${asked}`;
}

/** All records of the query with the Python client, or with `requests` for a model that it does not know. */
export function pythonCode(query: AskedQuery): string {
  const { model, filters, sort, others, isKnown } = partsOf(query);
  const { origin, portal } = query;
  if (!isKnown) {
    const headers = portal === "public" ? "" : `, headers={"Authorization": "Bearer bst_..."}`;
    return `import requests\n\nrecords = requests.get(${quoted(apiAddress(query))}${headers}).json()`;
  }
  const given = [
    quoted(model),
    ...(portal === "public" ? [`portal="public"`] : []),
    ...(others.size > 0 ? [`options=${quoted(`?${others}`)}`] : []),
    ...(filters.size > 0
      ? [
          `filters={${[...filters].map(([name, values]) => `${quoted(name)}: ${pythonValue(values)}`).join(", ")}}`,
        ]
      : []),
    ...(sort.length > 0 ? [`sort=[${sort.map(quoted).join(", ")}]`] : []),
    "load_all=True",
  ];
  return `from brainstem_api_tools import BrainstemClient
client = BrainstemClient(url=${quoted(`${origin}/`)}${portal === "public" ? `, token="none"` : ""})

records = client.load(${argumentsOf(given)})`;
}

/** The most characters of a line of code: a longer call has a line for each argument. */
const LONGEST_LINE = 76;

function argumentsOf(given: readonly string[]): string {
  const line = given.join(", ");
  return line.length <= LONGEST_LINE ? line : `\n${given.map((each) => `    ${each},\n`).join("")}`;
}

const pythonValue = (values: readonly string[]) =>
  values.length === 1 ? quoted(values[0] ?? "") : `[${values.map(quoted).join(", ")}]`;

/** The string literals of JSON are string literals of Python too. */
const quoted = (text: string) => JSON.stringify(text);

/** All records of the query with the MATLAB client, or with `webread` where the client has no argument. */
export function matlabCode(query: AskedQuery): string {
  const { model, filters, sort, others, isKnown } = partsOf(query);
  const { origin, portal } = query;
  if (!isKnown || others.size > 0) {
    const header =
      portal === "public" ? "" : `, 'HeaderFields', {'Authorization', 'Bearer bst_...'}`;
    return `options = weboptions('Timeout', 60${header});
records = webread(${matlabText(apiAddress(query))}, options);`;
  }
  const pairs = [...filters].flatMap(([name, values]) =>
    values.flatMap((value) => [matlabText(name), matlabText(value)]),
  );
  const given = [
    matlabText(model),
    ...(portal === "public" ? ["'portal', 'public'"] : []),
    ...(pairs.length > 0 ? [`'filter', {${pairs.join(", ")}}`] : []),
    ...(sort.length > 0 ? [`'sort', {${sort.map(matlabText).join(", ")}}`] : []),
    "'load_all', true",
  ];
  return `client = BrainstemClient('url', ${matlabText(`${origin}/`)}${portal === "public" ? ", 'token', 'none'" : ""});

records = client.load(${given.join(given.join(", ").length <= LONGEST_LINE ? ", " : ", ...\n    ")});`;
}

/** A text of MATLAB. One in single quotes cannot have a control character, such as a line break. */
function matlabText(text: string): string {
  const inQuotes = `'${text.replaceAll("'", "''")}'`;
  if (!/\p{Cc}/u.test(text)) return inQuotes;
  return `char([${[...text].map((character) => character.codePointAt(0)).join(" ")}])`;
}

/** The first hundred records of the query with curl. */
export function curlCode({ origin, portal, path, parameters }: AskedQuery): string {
  const token = portal === "public" ? [] : [`-H "Authorization: Bearer bst_..."`];
  const asked = [...parameters].filter(([name]) => !OF_PAGE.includes(name));
  const data = [...asked, ["limit", "100"]].map(
    ([name, value]) => `--data-urlencode ${shellText(`${name}=${value}`)}`,
  );
  return ["curl -G", ...token, ...data, shellText(`${origin}/api/${portal}${path}/`)].join(
    " \\\n  ",
  );
}

const shellText = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** A query in Python, MATLAB and curl, one of them open. */
export const QueryCode: FC<{ query: AskedQuery }> = ({ query }) => (
  <div class="code-tabs">
    <Code title="Python" text={pythonCode(query)} open />
    <Code title="MATLAB" text={matlabCode(query)} />
    <Code title="curl" text={curlCode(query)} />
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
