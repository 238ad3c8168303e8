import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Sent } from "./send.ts";

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

let bodies = 0;

/** The line that sends a request again; a body that no shell takes is put into a file of the directory. */
export function curlLine(base: string, { method, path, headers, body }: Sent, directory: string) {
  const options = Object.entries(headers).map(([name, value]) => {
    // An empty header is written with a semicolon.
    return `-H ${quote(value === "" ? `${name};` : `${name}: ${value}`)}`;
  });
  const data = body === undefined ? [] : [`--data-binary ${dataOf(body, directory)}`];
  const how = method === "HEAD" ? "-I" : `-iX ${method}`;
  return ["curl -g --path-as-is", how, ...options, ...data, quote(base + path)].join(" ");
}

function dataOf(body: Buffer, directory: string): string {
  const text = body.toString("latin1");
  if (body.length < 2000 && /^(?!@)[\x20-\x7e]*$/.test(text)) return quote(text);
  bodies += 1;
  const file = join(directory, `body-${bodies}`);
  writeFileSync(file, body);
  return `@${file}`;
}
