import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { JSONWebKeySet } from "jose";
import { median, summarise } from "../bench-result.ts";
import type { BenchResult } from "../bench-result.ts";
import type { Round } from "./load.ts";
import type { ServerOrder } from "./server.ts";

const callsPerRound = 1000;
const callsAtOnce = 32;
const warmUpRounds = 4;
const rounds = 8;

/** What a server did in one round. */
interface Served {
  readonly callsPerSecond: number;
  readonly cpuMicroseconds: number;
}

/** A server in a process of its own. */
interface Server {
  readonly process: ChildProcess;
  readonly url: string;
}

/** Calls to servers with the gate and to such without, in turn. */
export async function measureThroughput(
  jwks: JSONWebKeySet,
  authorization: string,
  pairs: number,
): Promise<readonly BenchResult[]> {
  const off: Served[] = [];
  const on: Served[] = [];
  const load = fork(new URL("load.ts", import.meta.url));
  try {
    // How fast a process is depends on what it happened to compile, and how its heap grew.
    for (let pair = 0; pair < pairs; pair++) {
      const [open, gated] = await Promise.all([startServer(undefined), startServer(jwks)]);
      for (let round = -warmUpRounds; round < rounds; round++) {
        // Each first in turn: a busy machine slows both.
        const gatedFirst = round % 2 === 0 ? await serve(load, gated, authorization) : undefined;
        const openServed = await serve(load, open, authorization);
        const gatedServed = gatedFirst ?? (await serve(load, gated, authorization));
        if (round < 0) continue;
        off.push(openServed);
        on.push(gatedServed);
      }
      for (const { process } of [open, gated]) process.kill();
    }
  } finally {
    load.kill();
  }
  return throughputLines(on, off);
}

async function startServer(jwks: JSONWebKeySet | undefined): Promise<Server> {
  const child = fork(new URL("server.ts", import.meta.url));
  return { process: child, url: await ask<string>(child, { type: "start", jwks }) };
}

async function serve(load: ChildProcess, server: Server, authorization: string): Promise<Served> {
  const { url } = server;
  const before = await ask<NodeJS.CpuUsage>(server.process, { type: "cpu" });
  const started = performance.now();
  const round: Round = { url, authorization, calls: callsPerRound, atOnce: callsAtOnce };
  const answer = await ask<{ ok: boolean; error?: string }>(load, round);
  if (!answer.ok) throw new Error(answer.error);
  const seconds = (performance.now() - started) / 1000;
  const after = await ask<NodeJS.CpuUsage>(server.process, { type: "cpu" });
  const microseconds = after.user + after.system - before.user - before.system;
  return {
    callsPerSecond: callsPerRound / seconds,
    cpuMicroseconds: microseconds / callsPerRound,
  };
}

async function ask<Answer>(child: ChildProcess, order: ServerOrder | Round): Promise<Answer> {
  const answered = once(child, "message") as Promise<[Answer]>;
  child.send(order);
  return (await answered)[0];
}

function throughputLines(on: readonly Served[], off: readonly Served[]): readonly BenchResult[] {
  const cpu = (served: readonly Served[]) => served.map(({ cpuMicroseconds }) => cpuMicroseconds);
  const calls = (served: readonly Served[]) => served.map(({ callsPerSecond }) => callsPerSecond);
  const peer = "the same server with the gate off";
  const ratio = (of: typeof cpu) => median(of(on)) / median(of(off));
  // A server whose processor is busy answers one call in the time that a call takes of it.
  const lost = cpu(on).map((value, round) => 100 * (1 - (cpu(off)[round] ?? Number.NaN) / value));
  return [
    {
      name: "a GetUser with the gate (gRPC, h2c)",
      unit: "µs CPU",
      peer,
      ratio: ratio(cpu),
      ...summarise(cpu(on)),
    },
    { name: "a GetUser without the gate (gRPC, h2c)", unit: "µs CPU", ...summarise(cpu(off)) },
    {
      name: "calls with the gate, from another process",
      unit: "calls/s",
      peer,
      ratio: ratio(calls),
      ...summarise(calls(on)),
    },
    {
      name: "throughput that the gate costs",
      unit: "%",
      atMost: 10,
      ...summarise(lost),
      value: 100 * (1 - median(cpu(off)) / median(cpu(on))),
    },
  ];
}
