import { isBuiltin } from "node:module";
import { packageOf, type Import } from "./imports.ts";
import { roomOf, type Room } from "./rooms.ts";
import type { Violation } from "./source-file.ts";

/** The violations of "who may import whom" among the imports of a tree. */
export function layerViolations(
  imports: readonly Import[],
  published: ReadonlySet<string>,
): readonly Violation[] {
  return imports.flatMap((each) => {
    const message = problemOf(each, published);
    if (message === undefined) return [];
    return [{ rule: "layers", path: each.from, line: each.line, message }];
  });
}

function problemOf(each: Import, published: ReadonlySet<string>): string | undefined {
  const room = roomOf(each.from);
  if (room === undefined) return "This file belongs to no room.";
  if (!each.exists) return `"${each.specifier}" means no file.`;
  if (each.target === undefined) return packageProblem(room, each.specifier, published);
  return roomProblem(room, each.target);
}

function roomProblem(room: Room, target: string): string | undefined {
  const other = roomOf(target);
  if (other === undefined) return `${target} belongs to no room.`;
  if (other === room) return undefined;
  if (!room.rooms.includes(other.name)) return `${room.name} may not import ${other.name}.`;
  const inside = room.name.startsWith("lib/");
  if (other.name.startsWith("lib/") && !inside && target !== `src/${other.name}/index.ts`) {
    return `${room.name} may import ${other.name} only through its index.ts.`;
  }
  return undefined;
}

function packageProblem(
  room: Room,
  specifier: string,
  published: ReadonlySet<string>,
): string | undefined {
  if (isBuiltin(specifier)) {
    return room.builtins ? undefined : `${room.name} may not import Node's "${specifier}".`;
  }
  const name = packageOf(specifier);
  if (room.packages === "any") return undefined;
  if (!room.packages.includes(name)) return `${room.name} may not import the package ${name}.`;
  if (room.name.startsWith("lib/") && !published.has(name)) {
    return `${name} is neither a dependency nor a peer in package.json.`;
  }
  return undefined;
}

/** One violation for every cycle of imports, types included. */
export function cycleViolations(imports: readonly Import[]): readonly Violation[] {
  const edges = new Map<string, Import[]>();
  for (const each of imports) {
    if (each.target !== undefined) edges.set(each.from, [...(edges.get(each.from) ?? []), each]);
  }
  const done = new Set<string>();
  const violations: Violation[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (done.has(path)) return;
    for (const edge of edges.get(path) ?? []) {
      const target = edge.target ?? "";
      const at = [...trail, path].indexOf(target);
      if (at < 0) visit(target, [...trail, path]);
      else {
        const message = [...trail, path].slice(at).concat(target).join(" -> ");
        violations.push({ rule: "cycles", path, line: edge.line, message });
      }
    }
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return violations;
}
