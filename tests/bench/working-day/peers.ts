import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = join(import.meta.dirname, "../../..");
const folders = [join(root, "tests/peers/node_modules"), join(root, "node_modules")];

/**
 * A module of a package, from `tests/peers` or from the root. With `instance`
 * it is loaded anew for each value, as every tab of a browser does.
 */
export async function loadPeer<T>(name: string, file: string, instance?: string): Promise<T> {
  const url = pathToFileURL(join(folderOf(name), file));
  if (instance !== undefined) url.searchParams.set("instance", instance);
  const module = (await import(url.href)) as T & { readonly default?: T };
  return module.default ?? module;
}

/** The version of a package that is installed. */
export function versionOf(name: string): string {
  const text = readFileSync(join(folderOf(name), "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

function folderOf(name: string): string {
  const folder = folders.map((parent) => join(parent, name)).find((path) => existsSync(path));
  if (folder !== undefined) return folder;
  throw new Error(`${name} is not installed. Type: npm install --no-save --prefix tests/peers`);
}
