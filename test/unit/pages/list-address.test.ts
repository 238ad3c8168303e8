import { describe, expect, test } from "vitest";
import { fromForm, ListAddress } from "../../../src/pages/list-address.ts";

const PATH = "/public/stem/session/";

const addressOf = (query: string) => new ListAddress(PATH, new URLSearchParams(query));

describe("the address of a list", () => {
  test("is written for people to read, and reads as the same parameters", () => {
    const query =
      "filter{name.icontains}=a+b%26c&sort[]=-date_time&filter{date_time.gte}=2023-01-01T00:00";
    expect(addressOf(query).href).toBe(`${PATH}?${query}`);
    expect([...new URL(addressOf(query).href, "https://a.example").searchParams]).toEqual([
      ...new URLSearchParams(query),
    ]);
  });

  test("begins another list at its first page", () => {
    const address = addressOf(
      "filter{tags}=a&filter{tags}=b&offset=40&after=x&format=csv&limit=50",
    );
    expect(address.without("filter{tags}", "a").href).toBe(`${PATH}?filter{tags}=b&limit=50`);
    expect(address.without("filter{tags}").href).toBe(`${PATH}?limit=50`);
    expect(address.whole().href).toBe(`${PATH}?limit=50`);
  });

  test("of a form has neither its empty inputs nor the columns that are usual", () => {
    const usual = ["name", "tags"];
    const form = "apply=1&search=++&filter{tags}=&filter{name}=+a&only[]=tags&only[]=name&limit=";
    expect(fromForm(addressOf(form), usual).href).toBe(`${PATH}?filter{name}=a`);
    expect(fromForm(addressOf("apply=1&only[]=name"), usual).href).toBe(`${PATH}?only[]=name`);
  });
});
