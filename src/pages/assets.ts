import type { Context } from "hono";
import type { Environment } from "../auth/environment.ts";
import { NotFoundError } from "../values/errors.ts";
import { COPY_SCRIPT } from "./copy-script.ts";
import { DOCS } from "./docs-script.ts";
import { LIST_SCRIPT } from "./list-script.ts";
import { SUGGEST_SCRIPT } from "./member-suggestions.tsx";
import { FORM_SCRIPT, IMPORT_SCRIPT, RECORD_SCRIPT } from "./record-scripts.ts";
import { STYLE } from "./style.ts";

/** A file of the pages. Its address has a hash of its text, so that a browser may keep it forever. */
interface Asset {
  readonly address: string;
  readonly type: string;
  readonly text: string;
}

/** The mark of the service: the trace of a probe on a rounded square. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0b6e70"/><path d="M4 17.5h5l2-3 2.5 3H15l2-11 3 19 2.2-8H28" fill="none" stroke="#fff" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

export const STYLESHEET = asset("style.css", "text/css; charset=utf-8", STYLE);
export const DOCS_SCRIPT = asset("docs.js", "text/javascript; charset=utf-8", DOCS);
export const MARK = asset("mark.svg", "image/svg+xml", ICON);

const SCRIPT = "text/javascript; charset=utf-8";
const COPY = asset("copy.js", SCRIPT, COPY_SCRIPT);
const LIST = asset("list.js", SCRIPT, LIST_SCRIPT);
const FORM = asset("form.js", SCRIPT, FORM_SCRIPT);
const IMPORT = asset("import.js", SCRIPT, IMPORT_SCRIPT);
const RECORD = asset("record.js", SCRIPT, RECORD_SCRIPT);
const SUGGEST = asset("suggest.js", SCRIPT, SUGGEST_SCRIPT);

/** The addresses of the scripts of each kind of page. */
export const CODE_SCRIPTS: readonly string[] = [COPY.address];
export const LIST_SCRIPTS: readonly string[] = [COPY.address, LIST.address];
export const FORM_SCRIPTS: readonly string[] = [FORM.address, SUGGEST.address];
export const PROJECT_SCRIPTS: readonly string[] = [SUGGEST.address];
export const IMPORT_SCRIPTS: readonly string[] = [IMPORT.address];
export const RECORD_SCRIPTS: readonly string[] = [RECORD.address];

const SCRIPTS = [COPY, LIST, DOCS_SCRIPT, FORM, IMPORT, RECORD, SUGGEST];

const ASSETS: ReadonlyMap<string, Asset> = new Map(
  [STYLESHEET, MARK, ...SCRIPTS].map((each) => [each.address, each]),
);

function asset(file: string, type: string, text: string): Asset {
  const dot = file.lastIndexOf(".");
  const address = `/assets/${file.slice(0, dot)}-${checksum(text)}${file.slice(dot)}`;
  return { address, type, text };
}

/**
 * FNV-1a, 32 bits, as eight hexadecimal digits. It tells versions of a file apart; no security depends on it,
 * and unlike a SHA-256 it is there when a module loads.
 */
function checksum(text: string): string {
  let sum = 0x811c9dc5;
  for (let place = 0; place < text.length; place += 1) {
    sum = Math.imul(sum ^ text.charCodeAt(place), 0x01000193) >>> 0;
  }
  return sum.toString(16).padStart(8, "0");
}

/**
 * `GET /assets/:file`. The files are part of the Worker: they are small, and so no request passes through a
 * second service first.
 *
 * @throws NotFoundError for an unknown file, or one of another version of the service
 */
export function answerAsset(context: Context<Environment>): Response {
  context.set("route", "/assets/:file");
  const found = ASSETS.get(context.req.path);
  if (found === undefined) throw new NotFoundError();
  return context.body(found.text, 200, {
    "Content-Type": found.type,
    "Cache-Control": "public, max-age=31536000, immutable",
  });
}
