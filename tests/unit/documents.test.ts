import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { documentPaths, readDocument as read } from "../support/documents/documents.ts";

const root = join(import.meta.dirname, "../..");
const documents = documentPaths();
const manifest = JSON.parse(read("package.json")) as {
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
