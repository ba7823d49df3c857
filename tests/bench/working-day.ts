import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { summarise } from "./bench-result.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { clients } from "./working-day/clients.ts";
import type { Client } from "./working-day/client.ts";
import { seeds } from "./working-day/day.ts";
import { createReport, writeReport } from "./working-day/report.ts";
import type { DayFigures } from "./working-day/tally.ts";

const units: Readonly<Record<Exclude<keyof DayFigures, "calls">, string>> = {
  avoidableFailures: "calls",
  failedCalls: "calls",
  waitingCalls: "calls",
  tokenRequests: "requests",
  signOuts: "sign-outs",
  longestGapSeconds: "s",
};

/**
 * Ten working days of three tabs, on virtual time, for this library and for
 * what else people use. The same on every machine.
 */
export async function bench(options: BenchOptions): Promise<readonly BenchResult[]> {
  const figures = new Map<Client, readonly DayFigures[]>();
  const left = [...clients.entries()];
  async function work(): Promise<void> {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, client] = next;
      figures.set(client, await runInWorker(index));
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  const report = createReport(clients.map((client) => [client, figures.get(client) ?? []]));
  console.log(report);
  if (options.write) writeReport(report);
  return clients.flatMap((client) => rows(client, figures.get(client) ?? []));
}

function rows(client: Client, days: readonly DayFigures[]): readonly BenchResult[] {
  return (Object.keys(units) as (keyof typeof units)[]).map((figure) => {
    const values = days.map((day) => day[figure]);
    const longest = figure === "longestGapSeconds";
    const value = longest ? Math.max(...values) : values.reduce((sum, each) => sum + each, 0);
    const promised = figure === "avoidableFailures" || figure === "signOuts";
    return {
      name: `${seeds.length} working days, ${client.name} (${client.configuration}): ${figure}`,
      value,
      unit: units[figure],
      spread: summarise(values).spread,
      ...(promised && client === clients[0] ? { atMost: 0 } : {}),
    };
  });
}

/** Each client has a thread with globals and timers of its own. */
function runInWorker(index: number): Promise<readonly DayFigures[]> {
  return new Promise((resolve, reject) => {
    const url = new URL("working-day/worker.ts", import.meta.url);
    const worker = new Worker(url, { workerData: index });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`A day ended early, with code ${code}.`)));
  });
}
