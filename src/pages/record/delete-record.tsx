import { pathId } from "../../api/request.ts";
import { carryOut } from "../../api/write.ts";
import type { Model } from "../../model/define.ts";
import { findViolations } from "../../model/precondition.ts";
import { readRecordWith } from "../../model/read.ts";
import { toInstant } from "../../values/instant.ts";
import { errorOf, type Violation } from "../../values/violation.ts";
import { Flash, FormToken } from "../layout.tsx";
import { goTo, type Page, type PageContext, renderPage } from "../page.tsx";
import { readJsonRecord } from "./field-value.tsx";
import { type Refused, refusalOf } from "./form-write.ts";
import { deletePath, listPath, recordPath } from "./paths.ts";
import { titleOf } from "./title.ts";

/** The page that asks whether a record shall be deleted, and deletes it. */
export const deleteRecordPage = (model: Model): Page => ({
  path: `/private${model.path}/:id/delete`,
  access: "signed-in",
  get: (context) => ask(context, model),
  post: async (context) => {
    const { connection, caller } = context.var;
    const id = pathId(context);
    const intent = { caller, now: toInstant(new Date()) };
    try {
      await carryOut(connection, intent, model.writes.remove(id, intent), { fault: undefined });
    } catch (error) {
      const refused = refusalOf(error);
      if (refused === undefined) throw error;
      return ask(context, model, refused);
    }
    return goTo(context, `${listPath(model, "private")}?deleted`);
  },
});

/** The page says beforehand what the deletion would be refused for. */
async function ask(context: PageContext, model: Model, refused?: Refused): Promise<Response> {
  const { connection, caller } = context.var;
  const id = pathId(context);
  const intent = { caller, now: toInstant(new Date()) };
  const { preconditions } = model.writes.remove(id, intent);
  const asked = preconditions.map((precondition) => findViolations(precondition, caller));
  const { body, beside } = await readRecordWith(connection, caller, model, id, asked);
  const violations = beside
    .flat()
    .map(({ violation }) => JSON.parse(String(violation)) as Violation);
  const foreseen = refusalOf(errorOf(violations, undefined)) ?? refused;
  const title = titleOf(model, readJsonRecord(body));
  return renderPage(
    context,
    { title: `Delete ${title}`, narrow: true },
    (token) => (
      <form class="card" method="post" action={deletePath(model, id)}>
        <h1>Delete “{title}”?</h1>
        {foreseen === undefined ? (
          <p>
            The {model.title} and everything that belongs to it will be gone. This cannot be undone;
            the history keeps what it was.
          </p>
        ) : (
          <Flash title="It cannot be deleted" error>
            {sentencesOf(foreseen).map((sentence) => (
              <p>{sentence}</p>
            ))}
          </Flash>
        )}
        <FormToken value={token} />
        <div class="actions wide">
          {foreseen === undefined && (
            <button class="danger" type="submit">
              Delete the {model.title}
            </button>
          )}
          <a class="button plain" href={recordPath(model, "private", id)}>
            {foreseen === undefined ? "Keep it" : `Back to the ${model.title}`}
          </a>
        </div>
      </form>
    ),
    { status: refused?.status ?? 200, forms: true },
  );
}

const sentencesOf = ({ errors, message }: Refused): readonly string[] => [
  ...(message === undefined ? [] : [message]),
  ...[...(errors ?? [])].flatMap(([, messages]) => messages),
];
