import * as z from "zod/mini";
import { once } from "../../domain/once.ts";
import type { InputDeclaration, InputOf } from "../../record/input.ts";
import { foldEmail } from "../../record/membership.ts";
import { orElse, text } from "../../record/values.ts";

const WEB = /^https?:\/\//i;

/** An address of the web; a bare host gets its scheme, as people write them. */
const website = once(() =>
  z
    .pipe(
      z.pipe(
        z.transform((written) => {
          if (typeof written !== "string") return written;
          const trimmed = written.trim();
          return trimmed === "" || WEB.test(trimmed) ? trimmed : `http://${trimmed}`;
        }),
        text(200),
      ),
      z.string().check(
        z.refine((address) => address === "" || (!/\s/.test(address) && URL.canParse(address)), {
          error: "Enter a valid URL.",
        }),
      ),
    )
    .check(z.meta({ type: "string", maxLength: 200 })),
);

const profile = {
  first_name: orElse(() => text(150), ""),
  last_name: orElse(() => text(150), ""),
  website: orElse(website, ""),
  google_scholar: orElse(() => text(200), ""),
  orcid_id: orElse(() => text(100), ""),
  atlas_preference: orElse(() => text(7), ""),
};

/** What users change of their own profiles, and what they may send back as it was read. */
export const profileInput = {
  shape: profile,
  readOnly: ["id", "email", "groups_own_json", "active_projects", "links"],
} as const satisfies InputDeclaration;

export type ProfileInput = InputOf<typeof profileInput>;

const email = once(() =>
  z.pipe(
    text(254).check(
      z.refine((address) => /^[^\s@]+@[^\s@]+$/.test(address.trim()), {
        error: "Enter a valid email address.",
      }),
    ),
    z.transform(foldEmail),
  ),
);

/** What the operator gives for a new user. */
export const userInput = {
  shape: { email, ...profile },
  readOnly: [],
} as const satisfies InputDeclaration;

export type UserInput = InputOf<typeof userInput>;
