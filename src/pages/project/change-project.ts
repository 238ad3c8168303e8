import { askViolations, execute, type Replied } from "../../model/execute.ts";
import { parseInput } from "../../model/input.ts";
import { project } from "../../models/project.ts";
import { ApiError, BadRequestError } from "../../values/errors.ts";
import { toInstant } from "../../values/instant.ts";
import { LEVEL } from "../../values/permission.ts";
import { errorOf } from "../../values/violation.ts";
import type { PageContext } from "../page.tsx";
import { flagsOf } from "./shown-project.ts";

/** What a form of the page asks for, as the body of a `PATCH` of the API. */
export interface AskedChange {
  /** The word after `?done=` in the address of the page that follows. */
  readonly done: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * The change that a form asks for.
 *
 * @throws BadRequestError for a form that the page does not have
 */
export function readChange(form: URLSearchParams): AskedChange {
  const action = form.get("action");
  if (action === "publish") return { done: "published", body: { is_public: true } };
  if (action === "unpublish") return { done: "unpublished", body: { is_public: false } };
  const kind = form.get("kind");
  const level = Object.entries(LEVEL).find(([name]) => name === form.get("level"))?.[1];
  if ((kind === "users" || kind === "groups") && action !== null) {
    const key = form.get("key")?.trim() ?? "";
    const change = (done: string, flags: Readonly<Record<string, boolean>>) => ({
      done,
      body: { [kind]: { [key]: flags } },
    });
    if (action === "remove-member") return change("removed", { remove: true });
    if (action === "set-member" && level !== undefined) return change("changed", flagsOf(level));
    if (action === "add-member" && level !== undefined) return change("added", flagsOf(level));
  }
  throw new BadRequestError("This page has no such form. Open it again.");
}

/**
 * Changes a project as a `PATCH` of the API does: with the same plan, the same preconditions and the same errors.
 *
 * @throws an ApiError when the change is refused
 */
export async function changeProject(
  { var: { connection, caller } }: PageContext,
  id: string,
  body: AskedChange["body"],
): Promise<Replied> {
  const intent = { caller, now: toInstant(new Date()) };
  const { input, faults } = parseInput(project.input, body, "change");
  const plan = project.writes.change(id, input, intent);
  if (faults instanceof ApiError || faults.size > 0) {
    const { violations } = await askViolations(connection, caller, plan.preconditions);
    const found = errorOf(violations, faults);
    if (found !== undefined) throw found;
  }
  return execute(connection, intent, plan);
}
