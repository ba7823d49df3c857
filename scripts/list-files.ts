import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** The paths of all files below `folder`, sorted, for example `/assets/index-1a2b.js`. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => `/${relative(folder, join(entry.parentPath, entry.name))}`)
    .map((path) => path.split(sep).join("/"))
    .toSorted();
}
