/** The lock file names the builds of every platform: `npm ci` refuses one that does not. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

/** The part of a locked package that this test reads. */
type LockedPackage = { optionalDependencies?: Record<string, string> };

test("has an entry for each optional dependency of each package, for any platform", async () => {
  const { packages } = JSON.parse(await readFile("package-lock.json", "utf8")) as {
    packages: Record<string, LockedPackage>;
  };
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !(`${path}/node_modules/${name}` in packages || `node_modules/${name}` in packages),
    ),
  );
  expect(missing).toEqual([]);
});
