import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildSite } from "../../../scripts/start/site-build.ts";

// In Vite's place: copies the page, and adds to a list that it ran.
const vite = `
const { appendFileSync, copyFileSync, mkdirSync, readFileSync } = require("node:fs");
const outDir = process.argv[process.argv.indexOf("--outDir") + 1];
if (readFileSync("index.html", "utf8") === "broken") process.exit(1);
mkdirSync(outDir);
copyFileSync("index.html", outDir + "/index.html");
appendFileSync("runs", "x");
`;

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "build-"));
  for (const folder of [".cache", "src/site", "node_modules/vite/bin"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  write("node_modules/vite/bin/vite.js", vite);
  write("index.html", "one");
  write("runs", "");
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(file: string, text: string) {
  writeFileSync(join(root, file), text);
}

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

test("nothing is built twice from the same sources", async () => {
  expect(await buildSite({ root })).toBe(join(root, "dist", "site"));
  await buildSite({ root });
  expect(read("runs")).toBe("x");
  expect(read("dist/site/index.html")).toBe("one");
});

test("a source that changes, comes or goes is built", async () => {
  await buildSite({ root });
  write("index.html", "two");
  await buildSite({ root });
  expect(read("dist/site/index.html")).toBe("two");
  write("src/site/new.ts", "");
  await buildSite({ root });
  rmSync(join(root, "src/site/new.ts"));
  await buildSite({ root });
  expect(read("runs")).toBe("xxxx");
});

test("a site that was deleted, and one that is asked for, are built", async () => {
  await buildSite({ root });
  rmSync(join(root, "dist"), { recursive: true });
  await buildSite({ root });
  await buildSite({ root, force: true });
  expect(read("runs")).toBe("xxx");
});

test("a build that fails leaves the old site and no rest, and is tried again", async () => {
  await buildSite({ root });
  write("index.html", "broken");
  await expect(buildSite({ root })).rejects.toThrow("The dashboard could not be built");
  expect(read("dist/site/index.html")).toBe("one");
  expect(readdirSync(join(root, ".cache"))).toEqual(["site-build"]);
  write("index.html", "three");
  await buildSite({ root });
  expect(read("dist/site/index.html")).toBe("three");
});

test("a build can be given up", async () => {
  const signal = AbortSignal.abort();
  await expect(buildSite({ root, signal })).rejects.toThrow(/abort/i);
  expect(readdirSync(root)).not.toContain("dist");
});
