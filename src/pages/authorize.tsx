import type { Child, FC } from "hono/jsx";
import { callerOfAddress } from "../auth/address.ts";
import { findByUserCode, shownCode } from "../auth/device.ts";
import { runAs } from "../db/access.ts";
import type { Row } from "../db/connection.ts";
import { execute } from "../model/execute.ts";
import { decideAuthorization, findAuthorization } from "../models/account/device-authorization.ts";
import { toInstant } from "../values/instant.ts";
import { parseUuid } from "../values/uuid.ts";
import { Flash, FormToken, PATHS, When } from "./layout.tsx";
import { goTo, type Page, type PageContext, renderPage } from "./page.tsx";

const HEAD = { title: "Approve a program", narrow: true } as const;

/** The device authorization as a person sees it: which program asks, and the answer to it. */
export const authorizePage: Page = {
  path: "/account/authorize",
  access: "signed-in",
  get: (context) => {
    const session = context.req.query("session");
    return session === undefined ? askForCode(context) : showRequest(context, session);
  },
  post: async (context, form) => {
    const decision = form.get("decision");
    if (decision !== "approved" && decision !== "denied") return lookUp(context, form);
    const { connection, caller } = context.var;
    const now = toInstant(new Date());
    const id = parseUuid(form.get("session") ?? "") ?? "";
    await execute(connection, { caller, now }, decideAuthorization(caller, id, decision, now));
    return goTo(context, addressOf(id));
  },
};

const addressOf = (id: string) => `${PATHS.authorize}?session=${id}`;

const addressOfCaller = (context: PageContext) =>
  callerOfAddress(context.req.header("CF-Connecting-IP"));

async function askForCode(context: PageContext): Promise<Response> {
  await runAs(context.var.connection, context.var.caller, []);
  return renderPage(context, HEAD, (token) => <CodeForm token={token} />);
}

/** Looks a typed code up, and goes on to the page of its request. */
async function lookUp(context: PageContext, form: URLSearchParams): Promise<Response> {
  const { connection, caller } = context.var;
  const id = await findByUserCode(
    connection,
    caller,
    form.get("code") ?? "",
    addressOfCaller(context),
  );
  if (id !== undefined) return goTo(context, addressOf(id));
  return renderPage(
    context,
    HEAD,
    (token) => (
      <>
        <Flash title="No program waits with this code" error>
          Compare it with what your program shows. A code is good for a quarter of an hour.
        </Flash>
        <CodeForm token={token} />
      </>
    ),
    { status: 400 },
  );
}

const CodeForm: FC<{ token: string }> = ({ token }) => (
  <form class="card" method="post" action={PATHS.authorize}>
    <h1>Approve a program</h1>
    <FormToken value={token} />
    <div class="field">
      <label for="code">
        The code that your program shows <span class="hint">such as WXYZ-1234</span>
      </label>
      <input
        id="code"
        name="code"
        type="text"
        class="code"
        required
        maxlength={20}
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
      />
    </div>
    <div class="actions wide">
      <button type="submit">Continue</button>
    </div>
  </form>
);

async function showRequest(context: PageContext, session: string): Promise<Response> {
  const { connection, caller } = context.var;
  const statement = findAuthorization(caller, parseUuid(session) ?? "", toInstant(new Date()));
  const [[request] = []] = await runAs(connection, caller, [statement]);
  if (request === undefined) {
    return renderPage(
      context,
      HEAD,
      () => (
        <Outcome title="This request has expired">
          It is not known here any more: a request waits for a quarter of an hour. Start it again in
          your program, and open the new address.
        </Outcome>
      ),
      { status: 404 },
    );
  }
  return renderPage(context, HEAD, (token) =>
    request.status === "pending" ? (
      <Question
        request={request}
        id={session}
        ownAddress={addressOfCaller(context)}
        token={token}
      />
    ) : (
      <Answered request={request} />
    ),
  );
}

const Question: FC<{ request: Row; id: string; ownAddress: string; token: string }> = ({
  request: { clientName, address, createdDate, userCode },
  id,
  ownAddress,
  token,
}) => (
  <form class="card" method="post" action={PATHS.authorize}>
    <h1>Let “{clientName}” act for you?</h1>
    <p>
      It gets a token, and can then read and change in your name all that you can. You can delete
      the token at any time.
    </p>
    <dl class="facts">
      <dt>Program</dt>
      <dd>{clientName}</dd>
      <dt>Code</dt>
      <dd>
        <span class="mono">{shownCode(String(userCode))}</span>
      </dd>
      <dt>From</dt>
      <dd>{address === "unknown" ? "an unknown address" : address}</dd>
      <dt>Since</dt>
      <dd>
        <When instant={String(createdDate)} />
      </dd>
    </dl>
    {address !== ownAddress && (
      <Flash title="It asks from another address than yours">
        Your browser is at {ownAddress === "unknown" ? "an unknown address" : ownAddress}. That is
        right for a program on another machine, such as a server. It is wrong if you started the
        program on this one.
      </Flash>
    )}
    <p>
      <strong>Approve only what you have started yourself, just now.</strong> If somebody sent you
      this address, deny it.
    </p>
    <FormToken value={token} />
    <input type="hidden" name="session" value={id} />
    <div class="actions wide">
      <button type="submit" name="decision" value="approved">
        Approve
      </button>
      <button type="submit" name="decision" value="denied" class="plain">
        Deny
      </button>
    </div>
  </form>
);

const Answered: FC<{ request: Row }> = ({ request: { status, isOwn, clientName } }) => {
  if (isOwn !== 1) {
    return (
      <Outcome title="This request has been answered already">
        Somebody else has answered it. If it was yours, start it again in your program.
      </Outcome>
    );
  }
  return status === "denied" ? (
    <Outcome title="Denied">“{clientName}” gets no token. You can close this page.</Outcome>
  ) : (
    <Outcome title="Approved">
      You can close this page and go back to “{clientName}”, which goes on by itself.
    </Outcome>
  );
};

const Outcome: FC<{ title: string; children?: Child }> = ({ title, children }) => (
  <section class="card">
    <h1>{title}</h1>
    <p>{children}</p>
    <p class="quiet">
      <a href={PATHS.tokens}>See your tokens</a>
    </p>
  </section>
);
