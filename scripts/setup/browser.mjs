import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  browserFromEnvironment,
  browserRecord,
  isExecutable,
  rememberedBrowser,
  systemBrowsers,
} from "../find-browser.mjs";
import { installPackagedChromium } from "./packaged-chromium.mjs";
import { quiet, say } from "./run.mjs";
import { SetupError } from "./setup-error.mjs";

/**
 * Makes sure that a Chromium is there that starts, and writes down where
 * (`.cache/browser.json`). Sources, the first that works: the environment, the
 * system, Playwright's own copy, Playwright's download, the npm package for
 * Linux, and for CI as root on Debian its package.
 * @param {string} root
 */
export async function provideBrowser(root) {
  const named = browserFromEnvironment(process.env);
  if (named !== undefined) {
    if (isExecutable(named.path)) return;
    throw new SetupError(
      `${named.variable} names ${named.path}, which is no program; correct it or remove the variable.`,
    );
  }
  if (rememberedBrowser(root) !== undefined) return;
  for (const source of sources(root)) {
    for (const path of await source()) {
      if (isExecutable(path) && starts(path)) return remember(root, path);
    }
  }
  throw new SetupError(
    "The tests need Chromium or Chrome, and none could be found or fetched; install one, for example by: sudo apt-get install chromium",
  );
}

/**
 * @param {string} root
 * @returns {(() => readonly string[] | Promise<readonly string[]>)[]}
 */
function sources(root) {
  return [
    () => systemBrowsers(process.env),
    () => [playwrightBrowser(root)],
    () => downloadPlaywrightBrowser(root),
    () => installPackagedChromium(root),
    () => installDebianChromium(),
  ];
}

/**
 * Whether the browser draws a page for Playwright.
 * @param {string} path
 */
function starts(path) {
  const script = fileURLToPath(new URL("try-browser.mjs", import.meta.url));
  return quiet(process.execPath, [script, path], { timeoutMs: 40_000 }) !== undefined;
}

/**
 * @param {string} root
 * @param {string} path
 */
function remember(root, path) {
  const record = browserRecord(root);
  mkdirSync(dirname(record), { recursive: true });
  writeFileSync(record, `${JSON.stringify({ path })}\n`);
  say(`Tests run in ${path}.`);
}

/**
 * @param {string} root
 * @returns {string}
 */
function playwrightBrowser(root) {
  return createRequire(join(root, "package.json"))("playwright-core").chromium.executablePath();
}

/** @param {string} root */
function downloadPlaywrightBrowser(root) {
  say("Fetching Chromium for the tests (playwright install chromium).");
  const playwright = join(root, "node_modules", "playwright", "cli.js");
  const done = quiet(process.execPath, [playwright, "install", "chromium", "--no-shell"], {
    timeoutMs: 240_000,
    env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: "4000" },
  });
  return done === undefined ? [] : [playwrightBrowser(root)];
}

function installDebianChromium() {
  const isRoot = process.getuid?.() === 0;
  if (process.env["CI"] !== "true" || !isRoot || !isExecutable("/usr/bin/apt-get")) return [];
  say("Fetching Chromium for the tests (apt-get install chromium).");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "-y", "--no-install-recommends", "chromium"];
  quiet("apt-get", ["update"], { timeoutMs: 120_000, env });
  quiet("apt-get", install, { timeoutMs: 300_000, env });
  return systemBrowsers(process.env);
}
