import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command } from "./command.ts";
import { oneCheck } from "./counts.ts";
import type { StepResult } from "./schedule.ts";

/** What is generated: where it goes, and what `buf generate` is told beside that. */
const generated: readonly { readonly root: string; readonly args: readonly string[] }[] = [
  { root: "src/gen", args: [] },
  {
    root: "examples/jwt-bearer/gen",
    args: ["examples/jwt-bearer", "--template", "examples/jwt-bearer/buf.gen.yaml"],
  },
];

/** Generates all code anew, elsewhere, and compares it with what is committed. */
export async function compareGenerated(): Promise<StepResult> {
  const elsewhere = mkdtempSync(join(tmpdir(), "generated-"));
  try {
    const differences: string[] = [];
    for (const { root, args } of generated) {
      const exit = await command(["buf", "generate", ...args, "--output", elsewhere]);
      if (exit.code !== 0) return { counts: oneCheck(false), output: exit.output };
      differences.push(...compareTrees(root, join(elsewhere, root)));
    }
    const advice = "Type: npm run generate, and commit the result.";
    const output = differences.length === 0 ? "" : [...differences, advice].join("\n");
    return { counts: oneCheck(differences.length === 0), output };
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
}

/** One sentence for every generated file in which two trees differ. */
export function compareTrees(committed: string, fresh: string): readonly string[] {
  const before = sources(committed);
  const after = sources(fresh);
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return names.flatMap((name) => {
    if (!after.has(name)) return [`${name} is no longer generated: remove it.`];
    if (!before.has(name)) return [`${name} is missing.`];
    return before.get(name) === after.get(name) ? [] : [`${name} differs.`];
  });
}

function sources(root: string): ReadonlyMap<string, string> {
  const names = readdirSync(root, { recursive: true, encoding: "utf8" });
  const scripts = names.filter((name) => name.endsWith(".ts"));
  return new Map(scripts.map((name) => [name, readFileSync(join(root, name), "utf8")]));
}
