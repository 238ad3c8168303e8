import { execFile, execFileSync } from "node:child_process";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { ROOT } from "../../scripts/platform/wrangler.ts";
import { directoryOfTest } from "../scripts/command.ts";

// docs/developing.md shows how a model is added. These tests do as it says, in a copy of the repository.

/** A block of the page that names its file in its first line: all of the file, or lines to add to it. */
interface Block {
  readonly kind: "ts" | "diff";
  readonly path: string;
  readonly text: string;
}

const BLOCK = /```(ts|diff)\n\/\/ (\S+)\n([\s\S]*?)```/g;

let blocks: readonly Block[];

beforeAll(async () => {
  const page = await readFile(join(ROOT, "docs", "developing.md"), "utf8");
  blocks = [...page.matchAll(BLOCK)].map(([, kind, path = "", text = ""]) => ({
    kind: kind === "diff" ? "diff" : "ts",
    path,
    text,
  }));
});

/** A copy of all files of the repository, with its packages. */
async function copyRepository(): Promise<string> {
  const directory = await directoryOfTest();
  const listed = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" });
  for (const file of listed.split("\0").filter(Boolean)) {
    await cp(join(ROOT, file), join(directory, file));
  }
  await symlink(join(ROOT, "node_modules"), join(directory, "node_modules"));
  return directory;
}

/** Puts imports in front, and the other lines at the end of the first list or object. */
function addLines(text: string, diff: string): string {
  const added = diff.split("\n").flatMap((line) => (line.startsWith("+") ? [line.slice(1)] : []));
  const imports = added.filter((line) => line.startsWith("import "));
  const others = added.filter((line) => !line.startsWith("import "));
  const end = text.search(/^[\]}];$/m);
  return `${imports.join("\n")}\n${text.slice(0, end)}${others.join("\n")}\n${text.slice(end)}`;
}

async function apply(directory: string, { kind, path, text }: Block): Promise<void> {
  const file = join(directory, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, kind === "ts" ? text : addLines(await readFile(file, "utf8"), text));
}

const run = async (directory: string, ...args: readonly string[]) => {
  const [command = "", ...rest] = args;
  const bin = join(directory, "node_modules", ".bin", command);
  return promisify(execFile)(bin, rest, { cwd: directory, maxBuffer: 64 * 1024 * 1024 }).catch(
    (error: { stdout: string; stderr: string }) => {
      throw new Error(`${args.join(" ")}:\n${error.stdout}\n${error.stderr}`);
    },
  );
};

test("a model is added as the page says, and holds to what every model holds to", async () => {
  expect(blocks.map(({ path }) => path)).toEqual([
    "src/db/schema/collections.ts",
    "src/models/collection.ts",
    "src/models/all.ts",
    "test/support/route-fixtures/collection.ts",
    "test/support/route-fixtures/all.ts",
  ]);
  const directory = await copyRepository();
  for (const block of blocks) await apply(directory, block);
  await run(directory, "drizzle-kit", "generate", "--name", "collections");
  await run(directory, "tsc", "-p", "tsconfig.json");
  await run(directory, "depcruise", "--config", ".dependency-cruiser.js", "src");
  const tests = ["denial-matrix", "round-trips", "faults", "hostile", "history/every-write"];
  const files = tests.map((name) => `test/api/${name}.test.ts`);
  const { stdout } = await run(directory, "vitest", "run", "--project", "api", ...files);
  expect(stdout).toContain("passed");
});
