import { type SQL, sql } from "drizzle-orm";
import type { Expression } from "../db/expression.ts";

/** Joins expressions by an operator as a balanced tree: D1 allows a depth of 100 in an expression. */
export function balanced(parts: readonly SQL[], operator: Expression): SQL {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const middle = Math.ceil(parts.length / 2);
  const [first, second] = [parts.slice(0, middle), parts.slice(middle)];
  return sql`(${balanced(first, operator)} ${operator} ${balanced(second, operator)})`;
}
