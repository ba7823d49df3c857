import {
  lineOf,
  nodesIn,
  programOf,
  walk,
  type Node,
  type SourceFile,
  type Violation,
} from "./source-file.ts";

const maxFileLines = 300;
const maxFunctionLines = 50;

/** How long the files and functions of a tree are, in lines. */
export interface Sizes {
  readonly files: readonly number[];
  readonly functions: readonly number[];
}

/** The sizes of files that people write. */
export function sizesOf(files: readonly SourceFile[]): Sizes {
  return {
    files: files.map((file) => file.lineCount),
    functions: files.flatMap((file) => functionsOf(file).map((each) => each.lines)),
  };
}

/** The middle of a list of numbers; 0 for an empty one. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

/** Files and functions that are too long. */
export function sizeViolations(file: SourceFile): readonly Violation[] {
  const long: Violation[] = functionsOf(file)
    .filter((each) => each.lines > maxFunctionLines)
    .map(({ node, lines }) => ({
      rule: "sizes",
      path: file.path,
      line: lineOf(file, node.start),
      message: `This function has ${lines} lines; at most ${maxFunctionLines}.`,
    }));
  if (file.lineCount > maxFileLines) {
    const message = `This file has ${file.lineCount} lines; at most ${maxFileLines}.`;
    long.push({ rule: "sizes", path: file.path, line: maxFileLines, message });
  }
  return long;
}

/** Exported names that no docstring explains. */
export function docViolations(file: SourceFile): readonly Violation[] {
  const statements = nodesIn(programOf(file)["body"]);
  return exportedStatements(statements)
    .filter((statement) => !hasDocstring(file, statement))
    .map((statement) => ({
      rule: "docs",
      path: file.path,
      line: lineOf(file, statement.start),
      message: `No docstring: ${file.text.slice(statement.start).split("\n", 1)[0]}`,
    }));
}

/** The statements that declare what a module exports. */
function exportedStatements(statements: readonly Node[]): readonly Node[] {
  return statements.flatMap((statement) => {
    if (!/^Export(Named|Default)Declaration$/.test(statement.type)) return [];
    if (nodesIn(statement["source"]).length > 0) return [];
    if (nodesIn(statement["declaration"]).length > 0) return [statement];
    const names = nodesIn(statement["specifiers"]).map((each) =>
      String(nodesIn(each["local"])[0]?.["name"]),
    );
    return statements.filter((each) => declaredNames(each).some((name) => names.includes(name)));
  });
}

function declaredNames(statement: Node): readonly string[] {
  const ids = [statement, ...nodesIn(statement["declarations"])].flatMap((each) =>
    nodesIn(each["id"]),
  );
  return ids.map((id) => String(id["name"]));
}

function hasDocstring(file: SourceFile, statement: Node): boolean {
  return file.syntax.comments.some(
    (comment) =>
      comment.type === "Block" &&
      comment.value.startsWith("*") &&
      comment.end <= statement.start &&
      file.text.slice(comment.end, statement.start).trim() === "",
  );
}

function functionsOf(file: SourceFile): readonly { node: Node; lines: number }[] {
  const found: { node: Node; lines: number }[] = [];
  walk(programOf(file), (node) => {
    const isFunction = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;
    if (!isFunction.test(node.type)) return;
    found.push({ node, lines: file.text.slice(node.start, node.end).split("\n").length });
  });
  return found;
}

/** What must not stand in a file: unfinished work, switched-off checks, one machine's traces. */
const forbidden: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: "unfinished work", pattern: /\b(?:TOD[O]|FIXM[E]|HAC[K]|XX[X])\b/ },
  { what: "a switched-off check", pattern: /@ts-(?:ignor[e]|nochec[k]|expect-erro[r])/ },
  { what: "a path of one machine", pattern: /(?<![\w.:/@-])\/(?:root|home|work|Users)\/[\w.]/ },
  { what: "the host of a package registry", pattern: /\bregistry\.(?:npmjs|yarnpkg)\.\w+/ },
  { what: "how it was written", pattern: /\b(?:assis[t]ant|chat ?bo[t]|language mode[l])s?\b/i },
  { what: "how it was written", pattern: /co-authored-b[y]|\bsub-?agen[t]s?\b/i },
];

/** Words that must not stand in a file. */
export function wordViolations(path: string, text: string): readonly Violation[] {
  return text.split("\n").flatMap((line, index) =>
    forbidden
      .filter(({ pattern }) => pattern.test(line))
      .map(({ what }) => ({
        rule: "words",
        path,
        line: index + 1,
        message: `This line has ${what}: ${line.trim()}`,
      })),
  );
}
