import { createHandlerContext } from "@connectrpc/connect";
import type { JSONWebKeySet } from "jose";
import { UserService } from "../../src/gen/user/v1/user_service_pb.ts";
import type { TokenGate } from "../../src/lib/server/index.ts";
import { createTestKey, jwksOf, signToken } from "../support/server/test-issuer.ts";
import { summarise } from "./bench-result.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { gateFor } from "./server-gate/gate.ts";
import { measureThroughput } from "./server-gate/throughput.ts";

const cpuRounds = 25;
const serverPairs = 9;

/** What the token gate costs a server: in calls per second, and for one token. */
export async function bench({ quick }: BenchOptions): Promise<readonly BenchResult[]> {
  const key = await createTestKey("key-1");
  const jwks = jwksOf(key);
  const token = await signToken(key);
  return [
    ...(await measureThroughput(jwks, `Bearer ${token}`, quick ? 2 : serverPairs)),
    await measureRemembered(jwks, token),
    await measureVerified(jwks, token),
  ];
}

async function measureRemembered(jwks: JSONWebKeySet, token: string): Promise<BenchResult> {
  const times = await cpuTimes(gateFor(jwks), token, 5000);
  const name = "the gate, for a token that is remembered";
  return { name, unit: "µs", atMost: 20, ...summarise(times) };
}

async function measureVerified(jwks: JSONWebKeySet, token: string): Promise<BenchResult> {
  const times = await cpuTimes(gateFor(jwks, 0), token, 200);
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
