import { describe, expect, test } from "vitest";
import { foldCase } from "../../../src/values/fold.ts";

const CASED = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code)).filter(
  (character) => character.toUpperCase() !== character.toLowerCase(),
);

const failures = (holds: (character: string) => boolean) =>
  CASED.filter((character) => !holds(character));

describe("foldCase", () => {
  test.each([
    ["ÅSE", "åse"],
    ["STRASSE", "straße"],
    ["STRAẞE", "straße"],
    ["ΟΔΥΣΣΕΥΣ", "οδυσσευς"],
    ["ΣΊΣΥΦΟΣ", "σίσυφοσ"],
    ["ﬁle ﬂow", "FILE FLOW"],
    ["ſun", "SUN"],
    ["\u212Aelvin \u212Bngström", "kelvin ångström"],
    ["İZMİR", "i̇zmi̇r"],
    ["ᏣᎳᎩ", "ꮳꮃꭹ"],
    ["𐐀𐐁", "𐐨𐐩"],
    ["ᾼ", "αι"],
    ["\u0149 \u0390 \u01F0", "\u02BCN \u0399\u0308\u0301 J\u030C"],
    ["Ǆ", "ǅ"],
    ["РАТ", "рат"],
  ])("makes %s and %s the same", (one, other) => {
    expect(foldCase(one)).toBe(foldCase(other));
  });

  test.each([
    ["ı", "i"],
    ["e", "é"],
    ["é", "e\u0301"],
    ["0", "０"],
  ])("keeps %s and %s apart", (one, other) => {
    expect(foldCase(one)).not.toBe(foldCase(other));
  });

  test("makes every character the same as its upper and lower case", () => {
    const same = (character: string) =>
      [character.toUpperCase(), character.toLowerCase(), foldCase(character)].every(
        (other) => foldCase(other) === foldCase(character),
      );
    expect(CASED.length).toBeGreaterThan(2500);
    // The dotless i alone has the upper case of another letter.
    expect(failures(same)).toEqual(["ı"]);
  });

  test("folds every character as it does within a text", () => {
    const around = (character: string) => foldCase(`Σ${character}Σ`) === `σ${foldCase(character)}σ`;
    expect(failures(around)).toEqual([]);
  });
});
