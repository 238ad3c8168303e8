import { describe, expect, test } from "vitest";
import {
  type Arity,
  type OperatorShapes,
  parseQuery,
  type Query,
  type QueryKind,
  type ValueType,
  type Vocabulary,
} from "../../../src/query/parse.ts";

// A vocabulary of its own: parsing knows nothing of sessions, of SQL or of the operators' meaning.

const TYPES: Readonly<Record<string, ValueType>> = {
  id: "id",
  name: "text",
  date_time: "instant",
  order: "integer",
  start: "number",
  is_public: "boolean",
  projects: "id",
  "projects.id": "id",
  "projects.name": "text",
};

const KEY = /^extra_fields\.[A-Za-z][A-Za-z0-9_]*$/;

const VOCABULARY: Vocabulary = {
  filterType: (path) =>
    Object.hasOwn(TYPES, path) ? TYPES[path] : KEY.test(path) ? "scalar" : undefined,
  filters: [...Object.keys(TYPES), "extra_fields.<key>"],
  sorts: ["id", "name", "date_time"],
  includes: ["projects", "behaviors"],
  excludes: ["name", "projects"],
  searched: ["name"],
};

const TEXTUAL: readonly ValueType[] = ["text", "scalar"];
const ORDERED: readonly ValueType[] = ["text", "scalar", "instant", "integer", "number"];
const EVERY: readonly ValueType[] = [...ORDERED, "id", "boolean"];
const TEXT_OPERATORS = [
  "iexact",
  "contains",
  "icontains",
  "startswith",
  "istartswith",
  "endswith",
  "iendswith",
];
const ORDER_OPERATORS = ["gt", "gte", "lt", "lte"];

const shapes = (names: readonly string[], takes: Arity, fits: readonly ValueType[]) =>
  names.map((name) => [name, { takes, fits }] as const);

const OPERATORS: OperatorShapes = new Map([
  ...shapes(["eq"], "one", EVERY),
  ...shapes(TEXT_OPERATORS, "one", TEXTUAL),
  ...shapes(ORDER_OPERATORS, "one", ORDERED),
  ...shapes(["in"], "many", EVERY),
  ...shapes(["range"], "two", ORDERED),
  ...shapes(["isnull"], "truth", EVERY),
]);

const parse = (search: string, kind: QueryKind = "list") =>
  parseQuery(
    new URL(`https://registry.example/?${search}`).searchParams,
    kind,
    VOCABULARY,
    OPERATORS,
  );

function parsed(search: string, kind?: QueryKind): Query {
  const { query, faults } = parse(search, kind);
  expect(faults).toEqual([]);
  if (query === undefined) throw new Error("no query");
  return query;
}

const filtersOf = (search: string) => parsed(search).filters;

const clause = (path: string, operator: string, values: readonly unknown[], negated = false) => ({
  path,
  operator,
  negated,
  values,
});

const faultsOf = (search: string, kind?: QueryKind) => parse(search, kind).faults;

const ID = "1a827c68-19b4-4cec-8ae5-e13c8f1de900";

describe("the query without parameters", () => {
  test("asks for the first twenty of everything", () => {
    expect(parsed("")).toEqual({
      filters: [],
      words: [],
      sort: [],
      include: [],
      exclude: [],
      limit: 20,
      offset: 0,
    });
  });
});

describe("a filter's operator", () => {
  test("is eq when none is named", () => {
    expect(filtersOf("filter{name}=a")).toEqual([clause("name", "eq", ["a"])]);
    expect(filtersOf("filter{name.eq}=a")).toEqual([clause("name", "eq", ["a"])]);
  });

  test.each([...TEXT_OPERATORS, ...ORDER_OPERATORS])("%s takes one text", (operator) => {
    expect(filtersOf(`filter{name.${operator}}=Rat 1`)).toEqual([
      clause("name", operator, ["Rat 1"]),
    ]);
  });

  test.each(ORDER_OPERATORS)("%s takes an instant, an integer, a number", (operator) => {
    expect(filtersOf(`filter{date_time.${operator}}=2023-03-20`)).toEqual([
      clause("date_time", operator, ["2023-03-20T00:00:00"]),
    ]);
    expect(filtersOf(`filter{order.${operator}}=-3`)).toEqual([clause("order", operator, [-3])]);
    expect(filtersOf(`filter{start.${operator}}=1.5e3`)).toEqual([
      clause("start", operator, [1500]),
    ]);
  });

  test("in takes the parameter again for each value, in one condition", () => {
    expect(filtersOf("filter{name.in}=a&filter{name.in}=b&filter{name.in}=b")).toEqual([
      clause("name", "in", ["a", "b", "b"]),
    ]);
  });

  test("range takes two values, in one condition", () => {
    expect(filtersOf("filter{order.range}=1&filter{order.range}=5")).toEqual([
      clause("order", "range", [1, 5]),
    ]);
  });

  test.each([
    ["true", 1],
    ["True", 1],
    ["1", 1],
    ["false", 0],
    ["FALSE", 0],
    ["0", 0],
  ])("isnull takes %s", (text, value) => {
    expect(filtersOf(`filter{date_time.isnull}=${text}`)).toEqual([
      clause("date_time", "isnull", [value]),
    ]);
  });

  test("is negated by a minus before the field, and only there", () => {
    expect(filtersOf("filter{-name.icontains}=a")).toEqual([
      clause("name", "icontains", ["a"], true),
    ]);
    expect(filtersOf("filter{-name}=a")).toEqual([clause("name", "eq", ["a"], true)]);
    for (const name of ["filter{name.-icontains}", "filter{--name}", "-filter{name}"]) {
      expect(faultsOf(`${name}=a`)).toHaveLength(1);
    }
  });
});

describe("a filter's path", () => {
  test.each([
    ["projects", "projects", "eq"],
    ["projects.id", "projects.id", "eq"],
    ["projects.in", "projects", "in"],
    ["projects.id.in", "projects.id", "in"],
  ])("%s is an id", (inner, path, operator) => {
    expect(filtersOf(`filter{${inner}}=${ID}`)).toEqual([clause(path, operator, [ID])]);
  });

  test("goes through a relation to a name", () => {
    expect(filtersOf("filter{projects.name.icontains}=a")).toEqual([
      clause("projects.name", "icontains", ["a"]),
    ]);
  });

  test.each([
    ["extra_fields.depth", "extra_fields.depth", "eq"],
    ["extra_fields.depth.gt", "extra_fields.depth", "gt"],
    // A key may be called like an operator: the longest path that exists wins.
    ["extra_fields.gt", "extra_fields.gt", "eq"],
    ["extra_fields.gt.gt", "extra_fields.gt", "gt"],
    ["extra_fields.constructor", "extra_fields.constructor", "eq"],
  ])("%s goes to a key", (inner, path, operator) => {
    expect(filtersOf(`filter{${inner}}=a`)).toEqual([
      clause(path, operator, [{ text: "a", number: undefined }]),
    ]);
  });

  test.each([
    "",
    "-",
    ".",
    ".eq",
    "eq",
    "nam",
    "Name",
    " name",
    "constructor",
    "toString.gt",
    "__proto__",
    "extra_fields",
    "extra_fields.",
    "extra_fields.1a",
    "extra_fields.a-b",
    "extra_fields.ä",
    "projects.name.first.icontains",
  ])("%j is refused with the known fields", (inner) => {
    const [fault = "", ...others] = faultsOf(`filter{${encodeURIComponent(inner)}}=a`);
    expect(others).toEqual([]);
    expect(fault).toContain("unknown field");
    expect(fault).toContain("id, name, date_time");
    expect(fault).toContain("projects.name, extra_fields.<key>");
  });

  test("is named in the message without its operator", () => {
    expect(faultsOf("filter{subject.icontains}=a")[0]).toMatch(
      /^filter\{subject\.icontains\}: unknown field "subject"\./,
    );
    expect(faultsOf("filter{-subject.name}=a")[0]).toMatch(
      /^filter\{-subject\.name\}: unknown field "subject\.name"\./,
    );
  });
});

describe("an operator that is unknown or does not fit", () => {
  test.each(["like", "ICONTAINS", "", "regex", "toString", "extra"])(
    "%j is refused with those that fit",
    (operator) => {
      expect(faultsOf(`filter{name.${operator}}=a`)).toEqual([
        `filter{name.${operator}}: unknown operator "${operator}". Operators that fit name: ${[...OPERATORS.keys()].join(", ")}.`,
      ]);
    },
  );

  test.each([
    ["date_time.icontains", "a date-time", "eq, gt, gte, lt, lte, in, range, isnull"],
    ["id.gt", "an id", "eq, in, isnull"],
    ["projects.startswith", "an id", "eq, in, isnull"],
    ["order.iexact", "a whole number", "eq, gt, gte, lt, lte, in, range, isnull"],
    ["is_public.range", "true or false", "eq, in, isnull"],
  ])("%s is refused with those that fit", (inner, type, fitting) => {
    const [fault = ""] = faultsOf(`filter{${inner}}=a`);
    expect(fault).toContain(`which is ${type}`);
    expect(fault).toContain(`: ${fitting}.`);
  });
});

test("what is no field of a relation is refused with the relation's fields and operators", () => {
  expect(faultsOf(`filter{projects.description}=a`)).toEqual([
    'filter{projects.description}: "description" is neither an operator nor a field of projects that can be filtered (projects.id, projects.name). Operators that fit projects: eq, in, isnull.',
  ]);
});

describe("a filter's value", () => {
  test.each([
    ["date_time", "2023-03-20", "2023-03-20T00:00:00"],
    ["date_time", "2023-03-20T15:30", "2023-03-20T15:30:00"],
    ["date_time", "2023-03-20T15:30:00Z", "2023-03-20T15:30:00"],
    ["date_time", "2023-03-20T15:30:00.25Z", "2023-03-20T15:30:00.250000"],
    ["date_time", "2023-03-20T15:30:00%2B02:00", "2023-03-20T13:30:00"],
    ["date_time", "2023-03-20T15:30:00-02:00", "2023-03-20T17:30:00"],
    // A plus that was not encoded arrives as a blank.
    ["date_time", "2023-03-20T15:30:00+02:00", "2023-03-20T13:30:00"],
    ["date_time", "2023-03-20T15:30+0200", "2023-03-20T13:30:00"],
    ["date_time", "2023-03-20T15:30:00.5+02", "2023-03-20T13:30:00.500000"],
    ["id", ID.toUpperCase(), ID],
    ["order", "-007", -7],
    ["order", "%2B7", 7],
    ["start", "-.5", -0.5],
    ["start", "5.", 5],
    ["is_public", "TRUE", 1],
    ["name", "", ""],
    ["name", "%20a%20", " a "],
    ["name", "a+b", "a b"],
    ["name", "100%25_'\"\\", "100%_'\"\\"],
    ["name", "100%", "100%"],
    ["name", "%F0%9F%90%80", "🐀"],
    ["name", "a=b", "a=b"],
    ["name", "filter{id}", "filter{id}"],
  ])("%s=%s is read", (path, text, value) => {
    expect(filtersOf(`filter{${path}}=${text}`)).toEqual([clause(path, "eq", [value])]);
  });

  test.each([
    ["5", 5],
    ["-1.5e3", -1500],
    ["1e400", undefined],
    ["", undefined],
    [" 5", undefined],
    ["0x10", undefined],
    ["NaN", undefined],
    ["Infinity", undefined],
    ["5 mm", undefined],
  ])("%j for a key is text, and a number where it reads as one", (text, number) => {
    expect(filtersOf(`filter{extra_fields.depth}=${encodeURIComponent(text)}`)).toEqual([
      clause("extra_fields.depth", "eq", [{ text, number }]),
    ]);
  });

  test.each([
    ["date_time", "yesterday", "a day (2023-03-20) or a date-time (2023-03-20T15:30:00Z)"],
    ["date_time", "", "a day (2023-03-20)"],
    ["date_time", "2023-02-29", "a day (2023-03-20)"],
    ["date_time", "2023-03-20T25:00", "a day (2023-03-20)"],
    ["date_time", "2023-03-20 15:30", "a day (2023-03-20)"],
    ["date_time", "0000-01-01", "a day (2023-03-20)"],
    ["date_time.isnull", "", "true or false"],
    ["date_time.isnull", "null", "true or false"],
    ["id", "", "a UUID such as"],
    ["id", "12", "a UUID such as"],
    ["id", `${ID}%20`, "a UUID such as"],
    ["projects.id.in", "rats", "a UUID such as"],
    ["order", "", "a whole number"],
    ["order", "1.5", "a whole number"],
    ["order", "1234567890123456", "a whole number"],
    ["start", "", "a number"],
    ["start", "1e999", "a number"],
    ["start", "NaN", "a number"],
    ["is_public", "", "true or false"],
    ["is_public", "yes", "true or false"],
    ["name", "a%00b", "text without null characters"],
    ["extra_fields.depth", "%00", "text without null characters"],
  ])("%s=%j is refused with the form that it needs", (inner, text, form) => {
    const [fault = "", ...others] = faultsOf(`filter{${inner}}=${text}`);
    expect(others).toEqual([]);
    expect(fault).toContain(`filter{${inner}}: "`);
    expect(fault).toContain(`is not a valid value: it takes ${form}`);
  });

  test.each(["filter{order.range}=1", "filter{order.range}=1&".repeat(3)])(
    "%s is refused: a range has two",
    (search) => {
      expect(faultsOf(search)).toEqual([
        'filter{order.range}: "range" takes two values: give filter{order.range} twice, the lower bound first.',
      ]);
    },
  );

  test("of which one in a list is wrong is named", () => {
    expect(faultsOf("filter{order.in}=1&filter{order.in}=x")[0]).toContain('"x" is not');
  });
});

describe("a repeated filter", () => {
  test("is several conditions, all of which must hold", () => {
    expect(filtersOf("filter{name.icontains}=a&filter{order}=1&filter{name.icontains}=b")).toEqual([
      clause("name", "icontains", ["a"]),
      clause("name", "icontains", ["b"]),
      clause("order", "eq", [1]),
    ]);
  });

  test("is several conditions when negated, too", () => {
    expect(filtersOf("filter{-name}=a&filter{-name}=b")).toEqual([
      clause("name", "eq", ["a"], true),
      clause("name", "eq", ["b"], true),
    ]);
  });
});

describe("braces and brackets", () => {
  test.each([
    "filter{name.icontains}=a&sort[]=-name&include[]=projects",
    "filter%7Bname.icontains%7D=a&sort%5B%5D=-name&include%5B%5D=projects",
    "filter%7bname%2Eicontains%7d=a&sort%5b]=%2Dname&include[%5d=projects",
  ])("work raw and encoded: %s", (search) => {
    expect(parsed(search)).toMatchObject({
      filters: [clause("name", "icontains", ["a"])],
      sort: [{ field: "name", descending: true }],
      include: ["projects"],
    });
  });

  test.each([
    "filter{name",
    "filter{name}}",
    "filter{{name}}",
    "filter[name]",
    "filter",
    "sort",
    "include",
  ])("%s is an unknown parameter", (name) => {
    expect(faultsOf(`${name}=a`)).toEqual([
      `Unknown query parameter "${name}". Parameters that this address takes: filter{...}, search, sort[], include[], exclude[], only[], limit, offset, after, format.`,
    ]);
  });
});

describe("sort[]", () => {
  test("is repeated for more keys, a minus turns one round", () => {
    expect(parsed("sort[]=-date_time&sort[]=name").sort).toEqual([
      { field: "date_time", descending: true },
      { field: "name", descending: false },
    ]);
  });

  test.each(["", "-", "--name", "+name", "projects", "names", "constructor", "name,id"])(
    "%j is refused with the known keys",
    (key) => {
      expect(faultsOf(`sort[]=${encodeURIComponent(key)}`)).toEqual([
        `sort[]: unknown sort key "${key}". Keys that sort: id, name, date_time.`,
      ]);
    },
  );
});

describe("include[] and exclude[]", () => {
  test("take names, with or without a star, and each once", () => {
    const search = "include[]=projects.*&include[]=behaviors&include[]=behaviors&exclude[]=name";
    expect(parsed(search)).toMatchObject({ include: ["projects", "behaviors"], exclude: ["name"] });
    expect(parsed(search, "detail").include).toEqual(["projects", "behaviors"]);
  });

  test.each([
    ["include[]", "", "included: projects, behaviors"],
    ["include[]", "name", "included: projects, behaviors"],
    ["include[]", "projects.name", "included: projects, behaviors"],
    ["include[]", "projects.*.*", "included: projects, behaviors"],
    ["exclude[]", "", "excluded: name, projects"],
    ["exclude[]", "id", "excluded: name, projects"],
    ["exclude[]", "name.*", "excluded: name, projects"],
    ["only[]", "", "shown: id, name, projects"],
    ["only[]", "name.*", "shown: id, name, projects"],
  ])("%s=%j is refused with the known names", (parameter, name, known) => {
    expect(faultsOf(`${parameter}=${name}`)).toEqual([
      `${parameter}: unknown name "${name}". Fields that can be ${known}.`,
    ]);
  });
});

describe("only[]", () => {
  test.each([
    ["only[]=name", ["projects"]],
    ["only[]=id", ["name", "projects"]],
    ["only[]=projects&only[]=name&only[]=name", []],
  ])("%s leaves out all other fields", (search, exclude) => {
    expect(parsed(search)).toMatchObject({ exclude });
    expect(parsed(search, "detail")).toMatchObject({ exclude });
  });

  test("does not go together with exclude[]", () => {
    expect(faultsOf("only[]=name&exclude[]=projects")).toEqual([
      "only[]: does not go together with exclude[]. Give one of them.",
    ]);
  });
});

describe("limit and offset", () => {
  test.each([
    ["limit=1", { limit: 1, offset: 0 }],
    ["limit=100&offset=0", { limit: 100, offset: 0 }],
    ["offset=999999999999999", { limit: 20, offset: 999_999_999_999_999 }],
  ])("%s", (search, expected) => {
    expect(parsed(search)).toMatchObject(expected);
  });

  test.each(["limit=0", "limit=101", "limit=100000"])("%s is refused with the bounds", (search) => {
    expect(faultsOf(search)).toEqual([
      'limit: ensure this value is between 1 and 100; page on with "next" or "offset".',
    ]);
  });

  test.each(["-1", "", "1.5", "ten", "1e2", "9999999999999999"])("%j is refused", (text) => {
    expect(faultsOf(`limit=${text}`)).toEqual([`limit: "${text}" is not a whole number.`]);
    expect(faultsOf(`offset=${text}`)).toEqual([`offset: "${text}" is not a whole number.`]);
  });

  test("are given once", () => {
    expect(faultsOf("limit=1&limit=2&offset=1&offset=1")).toEqual([
      "limit: give it once.",
      "offset: give it once.",
    ]);
  });
});

describe("the bounds of a query", () => {
  const many = (count: number, parameter: string) =>
    Array.from({ length: count }, () => parameter).join("&");

  const different = (count: number) =>
    Array.from({ length: count }, (_, index) => `filter{name}=${index}`).join("&");

  test("ten filters", () => {
    expect(filtersOf(different(10))).toHaveLength(10);
    expect(faultsOf(different(11))).toEqual(["A query takes at most 10 filters, this one has 11."]);
  });

  test("of which the same one twice counts once", () => {
    expect(filtersOf(`${many(20, "filter{name}=a")}&${different(9)}`)).toHaveLength(10);
  });

  test("a hundred values for one filter", () => {
    expect(filtersOf(many(100, "filter{name.in}=a"))[0]?.values).toHaveLength(100);
    expect(faultsOf(many(101, "filter{name.in}=a"))[0]).toContain("at most 100 values");
  });

  test("200 characters for one value, counted as code points", () => {
    expect(filtersOf(`filter{name}=${"🧠".repeat(200)}`)).toHaveLength(1);
    expect(faultsOf(`filter{name}=${"🧠".repeat(201)}`)[0]).toContain("at most 200 characters");
  });

  test("ten sort keys", () => {
    expect(parsed(many(10, "sort[]=name")).sort).toHaveLength(10);
    expect(faultsOf(many(11, "sort[]=name"))).toEqual(["sort[]: takes at most 10 keys."]);
  });
});

describe("what a route takes", () => {
  test("a detail takes no filter, sort or page", () => {
    for (const name of ["filter{name}", "sort[]", "limit", "offset"]) {
      expect(faultsOf(`${name}=1`, "detail")).toContain(
        `Unknown query parameter "${name}". Parameters that this address takes: include[], exclude[], only[], format.`,
      );
    }
  });

  test("a write takes nothing but the format", () => {
    expect(faultsOf("format=json", "none")).toEqual([]);
    expect(faultsOf("include[]=projects", "none")[0]).toContain("Unknown query parameter");
  });

  test("the format is json", () => {
    expect(faultsOf("format=json")).toEqual([]);
    expect(faultsOf("format=csv")).toEqual(['format: "csv" is not offered; answers are json.']);
  });

  test("all that is wrong is said at once", () => {
    const faults = faultsOf("page=2&filter{x}=1&sort[]=x&include[]=x&exclude[]=x&limit=0&offset=x");
    expect(faults).toHaveLength(7);
  });
});
