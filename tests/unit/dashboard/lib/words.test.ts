import { describe, expect, test } from "vitest";
import { fold } from "../../../../src/backend/users/fold.ts";
import { csvLine } from "../../../../src/dashboard/lib/csv.ts";
import { highlight } from "../../../../src/dashboard/lib/highlight.ts";
import { countdown, createTimeFormat } from "../../../../src/dashboard/lib/time-format.ts";
import { createCount } from "../../../../src/dashboard/messages/plural.ts";

const marked = (text: string, query: string) =>
  highlight(text, query)
    .map((piece) => (piece.hit ? `[${piece.text}]` : piece.text))
    .join("");

describe("highlight", () => {
  test("marks every word in any case and with or without accents", () => {
    expect(marked("Ada Lovelace", "LOV ada")).toBe("[Ada] [Lov]elace");
    expect(marked("Zoë Müller", "zoe mul")).toBe("[Zoë] [Mül]ler");
    expect(marked("Søren Łukasz Weiß", "soren luk weiss")).toBe("[Søren] [Łuk]asz [Weiß]");
    expect(marked("Soren Weiss", "søren weiß")).toBe("[Soren] [Weiss]");
    expect(marked("Hoàng Văn Đức 𝒜da", "duc ada")).toBe("Hoàng Văn [Đức] [𝒜da]");
  });

  test("marks each letter of Europe's alphabets under the spelling by which it is found", () => {
    const letters = Array.from({ length: 0x530 }, (_, code) => String.fromCodePoint(code));
    const found = letters.filter((letter) => /[\p{L}\p{N}]/u.test(letter) && fold(letter) !== "");
    const unmarked = found.filter(
      (letter) => marked(letter, fold(letter)) !== `[${letter.normalize()}]`,
    );
    expect(unmarked).toEqual([]);
    expect(found.length).toBeGreaterThan(1_000);
  });

  test("marks overlapping words once and keeps the whole text", () => {
    expect(marked("banana", "ana nan")).toBe("b[anana]");
    expect(marked("Ada", "")).toBe("Ada");
    expect(marked("", "ada")).toBe("");
  });
});

describe("csvLine", () => {
  test("quotes what would break a line apart", () => {
    expect(csvLine(["a", 'b "c"', "d,e", "f\ng"])).toBe('a,"b ""c""","d,e","f\ng"\r\n');
  });

  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "\n=1", "\u00a0=1", "＝1+1"])(
    "makes %j harmless for a spreadsheet",
    (formula) => {
      expect(csvLine([formula]).replaceAll('"', "").startsWith("'")).toBe(true);
    },
  );

  test("makes harmless what becomes a cell where a semicolon separates them", () => {
    expect(csvLine(["a;=1+1", "b\t-2"])).toBe('"a;\'=1+1","b\t\'-2"\r\n');
  });

  test("leaves ordinary text alone", () => {
    expect(csvLine(["Ada-Maria", "a@b.example", ""])).toBe("Ada-Maria,a@b.example,\r\n");
  });
});

describe("times", () => {
  const format = createTimeFormat("en-GB", "Europe/Berlin");
  const now = new Date("2026-03-12T13:22:10Z");
  const before = (ms: number) => format.relative(new Date(now.getTime() - ms), now);

  test("are told in the largest unit that fits", () => {
    expect(before(5_000)).toBe("now");
    expect(before(4 * 60_000)).toBe("4 minutes ago");
    expect(before(25 * 3_600_000)).toBe("yesterday");
    expect(before(2 * 366 * 86_400_000)).toBe("2 years ago");
    expect(before(-3_600_000)).toBe("in 1 hour");
  });

  test("are never exact without their zone", () => {
    expect(format.exact(now)).toBe("12 Mar 2026, 14:22 CET");
    expect(format.clock(now)).toBe("14:22:10");
  });

  test("that remain are counted down and stop at zero", () => {
    expect(countdown(221_400)).toBe("3:41");
    expect(countdown(-5)).toBe("0:00");
  });
});

test("a number brings the fitting form of its word", () => {
  const count = createCount("en");
  expect(count(1, { one: "user", other: "users" })).toBe("1 user");
  expect(count(12_000, { one: "user", other: "users" })).toBe("12,000 users");
});
