import type { FC } from "hono/jsx";
import { FORM_TOKEN } from "../auth/form.ts";
import { FormToken, PATHS } from "./layout.tsx";

/** A form whose request failed: why, what was typed, and a button that sends it again. */
export const KeptForm: FC<{
  title: string;
  sentences: readonly string[];
  isSignedOut: boolean;
  action: string;
  form: URLSearchParams;
  token: string;
}> = ({ title, sentences, isSignedOut, action, form, token }) => {
  const values = [...form].filter(([name]) => name !== FORM_TOKEN);
  const typed = values.filter(([name, value]) => !name.startsWith("form_") && value !== "");
  return (
    <form class="card" method="post" action={action} enctype="multipart/form-data">
      <h1>{title}</h1>
      <div role="alert" class="stack">
        {sentences.map((sentence) => (
          <p>{sentence}</p>
        ))}
        <p>
          <strong>Nothing was saved, and nothing that you typed is lost.</strong>
        </p>
      </div>
      {isSignedOut && (
        <p>
          <a href={PATHS.signIn} target="_blank" rel="noopener">
            Sign in in another tab
          </a>
          , then come back to this one and continue.
        </p>
      )}
      <FormToken value={token} />
      {values.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <div class="actions">
        <button type="submit">{isSignedOut ? "Continue" : "Try again"}</button>
      </div>
      {typed.length > 0 && (
        <details>
          <summary>What you typed</summary>
          <dl class="typed">
            {typed.map(([name, value]) => (
              <>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </>
            ))}
          </dl>
        </details>
      )}
    </form>
  );
};
