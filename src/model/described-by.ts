import type * as z from "zod/mini";

const described = new WeakMap<z.core.$ZodType, z.core.$ZodType>();

/**
 * A schema that takes more than it is meant for (MATLAB's forms of a value) and is described to clients
 * by the schema of what it is meant for. The description is made when somebody asks for it.
 */
export function describedBy<Schema extends z.core.$ZodType>(
  schema: Schema,
  by: z.core.$ZodType,
): Schema {
  described.set(schema, by);
  return schema;
}

/** The schema to describe instead of this one, if there is any. */
export function descriptionOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  return described.get(schema);
}
