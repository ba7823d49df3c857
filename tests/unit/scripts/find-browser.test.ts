import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findBrowser } from "../../../scripts/find-browser.mjs";

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "browser-"));
  mkdirSync(join(root, ".cache"));
  mkdirSync(join(root, "bin"));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function program(name: string): string {
  const path = join(root, name);
  writeFileSync(path, "#!/bin/sh\n");
  chmodSync(path, 0o755);
  return path;
}

function remember(path: string) {
  writeFileSync(join(root, ".cache", "browser.json"), JSON.stringify({ path }));
}

test("the environment decides first, its own variable before Playwright's", () => {
  remember(program("remembered"));
  const env = { CHROMIUM_PATH: "/a/chromium", PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH: "/b/chromium" };
  expect(findBrowser(env, root)).toBe("/a/chromium");
  expect(findBrowser({ ...env, CHROMIUM_PATH: "" }, root)).toBe("/b/chromium");
});

test("what the set-up found comes before a browser on the PATH", () => {
  program("bin/chromium");
  const path = program("remembered");
  remember(path);
  expect(findBrowser({ PATH: join(root, "bin") }, root)).toBe(path);
});

test("a browser that has gone is forgotten", () => {
  remember(join(root, "gone"));
  const path = program("bin/google-chrome");
  expect(findBrowser({ PATH: `${join(root, "none")}:${join(root, "bin")}` }, root)).toBe(path);
});

test("a folder or a text called chromium is no browser", () => {
  mkdirSync(join(root, "bin", "chromium"));
  writeFileSync(join(root, "bin", "google-chrome"), "text", { mode: 0o644 });
  const chosen = findBrowser({ PATH: join(root, "bin") }, root);
  expect(chosen?.startsWith(root) ?? false).toBe(false);
});
