import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The variables that name a browser, the first one first. */
export const browserVariables = ["CHROMIUM_PATH", "PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH"];

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const applications = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

/**
 * The Chromium that the tests run: named by the environment, or found by
 * `scripts/setup.mjs --tests`, or installed on the system. Undefined: Playwright's own.
 * @param {Readonly<Record<string, string | undefined>>} [env]
 * @param {string} [root] the repository
 * @returns {string | undefined}
 */
export function findBrowser(
  env = process.env,
  root = dirname(dirname(fileURLToPath(import.meta.url))),
) {
  return browserFromEnvironment(env)?.path ?? rememberedBrowser(root) ?? systemBrowsers(env)[0];
}

/**
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {{ variable: string, path: string } | undefined}
 */
export function browserFromEnvironment(env) {
  for (const variable of browserVariables) {
    const path = env[variable];
    if (path !== undefined && path !== "") return { variable, path };
  }
  return undefined;
}

/**
 * The file that keeps what the set-up found.
 * @param {string} root
 */
export function browserRecord(root) {
  return join(root, ".cache", "browser.json");
}

/**
 * What the set-up found earlier, if it is still there.
 * @param {string} root
 * @returns {string | undefined}
 */
export function rememberedBrowser(root) {
  const record = browserRecord(root);
  if (!existsSync(record)) return undefined;
  const { path } = JSON.parse(readFileSync(record, "utf8"));
  return typeof path === "string" && isExecutable(path) ? path : undefined;
}

/**
 * Every Chromium and Chrome of the system, without a promise that it starts.
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {string[]}
 */
export function systemBrowsers(env) {
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...applications].filter(isExecutable);
}

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
