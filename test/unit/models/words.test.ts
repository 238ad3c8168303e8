import { describe, expect, test } from "vitest";
import { models } from "../../../src/models/all.ts";

// What people read of models and fields: pages, the OpenAPI document and the docs are built from it.

const words = (text: string, max: number) =>
  text.trim() === text && text !== "" && text.length <= max;

describe.each(models.map((model) => [model.name, model] as const))("%s", (_, model) => {
  test("has a label and one sentence of help", () => {
    expect(model.label).toSatisfy((text: string) => words(text, 120));
    expect(model.help).toSatisfy((text: string) => words(text, 300));
  });

  test.each(Object.entries(model.fields))("%s has a label and help", (_name, { label, help }) => {
    expect(label).toSatisfy((text: string) => words(text, 120));
    expect(label).not.toContain("_");
    expect(help).toSatisfy((text: string) => words(text, 300));
    expect(help).toMatch(/\.$/);
  });

  test.each(Object.entries(model.fields))("%s has an input that fits it", (_name, field) => {
    expect(field.input === "read-only").toBe(field.write === undefined);
    expect(["choice", "links"].includes(field.input)).toBe(field.choices !== undefined);
  });
});

test("the labels of a model's fields differ", () => {
  for (const { name, fields } of models) {
    const labels = Object.values(fields).map(({ label }) => label);
    expect(new Set(labels).size, name).toBe(labels.length);
  }
});
