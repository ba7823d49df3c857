import { globalUses } from "./globals.ts";
import { roomOf } from "./rooms.ts";
import {
  lineOf,
  nodesIn,
  programOf,
  walk,
  type Node,
  type SourceFile,
  type Violation,
} from "./source-file.ts";

/** What only a page has. */
const pageGlobals = new Set(
  (
    "window document localStorage sessionStorage indexedDB BroadcastChannel navigator location " +
    "history screen matchMedia alert confirm prompt requestAnimationFrame self caches"
  ).split(" "),
);

/** What core has from its ports only, although every runtime has it. */
const portGlobals = new Set(
  (
    "globalThis setTimeout clearTimeout setInterval clearInterval setImmediate queueMicrotask " +
    "performance crypto fetch console addEventListener removeEventListener"
  ).split(" "),
);

/** The one file of core that binds the ports to the runtime. */
const systemFile = "src/lib/core/system.ts";

/** The one file that knows how main's ports are opened; tests use it with port 0. */
const listenerFile = "src/backend/listener.ts";

/** The violations of "who may touch what": globals, environment and ports. */
export function ambientViolations(file: SourceFile): readonly Violation[] {
  const room = roomOf(file.path)?.name ?? "";
  const program = programOf(file);
  const violations: Violation[] = [];
  const add = (node: Node, rule: string, message: string): void => {
    violations.push({ rule, path: file.path, line: lineOf(file, node.start), message });
  };
  const isCore = room === "lib/core" && file.path !== systemFile;
  for (const { name, node } of globalUses(program)) {
    if (pageGlobals.has(name) && room !== "lib/browser" && room !== "dashboard") {
      add(node, "page-globals", `${room} may not use ${name}.`);
    }
    if (portGlobals.has(name) && isCore) add(node, "ports", `${room} has ${name} from a port.`);
  }
  walk(program, (node) => {
    const clock = isCore ? clockUse(node) : undefined;
    if (clock !== undefined) add(node, "ports", `${room} has ${clock} from a port.`);
    const wiring = wiringUse(file, node);
    const isListener = wiring === "listen()" && file.path === listenerFile;
    if (wiring !== undefined && !isListener && !/\/main\.tsx?$/.test(file.path)) {
      add(node, "main-only", `Only main may use ${wiring}.`);
    }
  });
  return violations;
}

function clockUse(node: Node): string | undefined {
  const callee = nameOf(nodesIn(node["callee"])[0]);
  if (node.type === "NewExpression" && callee === "Date" && nodesIn(node["arguments"]).length === 0)
    return "new Date()";
  const member = memberName(node);
  const clocks = ["Date.now", "Math.random", "AbortSignal.timeout"];
  return member !== undefined && clocks.includes(member) ? member : undefined;
}

function wiringUse(file: SourceFile, node: Node): string | undefined {
  const member = memberName(node);
  if (member === "process.env" || member === "process.argv") return member;
  // BASE_URL says how the page was built, not how it is deployed.
  if (isBuildEnvironment(node) && !file.text.startsWith(".BASE_URL", node.end)) {
    return "import.meta.env";
  }
  if (node.type === "CallExpression") {
    const [callee] = nodesIn(node["callee"]);
    const isListen = nameOf(nodesIn(callee?.["property"])[0]) === "listen";
    if (callee?.type === "MemberExpression" && isListen) return "listen()";
  }
  if (node.type === "ImportDeclaration" && /^"node:process"$/.test(rawSource(node))) {
    return "node:process";
  }
  return undefined;
}

function isBuildEnvironment(node: Node): boolean {
  const isMeta = nodesIn(node["object"])[0]?.type === "MetaProperty";
  return isMeta && nameOf(nodesIn(node["property"])[0]) === "env";
}

function memberName(node: Node): string | undefined {
  if (node.type !== "MemberExpression" || node["computed"] === true) return undefined;
  const object = nameOf(nodesIn(node["object"])[0]);
  const property = nameOf(nodesIn(node["property"])[0]);
  return object === undefined || property === undefined ? undefined : `${object}.${property}`;
}

function nameOf(node: Node | undefined): string | undefined {
  return node?.type === "Identifier" ? String(node["name"]) : undefined;
}

function rawSource(node: Node): string {
  return JSON.stringify(nodesIn(node["source"])[0]?.["value"]);
}
