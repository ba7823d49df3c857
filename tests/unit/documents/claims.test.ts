import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { remedies } from "../../../src/site/index.ts";
import { readDocument, tableRows } from "../../support/documents/documents.ts";

const root = resolve(import.meta.dirname, "../../..");

test("every claim of security.md names a test that exists", () => {
  const rows = tableRows("docs/security.md");
  expect(rows.length).toBeGreaterThan(30);
  const unproven = rows.filter(([, proof = ""]) => !isTest(proof)).map(([claim]) => claim);
  expect(unproven).toEqual([]);
});

test("a claim whose test was renamed is found", () => {
  expect(
    isTest('`tests/unit/documents/claims.test.ts` "a claim whose test was renamed is found"'),
  ).toBe(true);
  expect(isTest('`tests/unit/documents/claims.test.ts` "another name"')).toBe(false);
  expect(isTest('`tests/unit/documents/gone.test.ts` "a name"')).toBe(false);
  expect(isTest("by hand")).toBe(false);
});

test("every message in troubleshooting.md is one of the doctor's", () => {
  const codes = tableRows("docs/troubleshooting.md").flatMap(([, said = ""]) => said.split(", "));
  expect(codes.length).toBeGreaterThan(20);
  const known = Object.keys(remedies).map((code) => `\`${code}\``);
  expect(codes.filter((code) => code !== "nothing" && !known.includes(code))).toEqual([]);
});

test("what troubleshooting.md quotes is what the dashboard says", () => {
  const quotes = [...readDocument("docs/troubleshooting.md").matchAll(/"([A-Z][^":]+)/g)];
  expect(quotes.length).toBeGreaterThan(5);
  const said = textsOf("src/dashboard/messages") + textsOf("src/lib/browser");
  expect(quotes.map(([, quote = ""]) => quote).filter((quote) => !said.includes(quote))).toEqual(
    [],
  );
});

/** Whether a cell names a test file, and in it the title of a test. */
function isTest(proof: string): boolean {
  const [, file = "", title = ""] = /^`(tests\/[\w./-]+)` "(.+)"$/.exec(proof) ?? [];
  const path = join(root, file);
  if (file === "" || !existsSync(path)) return false;
  const text = readFileSync(path, "utf8");
  return title !== "" && [`"${title}"`, `\`${title}\``].some((name) => named(text, name));
}

/** Whether a text uses `name` outside of a comment: as a title, or in the table of one. */
function named(text: string, name: string): boolean {
  return text
    .split("\n")
    .some(
      (line) => line.includes(name) && !/^\s*(\/\/|\*)/.test(line) && !line.includes("isTest("),
    );
}

function textsOf(folder: string): string {
  return readdirSync(join(root, folder))
    .map((name) => readFileSync(join(root, folder, name), "utf8"))
    .join("\n");
}
