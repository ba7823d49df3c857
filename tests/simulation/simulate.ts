/**
 * `npm run simulate -- --runs N`: runs N random scripts and ends with the line
 * `N runs, 0 violations`, or with the shortest failing script that was found and
 * the command that replays it (`--seed S --path P`).
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { CheckResult, Failure } from "./check.ts";
import { runScript } from "./run-script.ts";
import { describeScript } from "./script.ts";
import { productLibrary, runShard } from "./shards.ts";
import { loadSubject } from "./subject.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10000" },
    seed: { type: "string" },
    path: { type: "string" },
    threads: { type: "string", default: String(availableParallelism()) },
    library: { type: "string", default: productLibrary },
  },
});

const startedAt = performance.now();
const results = await runAll();
const failures = results.flatMap(({ failure }) => failure ?? []);
for (const failure of failures) await explain(failure);
summarise(results, failures.length);

async function runAll(): Promise<CheckResult[]> {
  const { library, path } = values;
  const runs = Number(values.runs);
  const seed =
    values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
  if (path !== undefined) return [await runShard({ library, runs, seed, path })];
  const threads = Math.max(1, Math.min(Number(values.threads), runs));
  const progress = Array.from({ length: threads }, () => 0);
  const stop = new AbortController();
  console.log(`Seed ${seed}, ${threads} thread(s).`);
  return Promise.all(
    progress.map((_, index) => {
      const share = Math.floor((runs + index) / threads);
      const onProgress = (done: number) => {
        progress[index] = done;
        if (done % 10_000 === 0) tell(progress.reduce((sum, part) => sum + part, 0));
      };
      const task = { library, runs: share, seed: seed + index };
      return runShard(task, { onProgress, signal: stop.signal });
    }),
  );
}

function tell(runs: number): void {
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`${runs} runs after ${seconds.toFixed(0)} s`);
}

/** Prints a failure, what happened in it, and how to see it again. */
async function explain({ violation, script, seed, path }: Failure): Promise<void> {
  const lines: string[] = [];
  await runScript(script, await loadSubject(new URL(values.library)), (line) => lines.push(line));
  console.log(`\n${lines.slice(-80).join("\n")}`);
  console.log(`\nViolation ${violation}\n${describeScript(script)}`);
  console.log(`Replay: npm run simulate -- --seed ${seed} --path ${path}\n`);
}

function summarise(all: readonly CheckResult[], violations: number): void {
  const runs = all.reduce((sum, each) => sum + each.runs, 0);
  const calls = all.reduce((sum, each) => sum + each.calls, 0);
  const seconds = (performance.now() - startedAt) / 1000;
  const each = `${(calls / Math.max(1, runs)).toFixed(0)} calls a run`;
  console.log(`${seconds.toFixed(0)} s, ${each}`);
  console.log(`${runs} runs, ${violations} violations`);
  process.exitCode = violations === 0 ? 0 : 1;
}
