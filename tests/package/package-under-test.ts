import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { command } from "../../scripts/test/command.ts";

/** The repository. */
export const root = resolve(import.meta.dirname, "../..");

/** Where the checkers of packages are installed. */
export const peers = join(root, "tests/peers/node_modules");

/** A temporary folder for everything that the proof makes. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "package-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs a program in a folder and returns its output; fails with it unless the program succeeds. */
export async function assertRuns(
  folder: string,
  ...argv: readonly [string, ...string[]]
): Promise<string> {
  const exit = await command(argv, { cwd: folder });
  if (exit.code !== 0)
    throw new Error(`${argv.join(" ")} exited with ${exit.code}\n${exit.output}`);
  return exit.output;
}

/**
 * Builds and packs a copy of the sources, as a fresh clone would: nothing that
 * an earlier build left behind can get in. Returns the path of the tarball.
 */
export async function pack(folder: string): Promise<string> {
  const copy = join(folder, "copy");
  mkdirSync(copy);
  const sources = [
    "src/cli",
    "src/gen",
    "src/lib",
    "src/site",
    "proto",
    "scripts",
    "package.json",
    "tsconfig.base.json",
  ];
  const texts = ["README.md", "LICENSE", "CHANGELOG.md"];
  for (const path of [...sources, ...texts]) {
    cpSync(join(root, path), join(copy, path), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const output = await assertRuns(copy, "npm", "pack", "--silent", "--pack-destination", folder);
  const name = output.trim().split("\n").at(-1) ?? "";
  return join(folder, name);
}

/**
 * Makes an empty project, installs the tarball and these packages in the
 * versions that the repository has, and adds the sources of `consumers/name`.
 */
export async function createConsumer(
  folder: string,
  name: string,
  tarball: string,
  packages: readonly string[],
): Promise<string> {
  const consumer = join(folder, name);
  mkdirSync(consumer);
  const versions = developmentVersions();
  const dependencies = Object.fromEntries(packages.map((each) => [each, versions[each]]));
  const manifest = { private: true, type: "module", dependencies };
  writeFileSync(join(consumer, "package.json"), JSON.stringify(manifest));
  const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--no-package-lock"];
  await assertRuns(consumer, "npm", "install", ...flags, tarball);
  cpSync(join(import.meta.dirname, "consumers", name), consumer, { recursive: true });
  cpSync(join(root, "src/gen"), join(consumer, "gen"), { recursive: true });
  rmSync(join(consumer, "gen/tsconfig.json"));
  return consumer;
}

/** The folder of programs of the repository in front of the PATH. */
export function useRepositoryPrograms(): void {
  process.env["PATH"] = join(root, "node_modules/.bin") + delimiter + process.env["PATH"];
}

function developmentVersions(): Readonly<Record<string, string>> {
  const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return (manifest as { readonly devDependencies: Record<string, string> }).devDependencies;
}
