import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createHandlerContext } from "@connectrpc/connect";
import { UserService } from "../../src/gen/user/v1/user_service_pb.ts";
import { createTokenGate } from "../../src/lib/server/index.ts";
import type { TokenGate } from "../../src/lib/server/index.ts";
import { startGateServer } from "../support/server/gate-server.ts";
import type { GateServer } from "../support/server/gate-server.ts";
import {
  createTestKey,
  jwksOf,
  signToken,
  testAudience,
  testIssuer,
} from "../support/server/test-issuer.ts";
import type { TestKey } from "../support/server/test-issuer.ts";
import { median, quantile, summarise } from "./bench-result.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import type { Round } from "./server-gate/load.ts";

const cpuRounds = 25;
// Short rounds and many of them: what else the machine does then hits both sides alike.
const throughputRounds = 101;
const callsPerRound = 300;
const callsAtOnce = 32;

/** What the token gate costs a server: in calls per second, and for one token. */
export async function bench({ quick }: BenchOptions): Promise<readonly BenchResult[]> {
  const key = await createTestKey("key-1");
  const throughput = await measureThroughput(key, quick ? 15 : throughputRounds);
  return [...throughput, await measureRemembered(key), await measureVerified(key)];
}

async function measureThroughput(key: TestKey, rounds: number): Promise<readonly BenchResult[]> {
  const open = await startGateServer(undefined);
  const gated = await startGateServer(gateFor(key));
  const load = fork(new URL("server-gate/load.ts", import.meta.url));
  const authorization = `Bearer ${await signToken(key)}`;
  const off: Served[] = [];
  const on: Served[] = [];
  try {
    for (let round = -6; round < rounds; round++) {
      // Interleaved, and each first in turn: a busy machine slows both.
      const gatedFirst = round % 2 === 0 ? await serve(load, gated, authorization) : undefined;
      const openServed = await serve(load, open, authorization);
      const gatedServed = gatedFirst ?? (await serve(load, gated, authorization));
      if (round < 0) continue;
      off.push(openServed);
      on.push(gatedServed);
    }
  } finally {
    load.kill();
    await Promise.all([open.close(), gated.close()]);
  }
  return throughputLines(on, off);
}

/** What a server did in one round. */
interface Served {
  readonly callsPerSecond: number;
  readonly cpuMicroseconds: number;
}

/** This process is only the server, so its processor time is what a call costs it. */
async function serve(
  load: ChildProcess,
  server: GateServer,
  authorization: string,
): Promise<Served> {
  const round: Round = {
    url: server.baseUrl("gRPC"),
    authorization,
    calls: callsPerRound,
    atOnce: callsAtOnce,
  };
  const before = process.cpuUsage();
  const started = performance.now();
  const ended = once(load, "message");
  load.send(round);
  const [answer] = (await ended) as [{ ok: boolean; error?: string }];
  if (!answer.ok) throw new Error(answer.error);
  const { user, system } = process.cpuUsage(before);
  return {
    callsPerSecond: callsPerRound / ((performance.now() - started) / 1000),
    cpuMicroseconds: (user + system) / callsPerRound,
  };
}

function throughputLines(on: readonly Served[], off: readonly Served[]): readonly BenchResult[] {
  const cpu = (served: readonly Served[]) => served.map(({ cpuMicroseconds }) => cpuMicroseconds);
  const calls = (served: readonly Served[]) => served.map(({ callsPerSecond }) => callsPerSecond);
  // A server whose processor is busy answers one call in the time that a call takes of it.
  const lost = cpu(on).map((value, round) => 100 * (1 - (cpu(off)[round] ?? Number.NaN) / value));
  // What else a machine does only ever adds: the faster rounds tell of the server alone.
  const value = 100 * (1 - quantile(cpu(off), 0.25) / quantile(cpu(on), 0.25));
  const peer = "the same server with the gate off";
  const ratio = (of: typeof cpu) => median(of(on)) / median(of(off));
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
    { name: "throughput that the gate costs", unit: "%", atMost: 10, ...summarise(lost), value },
  ];
}

async function measureRemembered(key: TestKey): Promise<BenchResult> {
  const times = await cpuTimes(gateFor(key), await signToken(key), 5000);
  const name = "the gate, for a token that is remembered";
  return { name, unit: "µs", atMost: 20, ...summarise(times) };
}

async function measureVerified(key: TestKey): Promise<BenchResult> {
  const times = await cpuTimes(gateFor(key, 0), await signToken(key), 200);
  return { name: "the gate, for a new token (ES256)", unit: "µs", ...summarise(times) };
}

/** Microseconds of this process's CPU for each call, so that other processes do not count. */
async function cpuTimes(gate: TokenGate, token: string, count: number): Promise<readonly number[]> {
  const context = contextWith(token);
  const times: number[] = [];
  for (let round = -1; round < cpuRounds; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < count; i++) await gate.requestGate(context);
    const { user, system } = process.cpuUsage(before);
    if (round >= 0) times.push((user + system) / count);
  }
  return times;
}

function gateFor(key: TestKey, rememberedTokens = 10_000): TokenGate {
  const jwks = jwksOf(key);
  return createTokenGate({
    issuers: [{ issuer: testIssuer, keys: () => jwks }],
    audience: testAudience,
    services: [UserService],
    rememberedTokens,
  });
}

function contextWith(token: string): Parameters<TokenGate["requestGate"]>[0] {
  const method = UserService.method.getUser;
  return createHandlerContext({
    service: UserService,
    method,
    protocolName: "grpc",
    requestMethod: "POST",
    url: `http://localhost/${UserService.typeName}/${method.name}`,
    requestHeader: { authorization: `Bearer ${token}` },
  });
}
