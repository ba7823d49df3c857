import { oneCheck, type Counts } from "./counts.ts";

/** One part of the test run. */
export interface Step {
  /** What one types after `npm test --`. */
  readonly name: string;
  /** What it proves, in a few words. */
  readonly title: string;
  /** Names of steps whose result it uses. They run first. */
  readonly needs?: readonly string[];
  /** How many cores it keeps busy. What measures time takes both. */
  readonly cores: 1 | 2;
  /** Runs when it is named, or in CI, and not for everybody who types `npm test`. */
  readonly onlyInCi?: boolean;
  /** Must not reject. */
  run(): Promise<StepResult>;
}

/** What a step found, and what to show when it failed. */
export interface StepResult {
  readonly counts: Counts;
  readonly output: string;
  /** What to show in any case. */
  readonly note?: string;
}

/** A step that has ended. */
export interface Finished extends StepResult {
  readonly step: Step;
  readonly seconds: number;
}

const cores = 2;

/**
 * Runs the steps in their order, as many at a time as two cores carry, and
 * calls `report` as each ends. A failed step stops only those that need it;
 * they count as failed.
 */
export async function runSteps(
  steps: readonly Step[],
  report: (finished: Finished) => void,
): Promise<readonly Finished[]> {
  const waiting = [...steps];
  const finished = new Map<string, Finished>();
  const active = new Map<string, { readonly cores: number; readonly done: Promise<void> }>();
  while (waiting.length > 0 || active.size > 0) {
    const free = cores - [...active.values()].reduce((busy, step) => busy + step.cores, 0);
    const next = waiting.findIndex((step) => isReady(step, steps, finished));
    const step = waiting[next];
    if (step !== undefined && step.cores <= free) {
      waiting.splice(next, 1);
      const done = async (): Promise<void> => {
        const result = await runStep(step, finished);
        finished.set(step.name, result);
        active.delete(step.name);
        report(result);
      };
      active.set(step.name, { cores: step.cores, done: done() });
    } else {
      await Promise.race([...active.values()].map((each) => each.done));
    }
  }
  return [...finished.values()];
}

function isReady(
  step: Step,
  all: readonly Step[],
  finished: ReadonlyMap<string, Finished>,
): boolean {
  const inRun = new Set(all.map((each) => each.name));
  return (step.needs ?? []).every((name) => finished.has(name) || !inRun.has(name));
}

async function runStep(step: Step, finished: ReadonlyMap<string, Finished>): Promise<Finished> {
  const broken = (step.needs ?? []).find((name) => (finished.get(name)?.counts.failed ?? 0) > 0);
  if (broken !== undefined) {
    const output = `Not run: it needs "${broken}", which failed.`;
    return { step, seconds: 0, counts: oneCheck(false), output };
  }
  const startedMs = performance.now();
  const result = await step.run();
  return { ...result, step, seconds: (performance.now() - startedMs) / 1000 };
}
