import { childrenOf, nodesIn, type Node } from "./source-file.ts";

/** The use of a name that no scope of the file declares. */
export interface GlobalUse {
  /** The name; for `globalThis.fetch` it is `fetch`. */
  readonly name: string;
  readonly node: Node;
}

const globalObjects = new Set(["globalThis", "window", "self"]);
const wrappers = new Set([
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSInstantiationExpression",
  "TSTypeAssertion",
]);

/** Every use of an ambient value in a program. Types are not values. */
export function globalUses(program: Node): readonly GlobalUse[] {
  const uses: GlobalUse[] = [];
  const visit = (node: Node, scopes: readonly ReadonlySet<string>[]): void => {
    if (node.type === "Identifier") {
      const name = String(node["name"]);
      if (!scopes.some((scope) => scope.has(name))) uses.push({ name, node });
      return;
    }
    const property = globalProperty(node, scopes);
    if (property !== undefined) uses.push({ name: property, node });
    const inner = [...scopes, declaredBy(node)];
    for (const child of valueChildren(node)) visit(child, inner);
  };
  visit(program, []);
  return uses;
}

function globalProperty(node: Node, scopes: readonly ReadonlySet<string>[]): string | undefined {
  if (node.type !== "MemberExpression" || node["computed"] === true) return undefined;
  const [object] = nodesIn(node["object"]);
  const name = String(object?.["name"]);
  if (!globalObjects.has(name) || scopes.some((scope) => scope.has(name))) return undefined;
  return String(nodesIn(node["property"])[0]?.["name"]);
}

/** The children that hold values: no types, no names of properties or labels. */
function valueChildren(node: Node): readonly Node[] {
  if (/^(Import|ExportSpecifier|ExportAll)/.test(node.type) && node.type !== "ImportExpression") {
    return [];
  }
  if (node.type.startsWith("TS") && !wrappers.has(node.type)) return [];
  const named = node["computed"] !== true ? nodesIn(node["property"] ?? node["key"]) : [];
  const labels = /^(Labeled|Break|Continue)Statement$/.test(node.type)
    ? nodesIn(node["label"])
    : [];
  const skipped = new Set([...named, ...labels]);
  // A shorthand `{ name }` has its name as key and as value: the value counts.
  const values = new Set(nodesIn(node["value"]));
  return childrenOf(node).filter((child) => !skipped.has(child) || values.has(child));
}

/** The names that a node declares for everything in it. */
function declaredBy(node: Node): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (pattern: unknown): void => {
    for (const each of nodesIn(pattern)) for (const name of patternNames(each)) names.add(name);
  };
  if (/Function/.test(node.type)) add(node["params"]);
  if (/(Function|Class)Expression/.test(node.type)) add(node["id"]);
  if (node.type === "CatchClause") add(node["param"]);
  for (const statement of statementsOf(node)) {
    for (const inner of [statement, ...nodesIn(statement["declaration"])]) {
      if (/^(Function|Class)Declaration$/.test(inner.type)) add(inner["id"]);
      for (const each of nodesIn(inner["declarations"])) add(each["id"]);
      for (const each of nodesIn(inner["specifiers"])) add(each["local"]);
    }
  }
  return names;
}

function statementsOf(node: Node): readonly Node[] {
  if (node.type.startsWith("For")) return nodesIn(node["init"] ?? node["left"]);
  if (node.type === "SwitchStatement") {
    return nodesIn(node["cases"]).flatMap((each) => nodesIn(each["consequent"]));
  }
  return /^(Program|BlockStatement|StaticBlock)$/.test(node.type) ? nodesIn(node["body"]) : [];
}

function patternNames(pattern: Node): readonly string[] {
  if (pattern.type === "Identifier") return [String(pattern["name"])];
  const inner = [
    pattern["left"],
    pattern["argument"],
    pattern["elements"],
    pattern["properties"],
    pattern.type === "Property" ? pattern["value"] : undefined,
  ];
  return inner.flatMap((each) => nodesIn(each).flatMap(patternNames));
}
