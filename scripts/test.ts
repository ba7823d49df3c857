/**
 * `npm test`: runs every check and every suite, stops at nothing, and ends with
 * `N passed, N failed`. `npm test -- unit lint` runs only these, and what they
 * need. The peers of `interop` run in CI, and for whoever names them.
 */
import { rmSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { endAll } from "./test/command.ts";
import { sum } from "./test/counts.ts";
import { runSteps, type Finished, type Step } from "./test/schedule.ts";
import { allSteps } from "./test/steps.ts";

const wanted = process.argv.slice(2);
const steps = select(allSteps(wanted.length === 1), wanted);

// The programs of this repository, also without npm around.
process.env["PATH"] = `${resolve("node_modules/.bin")}${delimiter}${process.env["PATH"] ?? ""}`;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    endAll();
    process.exit(130);
  });
}
rmSync("test-results", { recursive: true, force: true });

const startedMs = performance.now();
const finished = await runSteps(steps, print);
const { passed, failed, skipped } = sum(finished.map((each) => each.counts));
const seconds = Math.round((performance.now() - startedMs) / 1000);
const broken = finished.filter((each) => each.counts.failed > 0).map((each) => each.step.name);
console.log(`\n${seconds} s${broken.length === 0 ? "" : `; failed: ${broken.join(", ")}`}`);
console.log(`${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`);
process.exitCode = failed === 0 ? 0 : 1;

function print({ step, counts, output, note, seconds: took }: Finished): void {
  const mark = counts.failed === 0 ? "ok  " : "FAIL";
  const tests = counts.passed + counts.failed + counts.skipped;
  const size = tests === 1 ? "" : `, ${tests} tests`;
  console.log(`${mark} ${step.name}: ${step.title} (${took.toFixed(1)} s${size})`);
  if (note !== undefined) console.log(note);
  if (counts.failed > 0 && wanted.length !== 1) console.log(`${output.trimEnd()}\n`);
}

function select(all: readonly Step[], names: readonly string[]): readonly Step[] {
  if (names.length === 0) {
    const inCi = ![undefined, "", "false"].includes(process.env["CI"]);
    return all.filter((step) => inCi || step.onlyInCi !== true);
  }
  const known = new Map(all.map((step) => [step.name, step]));
  const chosen = new Set<Step>();
  const add = (name: string): void => {
    const step = known.get(name);
    if (step === undefined) {
      console.error(`There is no step "${name}". The steps: ${[...known.keys()].join(", ")}.`);
      process.exit(2);
    }
    for (const needed of step.needs ?? []) add(needed);
    chosen.add(step);
  };
  names.forEach(add);
  return all.filter((step) => chosen.has(step));
}
