import { parentPort, workerData } from "node:worker_threads";
import { clients } from "./clients.ts";
import { planDay, seeds } from "./day.ts";
import { runDay } from "./run-day.ts";
import type { DayFigures } from "./tally.ts";

const client = clients[workerData as number];
if (client === undefined) throw new Error("There is no such client.");
const days: DayFigures[] = [];
for (const seed of seeds) days.push(await runDay(client, planDay(seed)));
parentPort?.postMessage(days);
