import { beforeAll, describe, expect, test } from "vitest";
import {
  buildDataStorage,
  buildLab,
  buildProject,
  type Lab,
  unique,
} from "../../support/builders.ts";

// The field table of the contract, section 3, line by line.

const PATH = "/api/private/stem/session/";
const NO_ID = "00000000-0000-4000-8000-000000000000";

let lab: Lab;

beforeAll(async () => {
  lab = await buildLab();
});

const create = (fields: object) =>
  lab.client.post(PATH, { name: unique("session"), projects: [lab.project.id], ...fields });

/** As `create`, for JSON that JavaScript would not write: `fields` is the inside of the object. */
const createFromText = (fields: string) =>
  lab.client.post(
    PATH,
    `{"name": "${unique("session")}", "projects": ["${lab.project.id}"], ${fields}}`,
  );

describe("what a session's fields keep", () => {
  const text = [
    ["accents, composed and not", "Å | A\u030A | ﬁ | ß | ı | İ"],
    ["emoji with joiners", "👩‍🔬🐁 🇳🇴 ❤️"],
    ["characters beyond the basic plane", "𝒜𠀀🧠\u{10FFFF}"],
    ["right to left, and direction marks", "جلسة \u200F שלום \u202Eabc"],
    ["quotes and backslashes", `"'\`\\ \\" '' \\u0041 %_ ; -- /* {} $1 ?`],
    ["control characters", "a\u0001\u001f\u007f\u0085z"],
    ["line breaks inside", "a\nb\r\nc\u2028d"],
    ["zero-width and private characters", "a\u200Bb\uE000\uFFFD\uFFFFc"],
  ];

  test.each(text)(
    "name, description, tags and values of extra_fields keep %s",
    async (_, words) => {
      // Of these a name holds none that is not seen.
      const name = `${unique("n")} ${words.replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}]/gu, "")}`;
      const answer = await create({
        name,
        description: words,
        tags: [words],
        extra_fields: { words },
      });
      expect(answer.body.session).toMatchObject({
        name,
        description: words,
        tags: [words],
        extra_fields: { words },
      });
    },
  );

  test("name is trimmed, description and tags are not", async () => {
    const name = unique("trimmed");
    const answer = await create({ name: ` \t\n${name}\u00A0 `, description: " d ", tags: [" t "] });
    expect(answer.body.session).toMatchObject({ name, description: " d ", tags: [" t "] });
  });

  test("name counts its characters as code points", async () => {
    const start = unique("n");
    const longest = start + "🧠".repeat(100 - start.length);
    expect((await create({ name: ` ${longest} ` })).body.session.name).toBe(longest);
    expect((await create({ name: `${longest}x` })).body).toEqual({
      name: ["Ensure this field has no more than 100 characters."],
    });
  });

  test("name distinguishes case and composition", async () => {
    const name = unique("Åse");
    for (const other of [name, name.toLowerCase(), name.normalize("NFD")]) {
      expect((await create({ name: other })).body.session.name).toBe(other);
    }
  });

  test.each([
    ["2023-03-22T15:30:00Z", "2023-03-22T15:30:00Z"],
    ["2023-03-22T15:30", "2023-03-22T15:30:00Z"],
    ["2023-03-22T15:30:59", "2023-03-22T15:30:59Z"],
    ["2023-03-22T15:30:00+02:00", "2023-03-22T13:30:00Z"],
    ["2023-01-01T00:30:00+05:45", "2022-12-31T18:45:00Z"],
    ["2023-03-22T15:30:00.5-08:00", "2023-03-22T23:30:00.500000Z"],
    ["2023-03-22T15:30:00.000000Z", "2023-03-22T15:30:00Z"],
    ["2024-02-29T00:00:00.123456Z", "2024-02-29T00:00:00.123456Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
    ["9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"],
    [null, null],
    [[], null],
  ])("date_time %j is answered as %j", async (sent, answered) => {
    expect((await create({ date_time: sent })).body.session.date_time).toBe(answered);
  });

  test.each([
    "0",
    "-1",
    "0.1",
    "1.5e-7",
    "5e-324",
    "1.7976931348623157e308",
    "9007199254740991",
    "-9007199254740991",
    "1e16",
    "123456789012345680e3",
    "1e21",
    "0.30000000000000004",
    "2.2250738585072014e-308",
    "179.99999999999997",
  ])("extra_fields keeps the number %s exactly, there and back again", async (number) => {
    const made = await createFromText(`"extra_fields": {"n": ${number}}`);
    expect(made.body.session.extra_fields.n).toBe(Number(number));
    const { id } = made.body.session;
    const { text } = await lab.client.get(`${PATH}${id}/`);
    const fields = /"extra_fields":(\{[^}]*\})/.exec(text)?.[1];
    const again = await lab.client.send("PATCH", `${PATH}${id}/`, `{"extra_fields": ${fields}}`);
    expect(again.status).toBe(200);
    expect(again.body.session.extra_fields.n).toBe(Number(number));
  });

  test("extra_fields keeps keys that JavaScript has a meaning for", async () => {
    const fields = { constructor: "c", toString: 1, hasOwnProperty: "h", a_1: 2, Z: "z" };
    const answer = await create({ extra_fields: fields });
    expect(answer.body.session.extra_fields).toEqual(fields);
  });

  test("download_links takes every repository and scheme, and one link for a list of one", async () => {
    const repositories = [
      ...["CRCNS", "DANDI", "Figshare", "GitHub", "Globus"],
      ...["Mendeley", "Zenodo", "Webshare", "Other"],
    ];
    const addresses = [
      "http://a.example",
      "https://b.example/ü?q=1",
      "ftp://c.example:21/d",
      "HTTPS://D",
    ];
    const links = repositories.map((repository, index) => ({
      repository,
      url: addresses[index % addresses.length],
    }));
    expect((await create({ download_links: links })).body.session.download_links).toEqual(links);
    const [link] = links;
    expect((await create({ download_links: link })).body.session.download_links).toEqual([link]);
  });

  test("projects, datastorage and tags keep their order, and repeated items collapse to the first", async () => {
    const users = { contributor: [lab.user] };
    const projects = await Promise.all([1, 2, 3].map(() => buildProject({ users })));
    const storages = await Promise.all([1, 2, 3].map(() => buildDataStorage({ users })));
    const [p1, p2, p3] = projects.map(({ id }) => id).sort();
    const [s1, s2, s3] = storages.map(({ id }) => id).sort();
    const answer = await create({
      projects: [p3, p1, p3?.toUpperCase(), p2, p1],
      datastorage: [s2, s3, s2, s1?.toUpperCase(), s1],
      tags: ["z", "a", "z", "A", "a"],
    });
    expect(answer.body.session).toMatchObject({
      projects: [p3, p1, p2],
      datastorage: [s2, s3, s1],
      tags: ["z", "a", "A"],
    });
  });

  test("a description can have 100,000 characters", async () => {
    const description = "Å".repeat(100_000);
    const answer = await create({ description });
    expect(answer.status).toBe(201);
    expect(answer.body.session.description === description).toBe(true);
  });
});

describe("what a session's fields refuse", () => {
  const REQUIRED = "This field is required.";
  const NULL = "This field may not be null.";
  const CHARACTERS = "Null characters and unpaired surrogates are not allowed.";

  test.each(["name", "projects"])("%s is required", async (field) => {
    expect(await create({ [field]: undefined })).toMatchObject({
      status: 400,
      body: { [field]: [REQUIRED] },
    });
  });

  test("an empty object lacks what is required and nothing else", async () => {
    const answer = await lab.client.post(PATH, {});
    expect(answer.body).toEqual({ name: [REQUIRED], projects: [REQUIRED] });
  });

  test.each([
    ["name", null, NULL],
    ["name", "", "This field may not be blank."],
    ["name", " \t\n", "This field may not be blank."],
    ["name", 5, "Not a valid string: expected a string, but got a number."],
    ["name", ["x"], "Not a valid string: expected a string, but got a list."],
    ["name", "x".repeat(101), "Ensure this field has no more than 100 characters."],
    ["name", "a\u0000b", CHARACTERS],
    ["name", "a\ud800b", CHARACTERS],
    ["description", null, NULL],
    ["description", true, "Not a valid string: expected a string, but got a boolean."],
    ["description", "\u0000", CHARACTERS],
    ["description", "\udc00\ud800", CHARACTERS],
    ["projects", null, NULL],
    ["projects", [], "This list may not be empty."],
    ["projects", NO_ID, "Expected a list of items, but got a string."],
    ["projects", {}, "Expected a list of items, but got an object."],
    ["projects", ["x"], 'item 1: "x" is not a valid UUID.'],
    ["projects", [null], "item 1: This field may not be null."],
    ["projects", [7], "item 1: Incorrect type. Expected an id as a string, but got a number."],
    ["projects", [NO_ID], `Invalid pk "${NO_ID}" - object does not exist.`],
    ["date_time", "2023-03-22", "wrong format"],
    ["date_time", "2023-02-29T00:00:00Z", "does not exist"],
    ["date_time", "2023-03-22T24:00:00Z", "does not exist"],
    ["date_time", "2023-03-22T15:30:00+24:00", "wrong format"],
    ["date_time", "2023-03-22 15:30:00", "wrong format"],
    ["date_time", "0001-01-01T00:00:00+01:00", "does not exist"],
    ["date_time", "", "wrong format"],
    ["date_time", 1679499000, "Expected a date-time as a string, but got a number."],
    ["date_time", ["2023-03-22T15:30:00Z"], "Expected a date-time as a string, but got a list."],
    ["datastorage", null, NULL],
    ["datastorage", "x", "Expected a list of items, but got a string."],
    ["datastorage", [NO_ID, "y"], 'item 2: "y" is not a valid UUID.'],
    ["datastorage", [NO_ID], `Invalid pk "${NO_ID}" - object does not exist.`],
    ["extra_fields", null, NULL],
    ["extra_fields", [], "Expected an object of key/value pairs, but got a list."],
    ["extra_fields", "{}", "Expected an object of key/value pairs, but got a string."],
    ["extra_fields", { a: true }, "a: values are strings or numbers, but got a boolean."],
    ["extra_fields", { a: null }, "a: values are strings or numbers, but got null."],
    ["extra_fields", { a: [1] }, "a: values are strings or numbers, but got a list."],
    ["extra_fields", { a: { b: 1 } }, "a: values are strings or numbers, but got an object."],
    ["extra_fields", { "1a": 1 }, "1a: keys start with a letter"],
    ["extra_fields", { "a b": 1 }, "a b: keys start with a letter"],
    ["extra_fields", { "": 1 }, ": keys start with a letter"],
    ["extra_fields", { é: 1 }, "é: keys start with a letter"],
    ["extra_fields", { "a\n": 1 }, "keys start with a letter"],
    ["extra_fields", { a: "\u0000" }, "a: null characters"],
    ["extra_fields", { a: "\ud800" }, "a: null characters"],
    ["download_links", null, NULL],
    ["download_links", "https://a.example", "Expected a list of items, but got a string."],
    ["download_links", ["https://a.example"], "item 1: Expected an object"],
    [
      "download_links",
      [{ url: "https://a.example" }],
      "item 1: repository: This field is required.",
    ],
    ["download_links", [{ repository: "Other" }], "item 1: url: This field is required."],
    ["download_links", link({ repository: "dandi" }), 'item 1: repository: "dandi" is not a valid'],
    ["download_links", link({ repository: 5 }), "item 1: repository: a number is not a valid"],
    ["download_links", link({ url: "www.a.example" }), "item 1: url: the address must start with"],
    ["download_links", link({ url: "//a.example" }), "item 1: url: the address must start with"],
    ["download_links", link({ url: "javascript:alert(1)" }), "item 1: url: the address must"],
    ["download_links", link({ url: "https://" }), "item 1: url: Enter a valid URL."],
    ["download_links", link({ url: "https://a b.example" }), "item 1: url: Enter a valid URL."],
    ["download_links", link({ url: " https://a.example" }), "item 1: url: the address must"],
    ["download_links", link({ note: "x" }), "item 1: unknown key note"],
    ["download_links", [...link({}), ...link({ url: "x" })], "item 2: url: the address must start"],
    ["tags", null, NULL],
    ["tags", "wheel", "Expected a list of items, but got a string."],
    ["tags", [""], "item 1: This field may not be blank."],
    ["tags", ["a", " "], "item 2: This field may not be blank."],
    ["tags", [1], "item 1: Not a valid string: expected a string, but got a number."],
    ["tags", ["x".repeat(101)], "item 1: Ensure this field has no more than 100 characters."],
    ["tags", ["a\u0000"], `item 1: ${CHARACTERS}`],
    ["tags", Array(101).fill("t"), "Ensure this field has no more than 100 elements."],
  ])("%s: %j", async (field, value, message) => {
    const answer = await create({ [field]: value });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ [field]: [expect.stringContaining(message)] });
  });

  function link(part: object) {
    return [{ repository: "Other", url: "https://a.example", ...part }];
  }

  test.each([
    [
      "9007199254740992",
      "a: numbers such as integers beyond ±9007199254740991 cannot be held exactly",
    ],
    ["-9007199254740993", "a: numbers such as integers beyond"],
    ["123456789012345678901234567890", "a: numbers such as integers beyond"],
    ["1e400", "a: the number is too large"],
    ["-1e400", "a: the number is too large"],
  ])("extra_fields: the number %s is refused, never rounded", async (number, message) => {
    const answer = await createFromText(`"extra_fields": {"a": ${number}}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ extra_fields: [expect.stringContaining(message)] });
  });

  test("extra_fields and download_links refuse __proto__ as they do any such key", async () => {
    expect((await createFromText('"extra_fields": {"__proto__": 1}')).body).toEqual({
      extra_fields: [expect.stringContaining("__proto__: keys start")],
    });
    const links = '[{"repository": "Other", "url": "http://a", "__proto__": {}}]';
    expect((await createFromText(`"download_links": ${links}`)).body).toEqual({
      download_links: ["item 1: unknown key __proto__"],
    });
  });

  test("a name that is taken", async () => {
    const name = unique("taken");
    expect((await create({ name })).status).toBe(201);
    expect(await create({ name: ` ${name} ` })).toMatchObject({
      status: 400,
      body: { name: ["session with this name already exists."] },
    });
  });
});
