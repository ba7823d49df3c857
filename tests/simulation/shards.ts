import { Worker } from "node:worker_threads";
import type { CheckResult } from "./check.ts";
import type { ShardMessage, ShardTask } from "./shard.ts";

/** The product's own code. */
export const productLibrary = new URL("../../src/lib/", import.meta.url).href;

/** Runs one shard in a thread of its own; rejects when the thread breaks down. */
export function runShard(
  task: ShardTask,
  options: { readonly onProgress?: (runs: number) => void; readonly signal?: AbortSignal } = {},
): Promise<CheckResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./shard.ts", import.meta.url), { workerData: task });
    const stop = () => void worker.terminate();
    options.signal?.addEventListener("abort", stop, { once: true });
    worker.on("message", (message: ShardMessage) => {
      if (message.type === "progress") options.onProgress?.(message.runs);
      else resolve(message.result);
    });
    worker.on("error", reject);
    worker.on("exit", (code) =>
      reject(new Error(`The thread ended with ${code}, without a result.`)),
    );
  });
}
