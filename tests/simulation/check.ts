import fc from "fast-check";
import { scripts } from "./arbitrary.ts";
import { runScript } from "./run-script.ts";
import type { Script } from "./script.ts";
import type { Subject } from "./subject.ts";

/** How many runs, from which seed. */
export interface CheckOptions {
  readonly runs: number;
  readonly seed: number;
  /** Where in the tree of scripts a failing run was found; replays that run alone. */
  readonly path?: string | undefined;
  /** Stop at the first failure, without looking for a shorter script. */
  readonly quick?: boolean;
  readonly onProgress?: (runs: number) => void;
}

/** What came of many runs. */
export interface CheckResult {
  readonly runs: number;
  readonly calls: number;
  readonly failure: Failure | undefined;
}

/** The shortest failing script that was found, and how to see it again. */
export interface Failure {
  readonly violation: string;
  readonly script: Script;
  readonly seed: number;
  readonly path: string;
}

class Violation extends Error {}

/** Runs random scripts until one breaks an invariant, and then looks for a shorter one. */
export async function check(subject: Subject, options: CheckOptions): Promise<CheckResult> {
  let runs = 0;
  let calls = 0;
  const property = fc.asyncProperty(scripts, async (script) => {
    const result = await runScript(script, subject);
    if (result.violation !== undefined) throw new Violation(result.violation);
    runs++;
    calls += result.calls;
    if (runs % 250 === 0) {
      // Lets messages and signals through: a run itself never leaves the stack of ticks.
      await new Promise((resolve) => setImmediate(resolve));
      options.onProgress?.(runs);
    }
  });
  const details = await fc.check(property, {
    numRuns: options.runs,
    seed: options.seed,
    endOnFailure: options.quick ?? false,
    ...(options.path === undefined ? {} : { path: options.path }),
  });
  const { counterexample, errorInstance, seed, counterexamplePath: path } = details;
  if (counterexample === null) return { runs, calls, failure: undefined };
  // What is no violation is a mistake of the simulation itself: its stack says where.
  const violation =
    errorInstance instanceof Violation
      ? errorInstance.message
      : errorInstance instanceof Error
        ? String(errorInstance.stack)
        : String(errorInstance);
  return { runs, calls, failure: { violation, script: counterexample[0], seed, path: path ?? "" } };
}
