import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { PAGE, renderModels } from "../../scripts/models-page.ts";

test("docs/models.md says what the models declare: npm run docs writes it", async () => {
  expect(await readFile(PAGE, "utf8")).toBe(renderModels());
});
