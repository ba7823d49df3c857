import { expect } from "vitest";
import { command } from "../../../scripts/test/command.ts";
import { envoyVariable } from "../../e2e/support/edge.ts";

/** Runs specs of tests/e2e with Envoy between browser and API; all of them must pass. */
export async function runSpecs(names: readonly string[], envoyProgram: string): Promise<void> {
  const variables = [`${envoyVariable}=${envoyProgram}`, "CI=true"];
  const files = names.map((name) => `tests/e2e/${name}.spec.ts`);
  const reporting = ["--reporter=list", "--workers=2", "--output=test-results/interop"];
  const exit = await command(["env", ...variables, "playwright", "test", ...reporting, ...files], {
    timeoutMs: 170_000,
  });
  if (exit.code !== 0) throw new Error(exit.output.slice(-6_000));
  expect(exit.output).toMatch(/\d+ passed/);
}
