import { existsSync } from "node:fs";
import { join } from "node:path";
import { posix } from "node:path";
import { lineOf, nodesIn, programOf, walk, type Node, type SourceFile } from "./source-file.ts";

/** One import of a file: static, dynamic, re-export, or the `import()` of a type. */
export interface Import {
  readonly from: string;
  readonly line: number;
  readonly specifier: string;
  /**
   * The file it means, below the root; `undefined` for a package. A relative
   * import that means no file keeps its joined path.
   */
  readonly target: string | undefined;
  /** False for a relative import that means no file. */
  readonly exists: boolean;
}

const importNodes = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType",
  "TSExternalModuleReference",
]);

/** Every import of a file. One whose specifier is not a literal stands as `?`. */
export function importsOf(root: string, file: SourceFile): readonly Import[] {
  const imports: Import[] = [];
  walk(programOf(file), (node) => {
    const specifier = specifierOf(node);
    if (specifier === undefined) return;
    imports.push(resolveImport(root, file, lineOf(file, node.start), specifier));
  });
  return imports;
}

/** The name of the package that a specifier means, for example `@scope/name`. */
export function packageOf(specifier: string): string {
  if (specifier.startsWith("node:")) return specifier;
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

function specifierOf(node: Node): string | undefined {
  if (!importNodes.has(node.type)) return undefined;
  const [source] = nodesIn(node["source"] ?? node["expression"]);
  if (source === undefined) return undefined;
  return typeof source["value"] === "string" ? source["value"] : "?";
}

function resolveImport(root: string, file: SourceFile, line: number, specifier: string): Import {
  const from = file.path;
  if (!/^\.{0,2}\//.test(specifier)) {
    return { from, line, specifier, target: undefined, exists: specifier !== "?" };
  }
  const path = specifier.replace(/[?#].*$/, "");
  const target = path.startsWith("/")
    ? posix.normalize(path.slice(1))
    : posix.join(posix.dirname(from), path);
  return { from, line, specifier, target, exists: existsSync(join(root, target)) };
}
