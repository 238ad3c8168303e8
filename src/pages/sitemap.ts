import { PUBLIC } from "../db/access.ts";
import type { Model } from "../model/define.ts";
import { project } from "../models/project.ts";
import { session } from "../models/session/session.ts";
import { NO_QUERY } from "../query/parse.ts";
import { NotFoundError } from "../values/errors.ts";
import { listPath } from "./list-columns.ts";
import { readLists, withColumns } from "./list-query.ts";
import { originOf, type Page, type PageContext, readAnywhere } from "./page.tsx";

// What search engines read: which addresses they may open, and a list of the public ones. A registry can have
// more records than one sitemap may name, so there is a sitemap of sitemaps.

/** How many records one sitemap names. */
const MOST_RECORDS = 2_000;

/** The models whose public records have pages for search engines. */
const MODELS: readonly Model[] = [project, session];

export const robotsPage: Page = {
  path: "/robots.txt",
  access: "anyone",
  get: async (context) => {
    const lines = [
      "User-agent: *",
      "Disallow: /api/",
      "Disallow: /account/",
      "Disallow: /private/",
      "Disallow: /*format=",
      `Sitemap: ${originOf(context)}/sitemap.xml`,
    ];
    return answerText(context, "text/plain", `${lines.join("\n")}\n`);
  },
};

/** The sitemap of sitemaps. */
export const sitemapPage: Page = {
  path: "/sitemap.xml",
  access: "anyone",
  get: async (context) => {
    const counts = await readPublic(context, MODELS, 0, 1);
    const origin = originOf(context);
    const parts = MODELS.flatMap(({ name }, index) => {
      const { count = 0 } = counts[index] ?? {};
      const pages = Math.ceil(count / MOST_RECORDS);
      return Array.from({ length: pages }, (_, page) => `${origin}/sitemap/${name}/${page + 1}`);
    });
    const sitemaps = [`${origin}/sitemap/lists/1`, ...parts];
    return answerXml(context, "sitemapindex", "sitemap", sitemaps);
  },
};

/** One sitemap: the lists, or a part of the public records of a model. */
export const sitemapPartPage: Page = {
  path: "/sitemap/:name/:page",
  access: "anyone",
  get: async (context) => {
    const origin = originOf(context);
    const name = context.req.param("name");
    const page = context.req.param("page") ?? "";
    if (!/^[1-9]\d{0,3}$/.test(page)) throw new NotFoundError();
    if (name === "lists" && page === "1") {
      const lists = MODELS.map((model) => origin + listPath("public", model));
      return answerXml(context, "urlset", "url", [`${origin}/`, ...lists]);
    }
    const model = MODELS.find((each) => each.name === name);
    if (model === undefined) throw new NotFoundError();
    const offset = (Number(page) - 1) * MOST_RECORDS;
    const [found] = await readPublic(context, [model], offset, MOST_RECORDS);
    const ids = (found?.bodies ?? []).map((body) => (JSON.parse(body) as { id: string }).id);
    if (ids.length === 0) throw new NotFoundError();
    const path = origin + listPath("public", model);
    return answerXml(
      context,
      "urlset",
      "url",
      ids.map((id) => `${path}${id}/`),
    );
  },
};

async function readPublic(
  context: PageContext,
  models: readonly Model[],
  offset: number,
  limit: number,
) {
  const lists = models.map((model) => ({
    model,
    caller: PUBLIC,
    query: { ...withColumns(model, NO_QUERY, []), offset, limit },
  }));
  readAnywhere(context);
  return readLists(context.var.connection, PUBLIC, lists);
}

const NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9";

/** Addresses with nothing that XML would have to escape. */
function answerXml(
  context: PageContext,
  root: string,
  each: string,
  addresses: readonly string[],
): Response {
  const entries = addresses.map((address) => `<${each}><loc>${address}</loc></${each}>`);
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<${root} xmlns="${NAMESPACE}">
${entries.join("\n")}
</${root}>
`;
  return answerText(context, "application/xml", text);
}

/** Caches may keep it for an hour: it is the same for everybody. */
function answerText(context: PageContext, type: string, text: string): Response {
  return context.body(text, 200, {
    "Content-Type": `${type}; charset=utf-8`,
    "Cache-Control": "public, max-age=3600",
  });
}
