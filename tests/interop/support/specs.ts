import { existsSync } from "node:fs";
import { expect } from "vitest";
import { command } from "../../../scripts/test/command.ts";
import { surroundings } from "../../e2e/support/edge.ts";

/** Runs specs of tests/e2e with these surroundings; all of them must be there, and pass. */
export async function runSpecs(
  names: readonly string[],
  around: Partial<Record<keyof typeof surroundings, string | number>>,
): Promise<void> {
  const variables = Object.entries(surroundings).flatMap(([name, variable]) => {
    const value = around[name as keyof typeof surroundings];
    return value === undefined ? [] : [`${variable}=${value}`];
  });
  const files = names.map((name) => `tests/e2e/${name}.spec.ts`);
  // Playwright takes a name that fits nothing for a filter, and runs what the others fit.
  const gone = files.find((file) => !existsSync(file));
  if (gone !== undefined) throw new Error(`There is no ${gone}.`);
  const reporting = ["--reporter=list", "--workers=2", "--output=test-results/interop"];
  reporting.push("--project=chromium");
  const argv = ["env", "CI=true", ...variables, "playwright", "test", ...reporting, ...files];
  const exit = await command(argv as [string, ...string[]], { timeoutMs: 170_000 });
  if (exit.code !== 0) throw new Error(exit.output.slice(-6_000));
  expect(exit.output).toMatch(/\d+ passed/);
}
