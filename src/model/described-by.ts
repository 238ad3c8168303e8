import type * as z from "zod/mini";

const described = new WeakMap<z.core.$ZodType, z.core.$ZodType>();

/**
 * Gives a schema a description for clients. The schema accepts more than its description says, such as
 * MATLAB's forms of a value. The description is built only when it is needed.
 */
export function describedBy<Schema extends z.core.$ZodType>(
  schema: Schema,
  by: z.core.$ZodType,
): Schema {
  described.set(schema, by);
  return schema;
}

/** The schema that describes this one to clients; undefined when it describes itself. */
export function descriptionOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  return described.get(schema);
}
