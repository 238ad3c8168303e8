import { expect, test } from "vitest";
import { inspect, newPage, SERVICE_URL, signedIn } from "./support/pages.ts";

interface Begun {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string;
}

async function post<Answer>(path: string, body: unknown): Promise<Answer> {
  const response = await fetch(SERVICE_URL + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

const begin = () => post<Begun>("/api/auth/device/", { client_name: "brainstem-python" });

const poll = ({ device_code }: Begun) =>
  post<{ status?: string; error?: string; token?: string }>("/api/auth/device/token/", {
    device_code,
  });

test("a program that opens the browser gets its token when the person approves", async () => {
  const request = await begin();
  const { page } = await signedIn("approve@lab.example");
  await page.goto(request.verification_uri_complete);
  await page.getByText(request.user_code).waitFor();
  await inspect(page, "authorize");
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByRole("heading", { name: "Approved" }).waitFor();
  await inspect(page, "authorize-approved");
  const { token } = await poll(request);
  const headers = { Authorization: `Bearer ${token}` };
  const me = await fetch(`${SERVICE_URL}/api/private/users/me/`, { headers });
  expect(await me.json()).toMatchObject({
    user: { email: "approve@lab.example" },
    token: { name: "brainstem-python" },
  });
  expect(await poll(request)).toEqual({ error: "already_used" });
});

test("a person who is not signed in comes back to the program after signing in", async () => {
  const request = await begin();
  const { page } = await newPage();
  await page.goto(request.verification_uri_complete);
  await page.getByText("Sign in to go on").waitFor();
  const { page: tab } = await signedIn("later@lab.example", page.context());
  expect(tab.url()).toBe(request.verification_uri_complete);
});

test("a program without a browser gets its token by the code that the person types", async () => {
  const request = await begin();
  const { page } = await signedIn("type@lab.example");
  await page.goto(request.verification_uri);
  await inspect(page, "authorize-code");
  const code = page.getByLabel("The code that your program shows");
  await code.fill("wrng-0000");
  await code.press("Enter");
  await page.getByText("No program waits with this code").waitFor();
  await inspect(page, "authorize-code-wrong");
  await code.fill(request.user_code.toLowerCase().replace("-", ""));
  await code.press("Enter");
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByRole("heading", { name: "Approved" }).waitFor();
  expect(await poll(request)).toMatchObject({ status: "success" });
});

test("a program that a person denies gets no token", async () => {
  const request = await begin();
  const { page } = await signedIn("deny@lab.example");
  await page.goto(request.verification_uri_complete);
  await page.getByRole("button", { name: "Deny" }).click();
  await page.getByRole("heading", { name: "Denied" }).waitFor();
  expect(await poll(request)).toEqual({ error: "access_denied" });
});

test("a request that is not known says so", async () => {
  const { page } = await signedIn("unknown@lab.example");
  await page.goto(`/account/authorize/?session=${crypto.randomUUID()}`);
  await page.getByRole("heading", { name: "This request has expired" }).waitFor();
  await inspect(page, "authorize-expired");
});
