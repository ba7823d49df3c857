import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { biggestParts } from "../../../../scripts/bundle-size/measure.ts";
import { leaksIn, loadedAtStart, measureSite } from "../../../../scripts/bundle-size/site.ts";

const entry = { file: "a.js", isEntry: true, imports: ["shared"], css: ["a.css"] };
const manifest = {
  "index.html": { ...entry, dynamicImports: ["part"] },
  shared: { file: "shared.js", imports: ["index.html"] },
  part: { file: "part.js", imports: ["shared"], dynamicImports: ["lazy"] },
  lazy: { file: "lazy.js", imports: ["shared"] },
};

test("what loads at the start is the entry with its parts, and what these import statically", () => {
  const files = loadedAtStart(manifest).map((chunk) => chunk.file);
  expect(files).toEqual(["a.js", "shared.js", "part.js"]);
});

test("scripts at the start, styles and lazy chunks are measured apart", async () => {
  const folder = mkdtempSync(join(tmpdir(), "site-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, ".vite"));
  writeFileSync(join(folder, ".vite/manifest.json"), JSON.stringify(manifest));
  const sizes = {
    "a.js": 5_000,
    "shared.js": 3_000,
    "part.js": 4_000,
    "a.css": 1_000,
    "lazy.js": 2_000,
  };
  for (const [name, size] of Object.entries(sizes)) {
    writeFileSync(join(folder, name), randomBytes(size));
  }
  const { measurements } = await measureSite(folder);
  const rounded = measurements.map(({ name, bytes }) => [name, Math.round(bytes / 1000)]);
  expect(rounded).toEqual([
    ["site, scripts at start", 12],
    ["site, styles at start", 1],
    ["site, lazy.js", 2],
  ]);
});

test("a leak is named with its meaning", () => {
  expect(leaksIn("const code = { node: 1 };")).toEqual([]);
  expect(leaksIn('import("node:fs")')).toHaveLength(1);
  expect(leaksIn('x("Download the React DevTools for …")')).toEqual([
    'The start of the site has "Download the React DevTools": the development build of React.',
  ]);
});

test("the biggest parts are added up by package and by folder", () => {
  const parts = biggestParts([
    { id: "/r/node_modules/react-dom/a.js", length: 9_000 },
    { id: "/r/node_modules/@scope/name/b.js", length: 2_000 },
    { id: "/r/src/lib/core/a.ts", length: 1_000 },
    { id: "/r/src/lib/core/b.ts", length: 500 },
  ]);
  expect(parts.map((line) => line.replaceAll(/ +/g, " ").trim())).toEqual([
    "9.0 kB before gzip react-dom",
    "2.0 kB before gzip @scope/name",
    "1.5 kB before gzip src/lib/core",
  ]);
});
