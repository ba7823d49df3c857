import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ambientViolations } from "./ambient.ts";
import { docViolations, sizeViolations, wordViolations } from "./house-style.ts";
import { importsOf } from "./imports.ts";
import { cycleViolations, layerViolations } from "./layers.ts";
import { readSources, type SourceFile, type Violation } from "./source-file.ts";

/** Every violation of the house rules below `root/src`. */
export function inspect(root: string): readonly Violation[] {
  const files = readSources(root, "src");
  const written = files.filter(isWritten);
  const imports = files.flatMap((file) => importsOf(root, file));
  return [
    ...layerViolations(imports, publishedPackages(root)),
    ...cycleViolations(imports),
    ...written.flatMap(ambientViolations),
    ...written.flatMap(sizeViolations),
    ...written.filter((file) => file.path.startsWith("src/lib/")).flatMap(docViolations),
    ...written.flatMap((file) => wordViolations(file.path, file.text)),
  ];
}

/** False for generated code, which nobody edits. */
export function isWritten(file: SourceFile): boolean {
  return !file.path.startsWith("src/gen/");
}

/** One line for each violation, as an editor can follow it. */
export function describe(violations: readonly Violation[]): readonly string[] {
  return violations.map(({ rule, path, line, message }) => `${path}:${line} [${rule}] ${message}`);
}

function publishedPackages(root: string): ReadonlySet<string> {
  const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const { dependencies = {}, peerDependencies = {} } = manifest as {
    readonly dependencies?: object;
    readonly peerDependencies?: object;
  };
  return new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies)]);
}
