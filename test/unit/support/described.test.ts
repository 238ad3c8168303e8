import { describe, expect, test } from "vitest";
import type { Answer } from "../../support/client.ts";
import { requireDescribed } from "../../support/described.ts";

const SESSION = "https://registry.example/api/private/stem/session/";

const answer = (status: number, body?: unknown): Answer => ({
  status,
  headers: new Headers({ "Content-Type": "application/json" }),
  text: body === undefined ? "" : JSON.stringify(body),
  body,
});

const hold = (method: string, url: string, given: Answer) => () =>
  requireDescribed(method, new URL(url), given);

describe("an answer that is held against the OpenAPI document", () => {
  const id = "0c9a6a52-6a0c-4b1c-9a55-3f6f7f1f0a01";

  test.each([
    ["GET", `${SESSION}${id}/`, answer(200, { session: { id, name: "x" } })],
    ["GET", `${SESSION}${id}`, answer(404, { detail: "Not found." })],
    ["POST", SESSION, answer(400, { name: ["This field is required."] })],
    ["DELETE", `${SESSION}${id}/`, answer(204)],
    ["TRACE", SESSION, answer(405, { detail: "Method not allowed." })],
    ["OPTIONS", SESSION, answer(204)],
    ["GET", "https://registry.example/api/nothing/", answer(404, { detail: "Not found." })],
  ])("passes when it is described: %s %s", (method, url, given) => {
    expect(hold(method, url, given)).not.toThrow();
  });

  test.each([
    ["has an unknown field", "GET", `${SESSION}${id}/`, answer(200, { session: { id, nmae: "" } })],
    ["has a value of another type", "GET", `${SESSION}${id}/`, answer(200, { session: { id: 1 } })],
    ["has more than one key", "GET", `${SESSION}${id}/`, answer(200, { session: { id }, more: 1 })],
    ["has an unknown status", "GET", `${SESSION}${id}/`, answer(418, { detail: "x" })],
    ["is a 404 of a list", "GET", SESSION, answer(404, { detail: "Not found." })],
    ["is an error of another form", "POST", SESSION, answer(400, { name: "required" })],
    ["has no body", "GET", SESSION, answer(200)],
    ["has a body with nothing to say", "DELETE", `${SESSION}${id}/`, answer(204, {})],
    ["is there where no path is", "GET", "https://registry.example/api/x/", answer(200, {})],
  ])("fails when it %s", (_, method, url, given) => {
    expect(hold(method, url, given)).toThrow(/describe|answers/);
  });
});
