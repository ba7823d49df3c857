import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { npm, say } from "./run.mjs";
import { SetupError } from "./setup-error.mjs";

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage
 * @typedef {Readonly<Record<string, LockedPackage>>} LockedPackages
 */

/**
 * Installs what the lockfile of `folder` says, when that is not there already.
 * @param {string} folder
 */
export function provideDependencies(folder) {
  if (isInstalled(folder)) return;
  const name = basename(folder) === "peers" ? "the test peers" : "the dependencies";
  say(`Installing ${name} (npm install).`);
  // Not `npm ci`: it refuses a lockfile without the optional packages of every
  // platform, and registries differ in which of them they have. With --no-save
  // the versions of the lockfile hold all the same, and no file changes.
  const args = ["install", "--no-save", "--loglevel=error", "--no-audit", "--no-fund"];
  if (npm(args, folder)) return;
  throw new SetupError(
    `npm could not install ${name} (its messages are above); check the network and type: npm install --no-save --prefix ${folder}`,
  );
}

/**
 * Whether npm has installed in `folder` what its lockfile says. npm leaves a
 * list of what it installed, at the very end, so that an interrupted install
 * has none.
 * @param {string} folder
 */
export function isInstalled(folder) {
  const wanted = readPackages(join(folder, "package-lock.json"));
  const present = readPackages(join(folder, "node_modules", ".package-lock.json"));
  if (present === undefined) return false;
  return wanted === undefined || holds(present, wanted);
}

/**
 * Whether `present` has every package of `wanted` in its version. An optional
 * one may lack: it is for another platform.
 * @param {LockedPackages} present
 * @param {LockedPackages} wanted
 */
export function holds(present, wanted) {
  return Object.entries(wanted).every(([path, locked]) => {
    if (path === "") return true;
    const installed = present[path];
    if (installed === undefined) return locked.optional === true;
    return installed.version === locked.version && installed.integrity === locked.integrity;
  });
}

/**
 * @param {string} file
 * @returns {LockedPackages | undefined}
 */
function readPackages(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch (cause) {
    throw new SetupError(`${file} cannot be read; delete it and try again.`, { cause });
  }
}
