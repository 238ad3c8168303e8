import { nameFieldOf } from "../../model/related.ts";
import type { ReadModel } from "../../query/read-model.ts";

/** The name of a record for a heading: its name, or the label of its model when it has none. */
export function titleOf(model: ReadModel, record: Readonly<Record<string, unknown>>): string {
  const name = record[nameFieldOf(model) ?? ""];
  return typeof name === "string" && name.trim() !== "" ? name : model.label;
}
