import fc from "fast-check";
import type { Schema } from "./document.ts";
import type { World } from "./world.ts";

// Values that the schemas of the OpenAPI document allow. They speak of the objects that there are at the
// moment of drawing.

type Make = (schema: Schema, field: string, world: World) => fc.Arbitrary<unknown>;

/** Any value of a schema, for the field of this name. */
export const arbitraryValue: Make = (schema, field, world) => {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.format === "uuid") return arbitraryId(field, world);
  if (schema.format === "date-time") return fc.option(arbitraryInstant, { freq: 4 });
  if (schema.format === "uri") return fc.webUrl({ validSchemes: ["http", "https", "ftp"] });
  if (schema.anyOf !== undefined) {
    return fc.oneof(...schema.anyOf.map((one) => arbitraryValue(one, field, world)));
  }
  if (schema.type === undefined) return arbitraryJson;
  const types = [schema.type].flat();
  return fc.oneof(...types.map((type) => (BY_TYPE[type] ?? noValue)(schema, field, world)));
};

const arbitraryJson = fc.jsonValue({ maxDepth: 3 });

const noValue: Make = (schema) => {
  throw new Error(`No values for ${JSON.stringify(schema)}`);
};

const BY_TYPE: Readonly<Record<string, Make>> = {
  null: () => fc.constant(null),
  boolean: () => fc.boolean(),
  integer: () => fc.oneof({ weight: 4, arbitrary: fc.nat(5) }, fc.maxSafeNat()),
  number: () => fc.oneof(fc.integer({ min: -10, max: 1000 }), fc.double({ noNaN: true })),
  string: (schema, field, world) =>
    field === "name" ? arbitraryName(schema, world) : arbitraryText(schema),
  array: ({ items = {}, minItems = 0 }, field, world) =>
    fc.array(arbitraryValue(items, field, world), { minLength: minItems, maxLength: 4 }),
  object: (schema, field, world) =>
    schema.properties === undefined
      ? arbitraryDictionary(schema, field, world)
      : arbitraryRecord(schema, world),
};

/** An object with all that is required and some of the rest. */
function arbitraryRecord({ properties = {}, required = [] }: Schema, world: World) {
  const fields = Object.entries(properties).map(
    ([name, schema]) => [name, arbitraryValue(schema, name, world)] as const,
  );
  return fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
}

/** Whose names stand for the keys of these fields. */
const MEMBERS: Readonly<Record<string, readonly [kind: string, key: string]>> = {
  users: ["user", "email"],
  groups: ["group", "name"],
  authenticated_groups: ["group", "name"],
};

function arbitraryDictionary(schema: Schema, field: string, world: World) {
  const { propertyNames, additionalProperties: values = {} } = schema;
  const [kind, key] = MEMBERS[field] ?? [];
  const value =
    typeof values === "object" && values.type !== undefined
      ? arbitraryValue(values, "", world)
      : arbitraryJson;
  if (kind !== undefined && key !== undefined) {
    const name = fc.nat().map((index) => String(world.pick(kind, index)?.[key] ?? "nobody"));
    return fc.dictionary(name, value, { maxKeys: 3 });
  }
  const name = propertyNames === undefined ? fc.string() : arbitraryText(propertyNames);
  return fc.dictionary(name, value, { maxKeys: 5 });
}

/** The id of an object that there is, now and then of none. */
export function arbitraryId(field: string, world: World): fc.Arbitrary<string> {
  const known = fc
    .tuple(fc.nat(), fc.uuid())
    .map(([index, other]) => String(world.pick(field, index)?.id ?? other));
  return fc.oneof({ weight: 30, arbitrary: known }, fc.uuid());
}

/** A text of any characters but null, mostly short. */
export function arbitraryText({ pattern, minLength = 0, maxLength = 5000 }: Schema) {
  if (pattern !== undefined) {
    return fc.stringMatching(new RegExp(pattern)).filter((text) => text.length <= maxLength);
  }
  const lengths = { minLength, maxLength };
  return fc
    .oneof(
      { weight: 5, arbitrary: fc.string({ ...lengths, unit: "grapheme-ascii" }) },
      { weight: 3, arbitrary: fc.string({ ...lengths, unit: "grapheme" }) },
      { weight: 2, arbitrary: fc.string({ ...lengths, unit: "binary" }) },
      { weight: 1, arbitrary: fc.string({ ...lengths, unit: "binary", size: "max" }) },
    )
    .map((text) => text.replaceAll("\0", " "));
}

/** What names are refused with: characters that are not seen. */
const HIDDEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\u115f\u1160\u3164\uffa0]/gu;

/** A name that is new, now and then one that is taken. */
function arbitraryName(schema: Schema, world: World): fc.Arbitrary<string> {
  const fresh = fc
    .tuple(arbitraryText({ ...schema, maxLength: 60 }), fc.nat())
    .map(
      ([text, number]) =>
        `${[...text.replace(HIDDEN, "")].slice(0, 60).join("")} ${number.toString(36)}`,
    );
  const taken = fc
    .tuple(fc.constantFrom("session", "project", "datastorage", "group"), fc.nat())
    .map(([kind, index]) => String(world.pick(kind, index)?.name ?? "taken"));
  return fc.oneof({ weight: 12, arbitrary: fresh }, taken);
}

/** A date-time in one of the forms that the contract allows. */
export const arbitraryInstant: fc.Arbitrary<string> = fc
  .tuple(
    fc.date({ min: new Date("0001-01-02"), max: new Date("9999-12-30"), noInvalidDate: true }),
    fc.constantFrom(16, 19, 23),
    fc.constantFrom("", "Z", "+01:00", "-11:30"),
  )
  .map(([date, length, zone]) => date.toISOString().slice(0, length) + zone);
