import type { FC } from "hono/jsx";
import { AT_EACH_END } from "../../model/related.ts";
import type { InputProps } from "./field-input.tsx";
import { DO } from "./form-actions.ts";

/**
 * Records or tags that are chosen, in their order, with a box to find more. Every button sends the form, which is
 * shown again with the change; the script of the page does the same without leaving it.
 */
export const ChosenList: FC<InputProps> = (props) => {
  const { name, field, form, focus, said } = props;
  const isTags = field.input === "tags";
  const isOne = field.input === "reference";
  const chosen = form.getAll(name).filter((item) => item !== "");
  const isLong = !isTags && chosen.length > 2 * AT_EACH_END;
  const between = isLong ? chosen.slice(AT_EACH_END, -AT_EACH_END) : [];
  return (
    <>
      {!isOne && <input type="hidden" name={name} value="" />}
      {chosen.length > 0 && (
        <ol
          class={isTags ? "chosen chips" : "chosen"}
          data-order={isOne || isTags ? undefined : ""}
        >
          {chosen.slice(0, isLong ? AT_EACH_END : undefined).map((item, index) => (
            <Chosen props={props} item={item} index={index} count={chosen.length} />
          ))}
          {isLong && (
            <li class="chosen-between">
              <input type="hidden" name={name} value={between.join(" ")} />
              and {between.length.toLocaleString("en")} more, which stay in their order. Find one by
              its name to remove it.
            </li>
          )}
          {isLong &&
            chosen
              .slice(-AT_EACH_END)
              .map((item, index) => (
                <Chosen
                  props={props}
                  item={item}
                  index={chosen.length - AT_EACH_END + index}
                  count={chosen.length}
                />
              ))}
        </ol>
      )}
      {(!isOne || chosen.length === 0) &&
        (isTags ? <TagBox props={props} /> : <SearchBox props={props} />)}
      <p class="said" role="status" data-focus={focus?.startsWith(`${name}-`) ? focus : undefined}>
        {said ?? ""}
      </p>
    </>
  );
};

const Chosen: FC<{ props: InputProps; item: string; index: number; count: number }> = ({
  props,
  item,
  index,
  count,
}) => {
  const { name, field, lookup } = props;
  const isTags = field.input === "tags";
  const known = lookup?.names.get(item);
  const title = isTags ? item : (known ?? item);
  const isOrdered = field.input === "references" && count > 1;
  return (
    <li class="chosen-row" draggable={isOrdered ? "true" : undefined}>
      <input type="hidden" name={name} value={item} />
      {isOrdered && (
        <span class="grip" aria-hidden="true">
          ⠿
        </span>
      )}
      <span class={known === undefined && !isTags ? "chosen-name mono" : "chosen-name"}>
        {title}
        {known === null && <span class="quiet"> (you may not see it)</span>}
      </span>
      {isOrdered && (
        <>
          <Do
            props={props}
            action={`up.${index}`}
            id={`up-${index}`}
            off={index === 0}
            label={`Move ${title} up`}
          >
            ↑
          </Do>
          <Do
            props={props}
            action={`down.${index}`}
            id={`down-${index}`}
            off={index === count - 1}
            label={`Move ${title} down`}
          >
            ↓
          </Do>
        </>
      )}
      <Do props={props} action={`remove.${index}`} id={`remove-${index}`} label={`Remove ${title}`}>
        ×
      </Do>
    </li>
  );
};

/** A small button that changes this field alone. */
const Do: FC<{
  props: InputProps;
  action: string;
  id: string;
  label: string;
  off?: boolean;
  children?: string;
}> = ({ props: { name, focus }, action, id, label, off, children }) => (
  <button
    class="icon"
    type="submit"
    name={DO}
    value={`${name}.${action}`}
    id={`${name}-${id}`}
    aria-label={label}
    title={label}
    disabled={off}
    formnovalidate
    data-live
    autofocus={focus === `${name}-${id}` ? true : undefined}
  >
    {children}
  </button>
);

const TagBox: FC<{ props: InputProps }> = ({ props }) => {
  const { name, field, form, focus } = props;
  return (
    <Box
      props={props}
      input={
        <input
          type="text"
          name={`${name}.add`}
          id={`${name}-add`}
          value={form.get(`${name}.add`) ?? ""}
          placeholder="a tag, or several with commas"
          aria-label={`Add to ${field.label}`}
          aria-describedby={`h-${name}`}
          autocomplete="off"
          data-find={`${name}.search`}
          data-enter={`${name}.add`}
          autofocus={focus === `${name}-add` ? true : undefined}
        />
      }
      action="add"
      label="Add"
    />
  );
};

const SearchBox: FC<{ props: InputProps }> = ({ props }) => {
  const { name, field, form, focus, errors } = props;
  return (
    <Box
      props={props}
      input={
        <input
          type="text"
          name={`${name}.search`}
          id={`${name}-search`}
          value={form.get(`${name}.search`) ?? ""}
          placeholder="a part of the name"
          aria-label={`Find ${field.label}`}
          aria-describedby={errors.length > 0 ? `h-${name} e-${name}` : `h-${name}`}
          aria-invalid={errors.length > 0 ? "true" : undefined}
          autocomplete="off"
          data-find={`${name}.search`}
          data-enter={`${name}.search`}
          autofocus={focus === `${name}-search` ? true : undefined}
        />
      }
      action="search"
      label="Find"
    />
  );
};

const Box: FC<{ props: InputProps; input: unknown; action: string; label: string }> = ({
  props: { name, field, form, lookup },
  input,
  action,
  label,
}) => {
  const chosen = form.getAll(name).filter((item) => item !== "");
  const isTags = field.input === "tags";
  const found = lookup?.offers ?? [];
  const offers = found.filter(({ id }) => !chosen.includes(id));
  const searched = form.get(`${name}.search`) ?? "";
  // The others of a long list are shown above.
  const between = chosen.slice(AT_EACH_END, -AT_EACH_END);
  const hidden = isTags || searched === "" ? [] : found.filter(({ id }) => between.includes(id));
  return (
    <div class="finder">
      <div class="finder-box">
        {input}
        <button
          class="plain"
          type="submit"
          name={DO}
          value={`${name}.${action}`}
          formnovalidate
          data-live
        >
          {label}
        </button>
      </div>
      {offers.length > 0 && (
        <ul class="offers">
          {offers.map(({ id, name: title }) => (
            <li>
              <button
                class="offer"
                type="submit"
                name={DO}
                value={`${name}.add.${id}`}
                aria-label={`Add ${title}`}
                formnovalidate
                data-live
              >
                {title}
              </button>
            </li>
          ))}
        </ul>
      )}
      {hidden.length > 0 && (
        <ul class="offers">
          {hidden.map(({ id, name: title }) => (
            <li>
              <button
                class="offer chosen-offer"
                type="submit"
                name={DO}
                value={`${name}.drop.${id}`}
                aria-label={`Remove ${title}`}
                formnovalidate
                data-live
              >
                {title}
              </button>
            </li>
          ))}
        </ul>
      )}
      {!isTags && searched !== "" && offers.length + hidden.length === 0 && (
        <p class="quiet">Nothing that you may use matches “{searched}”.</p>
      )}
      {!isTags && lookup?.hasMore && <p class="quiet">There are more: type a part of the name.</p>}
    </div>
  );
};
