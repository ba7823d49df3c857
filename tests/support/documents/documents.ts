import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../../..");

/** A part of a document between fences. */
export interface Block {
  /** The document and the line, for example `README.md:12`. */
  readonly where: string;
  /** What stands behind the fence: `json`, `sh` and so on. */
  readonly language: string;
  readonly text: string;
}

/** The documents for people: those of the root, everything in `docs`, and those beside what one copies. */
export function documentPaths(): readonly string[] {
  const docs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" });
  return [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "deploy/README.md",
    "examples/react-oidc-context/README.md",
    ...docs.filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`),
  ];
}

/** The text of a file of the repository. */
export function readDocument(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** The blocks of one language in all documents. */
export function blocksIn(language: string): readonly Block[] {
  return documentPaths().flatMap((path) => {
    const text = readDocument(path);
    return [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].flatMap((match) => {
      const [, found = "", content = ""] = match;
      const line = text.slice(0, match.index).split("\n").length + 1;
      return found === language ? [{ where: `${path}:${line}`, language, text: content }] : [];
    });
  });
}

/** The cells of every row of the tables in a document, without heads and rules. */
export function tableRows(path: string): readonly (readonly string[])[] {
  const rows = readDocument(path)
    .split("\n")
    .filter((line) => line.startsWith("|"));
  return rows
    .filter((line, index) => !isRule(line) && !isRule(rows[index + 1] ?? ""))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll(/\\([*|])/g, "$1")),
    );
}

/** The anchors of a document, as hosts of repositories make them of headings. */
export function anchorsOf(path: string): ReadonlySet<string> {
  const headings = [...readDocument(path).matchAll(/^#+ (.+)$/gm)];
  return new Set(
    headings.map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

function isRule(line: string): boolean {
  return /^\|[ :|-]+\|$/.test(line);
}
