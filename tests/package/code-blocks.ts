import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./package-under-test.ts";

/** A TypeScript block of a document. */
export interface CodeBlock {
  /** The document and the line, for example `README.md:12`. */
  readonly where: string;
  readonly extension: "ts" | "tsx";
  readonly text: string;
}

/** The TypeScript blocks of the README and of everything in `docs`. */
export function codeBlocks(): readonly CodeBlock[] {
  const docs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" });
  const documents = ["README.md", ...docs.map((name) => `docs/${name}`)];
  return documents
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) => blocksOf(path, readFileSync(join(root, path), "utf8")));
}

/** The TypeScript blocks of one document. */
export function blocksOf(path: string, document: string): readonly CodeBlock[] {
  return [...document.matchAll(/^```(tsx?)\n([^]*?)^```$/gm)].map((match) => ({
    where: `${path}:${document.slice(0, match.index).split("\n").length + 1}`,
    extension: match[1] === "tsx" ? "tsx" : "ts",
    text: match[2] ?? "",
  }));
}

/** Whether a block is for a server, which a page could not compile. */
export function isForNode({ text }: CodeBlock): boolean {
  return /from "(node:|@connectrpc\/connect-node")/.test(text);
}

/** Writes the blocks below `folder/docs`, one module each. */
export function writeBlocks(folder: string, blocks: readonly CodeBlock[]): void {
  mkdirSync(join(folder, "docs"), { recursive: true });
  for (const { where, extension, text } of blocks) {
    const name = where.replaceAll(/[^\w]+/g, "-");
    const code = text.replaceAll('"./gen/', '"../gen/');
    writeFileSync(
      join(folder, "docs", `${name}.${extension}`),
      `// ${where}\n${code}\nexport {};\n`,
    );
  }
}
