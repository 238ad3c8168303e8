import type { FC } from "hono/jsx";
import { runAs } from "../db/access.ts";
import type { Row } from "../db/connection.ts";
import { execute } from "../model/execute.ts";
import { parseInput } from "../model/input.ts";
import { visibleName } from "../model/schemas.ts";
import {
  listOwnTokens,
  makeOwnToken,
  newToken,
  revokeOwnToken,
} from "../models/account/access-token.ts";
import { ApiError, BadRequestError, ValidationError } from "../values/errors.ts";
import { toInstant } from "../values/instant.ts";
import { hashToken, makeToken } from "../values/token.ts";
import { parseUuid } from "../values/uuid.ts";
import { Flash, FormToken, PATHS, When } from "./layout.tsx";
import { goTo, originOf, type Page, type PageContext, renderPage } from "./page.tsx";

/** One's own tokens: the list, making one, which is shown once, and deleting one. */
export const tokensPage: Page = {
  path: "/private/users/tokens",
  access: "signed-in",
  get: async (context) => {
    const { connection, caller } = context.var;
    const statement = listOwnTokens(caller, toInstant(new Date()));
    const [tokens = []] = await runAs(connection, caller, [statement]);
    return renderPage(context, { title: "Your tokens" }, (token) => (
      <>
        {context.req.query("deleted") !== undefined && (
          <Flash title="The token is deleted.">
            Programs that used it have no access any more.
          </Flash>
        )}
        <header>
          <h1>Your tokens</h1>
          <p class="lead">
            A program acts for you with a token. The clients for Python and MATLAB get one by
            themselves, after you approve it; make one here for everything else.
          </p>
        </header>
        <MakeToken token={token} />
        <Tokens tokens={tokens} token={token} />
      </>
    ));
  },
  post: (context, form) =>
    form.get("action") === "delete" ? deleteToken(context, form) : addToken(context, form),
};

const NAME = { shape: { name: visibleName(100) }, readOnly: [] };

const MakeToken: FC<{ token: string }> = ({ token }) => (
  <form class="card" method="post" action={PATHS.tokens}>
    <h2>Make a token</h2>
    <FormToken value={token} />
    <input type="hidden" name="id" value={crypto.randomUUID()} />
    <div class="field">
      <label for="name">
        What it is for{" "}
        <span class="hint">so that you know it again, such as “analysis server”</span>
      </label>
      <input id="name" name="name" type="text" required maxlength={100} autocomplete="off" />
    </div>
    <div class="actions">
      <button type="submit" name="action" value="make">
        Make token
      </button>
    </div>
  </form>
);

const Tokens: FC<{ tokens: readonly Row[]; token: string }> = ({ tokens, token }) => (
  <section class="card">
    <h2>Tokens in use</h2>
    {tokens.length === 0 ? (
      <p class="empty">You have no token.</p>
    ) : (
      <ul class="rows">
        {tokens.map(({ id, name, createdDate, lastUsedDate, expiresDate }) => (
          <li>
            <div class="row-main">
              <div class="row-name">{name === "" ? "Without a name" : name}</div>
              <div class="quiet">
                Made <When instant={String(createdDate)} />
                {" · "}
                {lastUsedDate === null ? (
                  "never used"
                ) : (
                  <>
                    last used <When instant={String(lastUsedDate)} day />
                  </>
                )}
                {" · expires "}
                <When instant={String(expiresDate)} day /> if it is not used
              </div>
            </div>
            <form method="post" action={PATHS.tokens}>
              <FormToken value={token} />
              <input type="hidden" name="id" value={String(id)} />
              <button
                class="danger"
                type="submit"
                name="action"
                value="delete"
                aria-label={`Delete the token ${name}`}
              >
                Delete
              </button>
            </form>
          </li>
        ))}
      </ul>
    )}
  </section>
);

/**
 * Makes a token, which is in this answer and nowhere else. The form has its id, so that sending it again makes
 * no second one.
 */
async function addToken(context: PageContext, form: URLSearchParams): Promise<Response> {
  const { connection, caller } = context.var;
  const { input, faults } = parseInput(NAME, { name: form.get("name") ?? "" }, "create");
  if (faults instanceof ApiError) throw faults;
  if (faults.size > 0) throw new ValidationError(faults.toErrors());
  const name = String(input.name);
  const now = new Date();
  const secret = makeToken();
  const token = { ...newToken(idOf(form), await hashToken(secret), now), name };
  const plan = makeOwnToken(caller, token);
  await execute(connection, { caller, now: token.createdDate }, plan);
  return renderPage(context, { title: "Your new token" }, () => (
    <>
      <header>
        <h1>Your new token</h1>
        <p class="lead">Copy “{name}” now: it is shown this once. Keep it like a password.</p>
      </header>
      <section class="card">
        <h2>The token</h2>
        <code class="secret">{secret}</code>
        <div class="actions">
          <a class="button" href={PATHS.tokens}>
            I have copied it
          </a>
        </div>
      </section>
      <Use origin={originOf(context)} />
    </>
  ));
}

/** How a program uses a token, in three languages. */
const Use: FC<{ origin: string }> = ({ origin }) => (
  <section class="card">
    <h2>Use it</h2>
    <h3>Python</h3>
    <pre tabindex={0}>
      <code>{`client = BrainstemClient(token="bst_...", url="${origin}/")`}</code>
    </pre>
    <h3>MATLAB</h3>
    <pre tabindex={0}>
      <code>{`client = BrainstemClient('token', 'bst_...', 'url', '${origin}/');`}</code>
    </pre>
    <h3>curl</h3>
    <pre tabindex={0}>
      <code>{`curl -H "Authorization: Bearer bst_..." ${origin}/api/private/stem/session/`}</code>
    </pre>
  </section>
);

async function deleteToken(context: PageContext, form: URLSearchParams): Promise<Response> {
  const { connection, caller } = context.var;
  const now = toInstant(new Date());
  await execute(connection, { caller, now }, revokeOwnToken(caller, idOf(form), now));
  return goTo(context, `${PATHS.tokens}?deleted`);
}

function idOf(form: URLSearchParams): string {
  const id = parseUuid(form.get("id") ?? "");
  if (id === undefined) throw new BadRequestError("The form has no id. Open the page again.");
  return id;
}
