import { expect } from "vitest";
import { command } from "../../../scripts/test/command.ts";
import { envoyVariable, serviceVariable } from "../../e2e/support/edge.ts";

/**
 * Runs specs of tests/e2e with Envoy between browser and API; all of them must
 * pass. With `servicePort` the API is a service that listens there.
 */
export async function runSpecs(
  names: readonly string[],
  envoyProgram: string,
  servicePort?: number,
): Promise<void> {
  const variables = [`${envoyVariable}=${envoyProgram}`, "CI=true"];
  if (servicePort !== undefined) variables.push(`${serviceVariable}=${servicePort}`);
  const files = names.map((name) => `tests/e2e/${name}.spec.ts`);
  const reporting = ["--reporter=list", "--workers=2", "--output=test-results/interop"];
  const exit = await command(["env", ...variables, "playwright", "test", ...reporting, ...files], {
    timeoutMs: 170_000,
  });
  if (exit.code !== 0) throw new Error(exit.output.slice(-6_000));
  expect(exit.output).toMatch(/\d+ passed/);
}
