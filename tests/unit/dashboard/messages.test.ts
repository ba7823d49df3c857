import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "oxc-parser";
import { expect, test } from "vitest";
import { en } from "../../../src/dashboard/messages/en.ts";
import { loadWords, words } from "../../../src/dashboard/messages/messages.ts";

const folder = join(import.meta.dirname, "../../../src/dashboard");
/** What a person reads or hears of an element beside its text. */
const spoken = new Set(["alt", "aria-label", "aria-description", "label", "placeholder", "title"]);

interface SyntaxNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === "object" && value !== null && typeof (value as SyntaxNode).type === "string"
  );
}

function tagOf(element: SyntaxNode): string | undefined {
  return (element["openingElement"] as { name: { name?: string } }).name.name;
}

/** The texts in a component that are no message of a language. */
function looseWords(code: string, file = "component.tsx"): string[] {
  const found: string[] = [];
  const say = (text: unknown) => {
    if (typeof text === "string" && /\p{L}{2,}/u.test(text)) found.push(text.trim());
  };
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isNode(value)) return;
    // A command or a file name is the same in every language.
    if (value.type === "JSXElement" && tagOf(value) === "code") return;
    if (value.type === "JSXText") say(value["value"]);
    if (value.type === "JSXAttribute") {
      const { name, value: given } = value as unknown as {
        name: { name?: string };
        value: unknown;
      };
      if (spoken.has(name.name ?? "") && isNode(given)) say(given["value"]);
    }
    for (const [key, part] of Object.entries(value)) if (key !== "parent") visit(part);
  };
  visit(parseSync(file, code).program.body);
  return found;
}

test("every word on the page comes from a language's messages", () => {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const components = files.filter((name) => name.endsWith(".tsx"));
  expect(components.length).toBeGreaterThan(20);
  const loose = components.flatMap((name) =>
    looseWords(readFileSync(join(folder, name), "utf8"), name).map((text) => `${name}: ${text}`),
  );
  expect(loose).toEqual([]);
});

test("a word that is written into a component is found", () => {
  expect(looseWords("const a = <p>Hello <b>you</b></p>;")).toEqual(["Hello", "you"]);
  expect(looseWords('const a = <input placeholder="Name" className="wide" />;')).toEqual(["Name"]);
  expect(looseWords("const a = <p><code>npm test</code></p>;")).toEqual([]);
  expect(looseWords("const a = <p>{words().a}, {1} / 2</p>;")).toEqual([]);
});

test("a language that is not there is answered in English", async () => {
  await loadWords(["fr-CH", "de"]);
  expect(words()).toBe(en);
  await loadWords([]);
  expect(words().language).toBe("en");
});
