import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command } from "./command.ts";
import { oneCheck } from "./counts.ts";
import type { StepResult } from "./schedule.ts";

const generatedRoot = "src/gen";

/** Generates the code anew, elsewhere, and compares it with what is committed. */
export async function compareGenerated(): Promise<StepResult> {
  const elsewhere = mkdtempSync(join(tmpdir(), "generated-"));
  try {
    const exit = await command(["buf", "generate", "--output", elsewhere]);
    if (exit.code !== 0) return { counts: oneCheck(false), output: exit.output };
    const differences = compareTrees(generatedRoot, join(elsewhere, generatedRoot));
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
  const generated = names.filter((name) => name.endsWith(".ts"));
  return new Map(generated.map((name) => [name, readFileSync(join(root, name), "utf8")]));
}
