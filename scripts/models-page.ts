import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Model } from "../src/model/define.ts";
import { models } from "../src/models/all.ts";
import { ROOT } from "./platform/wrangler.ts";

// `npm run docs`: writes docs/models.md from the declarations of the models. A test compares the two.

export const PAGE = join(ROOT, "docs", "models.md");

const HEAD = `# Models

What each model has, as its declaration in \`src/models/\` says. \`npm run docs\` writes this page.
[Reading and writing sessions](asking.md) explains filters, sort keys and \`include[]\`.
`;

/** The page as Markdown. */
export function renderModels(): string {
  return `${[HEAD, ...models.map(renderModel)].join("\n")}`;
}

function renderModel(model: Model): string {
  const { label, help, path, portals, verbs, actions, subLists, search } = model;
  const addresses = portals.map((portal) => `\`/api/${portal}${path}/\``).join(", ");
  const below = [
    ...subLists.map(({ path: sub, summary }) => `\`GET ${path}${sub}/\`: ${summary}.`),
    ...actions.map((action) => {
      const address = `${action.method.toUpperCase()} ${path}${action.path}/`;
      return `\`${address}\`: ${action.summary}.`;
    }),
  ];
  return [
    `## ${label}`,
    "",
    wrap(help),
    "",
    verbs.length === 0
      ? "Read below other records only."
      : `${addresses}.\n\nVerbs: ${verbs.join(", ")}.`,
    ...(search === undefined
      ? []
      : ["", wrap(`Search in: ${search.fields.map(asCode).join(", ")}.`)]),
    ...(below.length === 0 ? [] : ["", ...below.map((line) => `- ${line}`)]),
    "",
    "| field | label | shown | input | filters | sorts | include |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...Object.entries(model.fields).map(([name, field]) => renderField(name, field)),
    "",
    ...Object.entries(model.fields).map(([name, { help: words }]) =>
      wrap(`- \`${name}\`: ${words}`),
    ),
    "",
  ].join("\n");
}

const asCode = (text: string) => `\`${text}\``;

function renderField(name: string, field: Model["fields"][string]): string {
  const filters = Object.entries(field.filters ?? {}).map(
    ([rest, { type }]) => `\`${rest === "" ? name : `${name}.${rest}`}\` (${type})`,
  );
  const keyed = field.keyFilter === undefined ? [] : [`\`${name}.<key>\``];
  const include = field.include === undefined || field.include === "none" ? "" : "yes";
  const cells = [
    `\`${name}\``,
    field.label,
    field.json === undefined ? "" : "yes",
    field.input,
    [...filters, ...keyed].join(", "),
    field.sort === undefined ? "" : "yes",
    include,
  ];
  return `| ${cells.join(" | ")} |`;
}

/** The longest line of prose. */
const WIDTH = 120;

/** A paragraph or an item of a list in lines of at most `WIDTH` characters. */
function wrap(text: string): string {
  const indent = text.startsWith("- ") ? "  " : "";
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (longer.length <= WIDTH) lines[Math.max(0, lines.length - 1)] = longer;
    else lines.push(`${indent}${word}`);
  }
  return lines.join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await writeFile(PAGE, renderModels());
}
