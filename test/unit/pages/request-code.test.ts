import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CodedRequest,
  curlCode,
  matlabCode,
  pythonCode,
} from "../../../src/pages/request-code.tsx";

const ORIGIN = "https://registry.example";
const ID = "0b4ee162-417f-496e-9f13-f9198cf1fa77";

const asked = (
  given: Partial<CodedRequest> & { readonly query?: readonly (readonly [string, string])[] },
): CodedRequest => ({
  origin: ORIGIN,
  path: "private/stem/session/",
  parameters: new URLSearchParams((given.query ?? []).map(([name, value]) => [name, value])),
  isWhole: true,
  ...given,
});

/** The parameters that a call asks for, without those that say which page. */
const withoutPages = (parameters: Iterable<readonly [string, string]>) =>
  [...parameters].filter(([name]) => name !== "limit").toSorted();

/** The parameters that the Python client sends for the call in a code. */
function parametersOfPython(code: string): [string, string][] {
  const inner = /client\.load\(([\s\S]*)\)$/.exec(code)?.[1] ?? "";
  const json = inner
    .replace(/^\s*"session",\s*/, "")
    .replace(/("(?:[^"\\]|\\.)*")|(\w+)=|True|,\s*$/g, (whole, text, name) =>
      text !== undefined
        ? text
        : name !== undefined
          ? `"${name}":`
          : whole === "True"
            ? "true"
            : "",
    );
  const { options = "", filters = {}, sort = [] } = JSON.parse(`{${json}}`);
  return [
    ...new URLSearchParams(options),
    ...Object.entries(filters).flatMap(([name, values]) =>
      [values].flat().map((value): [string, string] => [`filter{${name}}`, String(value)]),
    ),
    ...sort.map((key: string): [string, string] => ["sort[]", key]),
  ];
}

/** The parameters that the MATLAB client, or `webread`, sends for a code. */
function parametersOfMatlab(code: string): [string, string][] {
  const texts: string[] = [];
  const shape = code
    .replaceAll("...\n", "")
    .replace(/char\(\[([\d ]+)\]\)|'((?:[^']|'')*)'/g, (_, numbers?: string, text = "") => {
      texts.push(
        numbers === undefined
          ? text.replaceAll("''", "'")
          : String.fromCodePoint(...numbers.split(" ").map(Number)),
      );
      return String(texts.length - 1);
    });
  const list = (name: string) => {
    const place = texts.indexOf(name);
    const [, inner = ""] = new RegExp(`\\b${place}, \\{([^}]*)\\}`).exec(shape) ?? [];
    return inner
      .split(", ")
      .filter(Boolean)
      .map((index) => texts[Number(index)] ?? "");
  };
  if (code.includes("webread")) {
    const address = texts.find((text) => text.startsWith(ORIGIN)) ?? "";
    return [...new URL(address).searchParams];
  }
  const filters = list("filter");
  return [
    ...filters.flatMap((name, place): [string, string][] =>
      place % 2 === 0 ? [[`filter{${name}}`, filters[place + 1] ?? ""]] : [],
    ),
    ...list("sort").map((key): [string, string] => ["sort[]", key]),
  ];
}

/** The arguments that a shell passes to curl. */
function argumentsOfCurl(code: string): string[] {
  const printed = execFileSync("sh", ["-c", `curl() { printf '%s\\0' "$@"; }\n${code}`]);
  return printed.toString().split("\0").slice(0, -1);
}

function parametersOfCurl(code: string): [string, string][] {
  const given = argumentsOfCurl(code);
  return given.flatMap((argument, place): [string, string][] => {
    if (given[place - 1] !== "--data-urlencode") return [];
    const equals = argument.indexOf("=");
    return [[argument.slice(0, equals), argument.slice(equals + 1)]];
  });
}

const LANGUAGES = [
  ["Python", pythonCode, parametersOfPython],
  ["MATLAB", matlabCode, parametersOfMatlab],
  ["curl", curlCode, parametersOfCurl],
] as const;

const EXAMPLES: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  ["nothing", []],
  ["a filter", [["filter{name.icontains}", "rat"]]],
  [
    "a filter with two values",
    [
      ["filter{tags.in}", "a"],
      ["filter{tags.in}", "b"],
    ],
  ],
  [
    "an order",
    [
      ["sort[]", "-date_time"],
      ["sort[]", "name"],
    ],
  ],
  ["quotes", [["filter{name}", `it's "so" \\ $HOME \`id\` %s\n`]]],
  [
    "columns and a search",
    [
      ["search", "sharp wave"],
      ["only[]", "name"],
      ["only[]", "tags"],
      ["sort[]", "name"],
    ],
  ],
];

describe.each(LANGUAGES)("the code in %s", (_, codeOf, parametersOf) => {
  test.each(EXAMPLES)("asks for %s", (_name, query) => {
    const code = codeOf(asked({ query }));
    expect(withoutPages(parametersOf(code))).toEqual(withoutPages(query));
  });

  test("asks for any text as it is", () => {
    // A shell and a MATLAB literal have no null character, and neither has a text of the service.
    const text = fc.string({ unit: "binary" }).map((each) => each.replaceAll("\0", ""));
    fc.assert(
      fc.property(text, text, (a, b) => {
        const query = [
          ["filter{name}", a],
          ["filter{tags.contains}", b],
        ] as const;
        const code = codeOf(asked({ query }));
        expect(withoutPages(parametersOf(code))).toEqual(withoutPages(query));
      }),
      { numRuns: 50 },
    );
  });

  test("names this service, its portal, and a token where one is needed", () => {
    const open = codeOf(asked({ path: "public/stem/session/" }));
    expect(open).toContain(ORIGIN);
    expect(open).toContain("public");
    expect(open).not.toContain("bst_");
  });

  test("does not name a page", () => {
    const query = [
      ["offset", "40"],
      ["limit", "20"],
      ["format", "csv"],
    ] as const;
    expect(codeOf(asked({ query }))).toBe(codeOf(asked({})));
  });

  test("names the page where it asks for one request alone", () => {
    const code = codeOf(
      asked({
        query: [
          ["limit", "20"],
          ["offset", "40"],
        ],
        isWhole: false,
      }),
    );
    for (const word of ["limit", "20", "offset", "40"]) expect(code).toContain(word);
    expect(code).not.toContain("load_all");
  });

  test("asks for one record by its id, with what is asked of it", () => {
    const path = `private/stem/session/${ID}/`;
    const query = [["include[]", "projects"]] as const;
    const [plain, whole] = [[], query].map((each) =>
      codeOf(asked({ path, query: each, isWhole: false })),
    );
    expect(plain).toContain(ID);
    expect(plain).not.toContain("include");
    expect(whole).toContain(ID);
    expect(decodeURIComponent(whole ?? "")).toContain("include[]=projects");
  });

  test("asks for a model that the clients do not know by its address", () => {
    const code = codeOf(asked({ path: "private/stem/epoch/", query: [["filter{name}", "a"]] }));
    expect(code).toContain(`${ORIGIN}/api/private/stem/epoch/`);
    expect(code).toContain("Bearer bst_...");
  });
});
