import { parentPort, workerData } from "node:worker_threads";
import { check } from "./check.ts";
import type { CheckOptions, CheckResult } from "./check.ts";
import { loadSubject } from "./subject.ts";

/** What one thread is to do. */
export interface ShardTask extends Omit<CheckOptions, "onProgress"> {
  /** The folder of the code to simulate, as an address; it ends in a slash. */
  readonly library: string;
}

/** What a thread says: how far it is, and at last what came of it. */
export type ShardMessage =
  | { readonly type: "progress"; readonly runs: number }
  | { readonly type: "done"; readonly result: CheckResult };

// Nobody reads the stacks of a million errors, and they cost a fifth of the time.
Error.stackTraceLimit = 0;

const { library, ...options } = workerData as ShardTask;
const say = (message: ShardMessage) => parentPort?.postMessage(message);
const subject = await loadSubject(new URL(library));
const result = await check(subject, {
  ...options,
  onProgress: (runs) => say({ type: "progress", runs }),
});
say({ type: "done", result });
