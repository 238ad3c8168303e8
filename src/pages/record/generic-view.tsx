import type { FC } from "hono/jsx";
import type { Caller } from "../../db/access.ts";
import type { Statement } from "../../db/connection.ts";
import type { Model } from "../../model/define.ts";
import type { Field } from "../../model/field.ts";
import { idsIn, namesOf } from "../../model/related.ts";
import { FieldValue, isEmpty, namesIn } from "./field-value.tsx";
import { targetOf } from "./lookups.ts";
import type { RecordView, ShownRecord } from "./record-page.tsx";
import { listWithin, RelatedLists } from "./related-lists.tsx";
import { RowList, rowFields } from "./row-list.tsx";

/** Whether the page shows a field. A list that grows with the table has pages of its own, unless people write it. */
const isShown = ({ json, isConstant, omittedWhenIncluded, write }: Field<unknown>) =>
  json !== undefined && !isConstant && (!omittedWhenIncluded || write !== undefined);

/** The fields whose related records the page names, and their models. */
const related = (model: Model) =>
  Object.entries(model.fields).flatMap(([name, field]) => {
    const target = isShown(field) ? targetOf(field) : undefined;
    return target === undefined ? [] : [{ name, target }];
  });

/** The statements that find the names of the records that a record refers to. */
export function namesOfRelated(model: Model, caller: Caller, id: string): readonly Statement[] {
  return related(model).map(({ name, target }) =>
    namesOf(target, caller, idsIn(model, name, caller, id)),
  );
}

/** A record by its declaration: every field that has a value, with its label. */
export const genericView: RecordView = {
  selection: ({ fields }) => ({
    include: [],
    exclude: Object.keys(fields).filter((name) => !isShown(fields[name] as Field<unknown>)),
  }),
  statements: namesOfRelated,
  show: (shown) => (
    <>
      <Fields shown={shown} />
      {rowFields(shown.model).map((name) => (
        <RowList shown={shown} name={name} />
      ))}
      <RelatedLists
        model={shown.model}
        portal={shown.portal}
        id={shown.id}
        mayAdd={shown.may.change}
      />
    </>
  ),
};

const Fields: FC<{ shown: ShownRecord }> = ({ shown: { model, portal, id, record, rows } }) => {
  const names = new Map(related(model).map(({ name }, index) => [name, namesIn(rows[index])]));
  const elsewhere = rowFields(model);
  const fields = Object.entries(model.fields).filter(
    ([name]) => Object.hasOwn(record, name) && !elsewhere.includes(name),
  );
  const given = fields.filter(([name]) => !isEmpty(record[name]));
  const missing = fields.filter(([name]) => isEmpty(record[name]));
  return (
    <section class="card">
      <dl class="facts">
        {given.map(([name, field]) => (
          <>
            <dt>{field.label}</dt>
            <dd>
              <FieldValue
                field={field}
                value={record[name]}
                names={names.get(name)}
                portal={portal}
                all={listWithin(model, field, portal, id)}
              />
            </dd>
          </>
        ))}
      </dl>
      {missing.length > 0 && (
        <p class="quiet">Not given: {missing.map(([, { label }]) => label).join(", ")}.</p>
      )}
    </section>
  );
};
