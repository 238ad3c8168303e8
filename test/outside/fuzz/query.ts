import fc from "fast-check";
import type { Operation, Parameter } from "./document.ts";
import { arbitraryId, arbitraryInstant, arbitraryText } from "./values.ts";
import type { Shown, World } from "./world.ts";

/** One parameter of a query, not yet encoded. */
export type Pair = readonly [name: string, value: string];

/** A query of parameters that an operation takes. */
export function arbitraryQuery(operation: Operation, world: World): fc.Arbitrary<readonly Pair[]> {
  const parameters = operation.parameters
    .filter((parameter) => parameter.in === "query")
    .map((parameter) => arbitraryParameter(parameter, operation.kind, world));
  if (parameters.length === 0) return fc.constant([]);
  return fc
    .uniqueArray(fc.oneof(...parameters), {
      maxLength: 4,
      selector: (pairs) => pairs[0]?.[0],
    })
    .map((all) => all.flat());
}

function arbitraryParameter(parameter: Parameter, kind: string, world: World) {
  const { name, schema } = parameter;
  const path = /^filter\{(.*)\}$/.exec(name)?.[1];
  if (path !== undefined) return arbitraryFilter(path, parameter.description, kind, world);
  const pairs = (values: readonly unknown[]) => values.map((value): Pair => [name, String(value)]);
  if (schema.items?.enum !== undefined) {
    return fc
      .array(fc.constantFrom(...schema.items.enum), { minLength: 1, maxLength: 3 })
      .map(pairs);
  }
  const one = schema.enum ? fc.constantFrom(...schema.enum) : fc.integer({ min: 0, max: 110 });
  return fc.tuple(one).map(pairs);
}

function arbitraryFilter(path: string, description: string, kind: string, world: World) {
  const operators = /Operators: (.*)\.$/.exec(description)?.[1]?.split(", ") ?? [];
  return fc
    .record({
      operator: fc.constantFrom(...operators),
      negated: fc.boolean(),
      named: fc.boolean(),
      key: fc.nat().map((index) => keyOf(world.pick(kind, index))),
      truth: fc.constantFrom("true", "false", "1", "0"),
      terms: fc.array(arbitraryTerm(path, kind, world), { minLength: 2, maxLength: 5 }),
    })
    .map(({ operator, negated, named, key, truth, terms }) => {
      const place = `${negated ? "-" : ""}${path.replace("<key>", key)}`;
      const name = named || operator !== "eq" ? `${place}.${operator}` : place;
      return termsFor(operator, terms, truth).map((term): Pair => [`filter{${name}}`, term]);
    });
}

/** A key under which an object has something of the scientist's own. */
function keyOf(object: Shown | undefined): string {
  return Object.keys(object?.extra_fields ?? {})[0] ?? "key";
}

/** As many as an operator takes. */
function termsFor(operator: string, terms: readonly string[], truth: string): readonly string[] {
  if (operator === "isnull") return [truth];
  if (operator === "in") return terms;
  return terms.slice(0, operator === "range" ? 2 : 1);
}

const arbitraryOther = fc.oneof(arbitraryText({}), fc.integer().map(String), arbitraryInstant);

/** A value to compare with: mostly one that some object has there, or a part of it. */
function arbitraryTerm(path: string, kind: string, world: World): fc.Arbitrary<string> {
  const [first = "", second] = path.split(".");
  const [owner, field] = world.isRelation(first) ? [first, second ?? "id"] : [kind, first];
  const known = fc.tuple(fc.nat(), fc.nat(8), fc.boolean()).map(([index, length, whole]) => {
    const text = textOf(world.pick(owner, index)?.[field]);
    return whole || field === "id" ? text : [...text].slice(0, length).join("");
  });
  if (/_date$|^date_time$/.test(field)) return arbitraryInstant;
  return fc.oneof({ weight: 12, arbitrary: known }, arbitraryOther, arbitraryId(owner, world));
}

function textOf(value: unknown): string {
  const [one] = [value].flat();
  return typeof one === "object" ? String(Object.values(one ?? {})[0] ?? "") : String(one ?? "");
}
