import { createClient, createHandlerContext } from "@connectrpc/connect";
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
import { median, summarise } from "./bench-result.ts";
import type { BenchResult } from "./bench-result.ts";

const rounds = 25;
// Short rounds and many of them: what else the machine does then hits both sides alike.
const throughputRounds = 101;
const callsPerRound = 150;
const callsAtOnce = 32;

/** What the token gate costs a server: in calls per second, and for one token. */
export async function bench(): Promise<readonly BenchResult[]> {
  const key = await createTestKey("key-1");
  const throughput = await measureThroughput(key);
  return [...throughput, await measureRemembered(key), await measureVerified(key)];
}

async function measureThroughput(key: TestKey): Promise<readonly BenchResult[]> {
  const open = await startGateServer(undefined);
  const gated = await startGateServer(gateFor(key));
  const authorization = `Bearer ${await signToken(key)}`;
  const callOpen = caller(open, authorization);
  const callGated = caller(gated, authorization);
  const off: number[] = [];
  const on: number[] = [];
  try {
    for (let round = -6; round < throughputRounds; round++) {
      // Interleaved, and each first in turn: a busy machine slows both.
      const gatedFirst = round % 2 === 0 ? await callsPerSecond(callGated) : undefined;
      const openValue = await callsPerSecond(callOpen);
      const gatedValue = gatedFirst ?? (await callsPerSecond(callGated));
      if (round < 0) continue;
      off.push(openValue);
      on.push(gatedValue);
    }
  } finally {
    await Promise.all([open.close(), gated.close()]);
  }
  const peer = "the same server with the gate off";
  const shares = on.map((value, round) => value / (off[round] ?? Number.NaN));
  const ratio = median(shares);
  const lost = summarise(shares.map((share) => Math.max(0, 1 - share) * 100));
  const unit = "calls/s";
  return [
    { name: "GetUser with the gate (gRPC, h2c)", unit, peer, ratio, ...summarise(on) },
    { name: "GetUser without the gate (gRPC, h2c)", unit, ...summarise(off) },
    { name: "throughput that the gate costs", unit: "%", atMost: 10, ...lost },
  ];
}

function caller(server: GateServer, authorization: string): () => Promise<unknown> {
  const client = createClient(UserService, server.transport("gRPC"));
  const options = { headers: { authorization } };
  return async () => await client.getUser({ userId: "user123" }, options);
}

async function callsPerSecond(call: () => Promise<unknown>): Promise<number> {
  let left = callsPerRound;
  async function work(): Promise<void> {
    while (left-- > 0) await call();
  }
  const started = performance.now();
  await Promise.all(Array.from({ length: callsAtOnce }, work));
  return callsPerRound / ((performance.now() - started) / 1000);
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
  for (let round = -1; round < rounds; round++) {
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
