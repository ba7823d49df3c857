import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
};

test("every file that a document links to exists", () => {
  const broken = documents.flatMap((document) =>
    [...read(document).matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)]
      .map((match) => match[1] ?? "")
      .filter((target) => !existsSync(join(root, dirname(document), target)))
      .map((target) => `${document}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test("every npm script that a document names exists", () => {
  const unknown = documents.flatMap((document) =>
    [...read(document).matchAll(/\bnpm (?:run(?: -s| --silent)? ([\w:-]+)|(start|test)\b)/g)]
      .map((match) => match[1] ?? match[2] ?? "")
      .filter((script) => manifest.scripts[script] === undefined)
      .map((script) => `${document}: ${script}`),
  );
  expect(unknown).toEqual([]);
});

test("every folder of the library is an export, and the README names it", () => {
  const folders = readdirSync(join(root, "src/lib"));
  const exported = folders.map((name) => (name === "core" ? "." : `./${name}`));
  expect(Object.keys(manifest.exports).toSorted()).toEqual(
    [...exported, "./package.json"].toSorted(),
  );
  const readme = read("README.md");
  for (const name of exported) expect(readme).toContain(`\`connectrpc-oauth${name.slice(1)}\``);
});

function read(document: string): string {
  return readFileSync(join(root, document), "utf8");
}
