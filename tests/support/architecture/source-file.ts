import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseSync, visitorKeys, type ParseResult } from "oxc-parser";

/** A parsed source file. */
export interface SourceFile {
  /** Its path below the root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly lineCount: number;
  readonly syntax: ParseResult;
}

/** Something in a tree that breaks a rule of the house. */
export interface Violation {
  readonly rule: string;
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** A node of the syntax tree, as far as a generic walk knows it. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** Reads every TypeScript file below `root/folder`, generated code included. */
export function readSources(root: string, folder: string): readonly SourceFile[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  const paths = names
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((path) => /\.tsx?$/.test(path) && !path.includes("node_modules/"));
  return paths.toSorted().map((path) => parse(path, readFileSync(join(root, path), "utf8")));
}

/** The line of an offset, counted from 1. */
export function lineOf(file: SourceFile, offset: number): number {
  return file.text.slice(0, offset).split("\n").length;
}

/** Calls `visit` for the node and everything in it, parents first. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const child of childrenOf(node)) walk(child, visit);
}

/** The nodes directly below a node, in source order. */
export function childrenOf(node: Node): readonly Node[] {
  const keys = visitorKeys[node.type] ?? [];
  return keys.flatMap((key) => nodesIn(node[key]));
}

/** The node or nodes that a property holds. */
export function nodesIn(value: unknown): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  return isNode(value) ? [value] : [];
}

/** The root of a file's syntax tree. */
export function programOf(file: SourceFile): Node {
  return file.syntax.program as unknown as Node;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

function parse(path: string, text: string): SourceFile {
  const syntax = parseSync(path, text);
  const [problem] = syntax.errors;
  if (problem !== undefined) throw new Error(`${path} does not parse: ${problem.message}`);
  return { path, text, lineCount: text.trimEnd().split("\n").length, syntax };
}
