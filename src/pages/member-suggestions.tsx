import type { FC } from "hono/jsx";
import type { Model } from "../model/define.ts";
import { group } from "../models/group.ts";
import { user } from "../models/user.ts";

// What a box for the email of a user, or for the name of a group, suggests while somebody types: what a search in the
// API answers this person, so that it tells them nothing new. Without a script the text is typed as a whole.

/** How many suggestions a box shows. */
const MOST = 8;

/** The fields of a suggestion: the first one is the text for the box, the others say more. */
const SUGGESTED = {
  users: { model: user as Model, fields: ["email", "first_name", "last_name"] },
  groups: { model: group as Model, fields: ["name"] },
} as const;

export type MemberKind = keyof typeof SUGGESTED;

/** The attributes of a box with suggestions. Its list has the id `list`. */
export function suggesting(kind: MemberKind, list: string) {
  const { model, fields } = SUGGESTED[kind];
  const query = new URLSearchParams([
    ...fields.map((field) => ["only[]", field]),
    ["limit", String(MOST)],
  ]);
  return {
    list,
    "data-suggests": `/api/private${model.path}/?${query}`,
    "data-fields": fields.join(),
  };
}

/** The list of the suggestions of boxes, which the script fills. */
export const Suggestions: FC<{ list: string }> = ({ list }) => <datalist id={list} />;

/** A box with `data-suggests` asks that address with `search`, and fills its list with the answer. */
export const SUGGEST_SCRIPT = `
(() => {
  let waiting;
  let asked = "";
  const suggest = async (box) => {
    const text = box.value.trim();
    const address = box.dataset.suggests + "&search=" + encodeURIComponent(text);
    // A search has a word of three characters or more.
    if (address === asked || !text.split(/\\s+/).some((word) => [...word].length >= 3)) return;
    asked = address;
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok || address !== asked) return;
    const [key, ...others] = box.dataset.fields.split(",");
    const [records] = Object.values(await answer.json());
    box.list?.replaceChildren(...records.map((record) => {
      const option = document.createElement("option");
      option.value = record[key];
      const more = others.map((name) => record[name]).filter(Boolean).join(" ");
      if (more !== "") option.label = more;
      return option;
    }));
  };
  document.addEventListener("input", (event) => {
    const box = event.target.closest("[data-suggests]");
    if (box === null) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => suggest(box).catch(() => {}), 200);
  });
})();
`;
