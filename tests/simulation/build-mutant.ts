import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Mutant } from "./mutants.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * A copy of the product with one mistake in it, as a library to simulate.
 * Throws when the text to replace is not there exactly once.
 */
export function buildMutant(mutant: Mutant): string {
  const folder = `${root}.cache/mutants/${mutant.name.replaceAll(/\W+/g, "-")}`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(`${folder}/src/lib`, { recursive: true });
  for (const room of ["core", "grants", "browser"]) {
    cpSync(`${root}src/lib/${room}`, `${folder}/src/lib/${room}`, { recursive: true });
  }
  symlinkSync(`${root}src/gen`, `${folder}/src/gen`);
  const path = `${folder}/src/lib/${mutant.file}`;
  const source = readFileSync(path, "utf8");
  const matches = source.split(mutant.find).length - 1;
  if (matches !== 1) {
    throw new Error(
      `Mutant "${mutant.name}": its text occurs ${matches} times in ${mutant.file}, not once. Bring it up to date.`,
    );
  }
  writeFileSync(
    path,
    source.replace(mutant.find, () => mutant.replace),
  );
  return pathToFileURL(`${folder}/src/lib/`).href;
}
