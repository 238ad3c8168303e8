import { execFile, execFileSync } from "node:child_process";
import { appendFile, cp, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { ROOT } from "../../scripts/platform/wrangler.ts";
import { directoryOfTest } from "../scripts/command.ts";

// docs/developing.md shows how a model is added. These tests do as it says, in a copy of the repository.

/**
 * A block of the page that names its file in its first line: all of the file (`ts`), lines to add to it (`diff`), or
 * the end of a generated migration (`sql`).
 */
interface Block {
  readonly kind: "ts" | "diff" | "sql";
  readonly path: string;
  readonly text: string;
}

const BLOCK = /```(ts|diff|sql)\n(?:\/\/|--) (\S+)\n([\s\S]*?)```/g;

let blocks: readonly Block[];

beforeAll(async () => {
  const page = await readFile(join(ROOT, "docs", "developing.md"), "utf8");
  blocks = [...page.matchAll(BLOCK)].map(([, kind, path = "", text = ""]) => ({
    kind: kind as Block["kind"],
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

/**
 * Puts imports in front. The other lines come after the line of the diff that is there already, or at the end of the
 * first list or object.
 */
function addLines(text: string, diff: string): string {
  const lines = diff.split("\n");
  const added = lines.flatMap((line) => (line.startsWith("+") ? [line.slice(1)] : []));
  const [present] = lines.flatMap((line) => (line.startsWith(" ") ? [`${line.slice(1)}\n`] : []));
  const imports = added.filter((line) => line.startsWith("import ")).map((line) => `${line}\n`);
  const others = added.filter((line) => !line.startsWith("import ")).map((line) => `${line}\n`);
  const end =
    present === undefined ? text.search(/^[\]}];$/m) : text.indexOf(present) + present.length;
  return [...imports, text.slice(0, end), ...others, text.slice(end)].join("");
}

async function apply(directory: string, { kind, path, text }: Block): Promise<void> {
  const file = join(directory, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, kind === "diff" ? addLines(await readFile(file, "utf8"), text) : text);
}

/** Appends statements to the one migration whose name ends as the path says. */
async function extendMigration(directory: string, { path, text }: Block): Promise<void> {
  const folder = join(directory, dirname(path));
  const ending = basename(path).replace("*", "");
  const names = (await readdir(folder)).filter((name) => name.endsWith(ending));
  expect(names).toHaveLength(1);
  await appendFile(join(folder, names[0] ?? ""), `\n${text}`);
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
    "src/db/schema/figures.ts",
    "src/db/schema/projects.ts",
    "drizzle/*_figures.sql",
    "src/models/figure.ts",
    "src/models/all.ts",
    "test/support/route-fixtures/figure.ts",
    "test/support/route-fixtures/all.ts",
  ]);
  const directory = await copyRepository();
  for (const block of blocks.filter(({ kind }) => kind !== "sql")) await apply(directory, block);
  await run(directory, "drizzle-kit", "generate", "--name", "figures");
  for (const block of blocks.filter(({ kind }) => kind === "sql")) {
    await extendMigration(directory, block);
  }
  await run(directory, "tsc", "-p", "tsconfig.json");
  await run(directory, "depcruise", "--config", ".dependency-cruiser.js", "src");
  const tests = [
    "api/denial-matrix",
    "api/round-trips",
    "api/history/every-write",
    "every-route/faults",
    "every-route/hostile",
  ];
  const files = tests.map((name) => `test/${name}.test.ts`);
  // The routes of the new model alone: `npm test` runs those of the others.
  const projects = ["--project", "api", "--project", "every-route"];
  const vitest = ["vitest", "run", ...projects, "--testNamePattern", "/stem/figure"];
  const { stdout } = await run(directory, ...vitest, ...files);
  // A file without a test of the new model would not have passed, but been skipped.
  expect(stripVTControlCharacters(stdout)).toMatch(/Test Files +5 passed \(5\)/);
});
