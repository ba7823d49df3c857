import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { fold, userKeys, wordsOf } from "../../../../src/backend/users/fold.ts";

describe("fold", () => {
  it.each([
    ["Ångström", "angstrom"],
    ["  ÉLODIE \t Lefèvre ", "elodie lefevre"],
    ["Łukasz Groß", "lukasz gross"],
    ["İbrahim Işıl", "ibrahim isil"],
    ["Olúwaṣeun", "oluwaseun"],
    ["Нина Соловьёв", "нина соловьев"],
    ["山田 太郎", "山田 太郎"],
    ["ﬁne", "fine"],
    ["a\u0000b\nc", "a b c"],
    ["x\ud800y", "x y"],
  ])("makes %j the same as %j", (written, folded) => {
    expect(fold(written)).toBe(folded);
  });

  it("changes nothing that is folded already", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
      { numRuns: 200 },
    );
  });

  it("lets no separator of the search key come from outside", () => {
    const { searchKey } = userKeys({ id: "a\nb", name: "c\nd", email: "e\nf" });
    expect(searchKey).toBe("\na b\ne f\n c d");
  });
});

describe("wordsOf", () => {
  it("gives words as written, and the parts of those with a hyphen or apostrophe", () => {
    expect(wordsOf("anne-marie o'neil")).toEqual([
      "anne-marie",
      "anne",
      "marie",
      "o'neil",
      "o",
      "neil",
    ]);
  });
});
