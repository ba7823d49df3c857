import { existsSync, globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { specsForAll } from "../../e2e/support/other-browsers.ts";
import { runSpecs } from "../../interop/support/specs.ts";

test("every end-to-end test that a peer's suite runs is there", () => {
  const suites = globSync("tests/interop/*.test.ts").map((file) => readFileSync(file, "utf8"));
  const calls = [...suites.join("").matchAll(/runSpecs\(\[([^\]]+)\]/g)];
  const names = calls.flatMap(([, list = ""]) => list.match(/[\w/-]+/g) ?? []);
  expect(names.length).toBeGreaterThan(3);
  for (const name of names) expect([name, existsSync(specFile(name))]).toEqual([name, true]);
});

test("every end-to-end test for other browsers is there", () => {
  for (const pattern of specsForAll) {
    expect([pattern, globSync(pattern, { cwd: "tests/e2e" }).length]).not.toEqual([pattern, 0]);
  }
});

test("a suite that names a test that is not there fails, and does not run the others only", async () => {
  await expect(runSpecs(["people", "gone"], {})).rejects.toThrow("There is no tests/e2e/gone.spec");
});

function specFile(name: string): string {
  return `tests/e2e/${name}.spec.ts`;
}
