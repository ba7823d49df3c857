import { connect } from "node:http2";
import { createClient } from "@connectrpc/connect";
import type { HandlerContext } from "@connectrpc/connect";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { UserService } from "../../src/gen/user/v1/user_service_pb.ts";
import { createTokenGate, getPrincipal } from "../../src/lib/server/index.ts";
import { protocols, startGateServer } from "../support/server/gate-server.ts";
import type { GateServer, Protocol } from "../support/server/gate-server.ts";
import { createManualClock } from "../support/server/manual-clock.ts";
import type { ManualClock } from "../support/server/manual-clock.ts";
import { readRefusal } from "../support/server/refusals.ts";
import {
  createTestKey,
  jwksOf,
  signToken,
  testAudience,
  testIssuer,
} from "../support/server/test-issuer.ts";
import type { TestKey } from "../support/server/test-issuer.ts";
import { waitFor } from "../support/wait-for.ts";

const lifeMs = 300_000;
const skewMs = 30_000;
const day = 24 * 60 * 60_000;

let key: TestKey;
let clock: ManualClock;
let server: GateServer;
let watching: HandlerContext[];
let push: () => void;

beforeAll(async () => {
  key = await createTestKey("key-1");
});

beforeEach(async () => {
  clock = createManualClock();
  watching = [];
  const gate = createTokenGate({
    issuers: [{ issuer: testIssuer, keys: () => jwksOf(key) }],
    audience: testAudience,
    services: [UserService],
    clock,
  });
  server = await startGateServer(gate, {
    async *watchUser(context) {
      watching.push(context);
      while (!context.signal.aborted) {
        await new Promise<void>((resolve) => (push = resolve));
        yield { event: { case: "heartbeat", value: {} } };
      }
    },
  });
});

afterEach(async () => {
  await server.close();
});

describe.each(protocols)("a stream over %s", (protocol) => {
  it("ends when its token expires plus the skew, and says so", async () => {
    const stream = await watch(protocol);
    clock.advance(lifeMs + skewMs - 1);
    push();
    expect((await stream.next()).value?.event.case).toBe("heartbeat");
    const end = stream.next().catch((reason: unknown) => readRefusal(reason));
    clock.advance(1);
    expect(await end).toMatchObject({
      code: "Unauthenticated",
      reason: "ACCESS_TOKEN_EXPIRED",
      challenge: `Bearer realm="${testAudience}", error="invalid_token", error_description="The access token expired"`,
    });
  });

  it("ends the handler with it", async () => {
    await watch(protocol);
    const [context] = watching;
    expect(context?.signal.aborted).toBe(false);
    clock.advance(lifeMs + skewMs);
    expect(context?.signal.aborted).toBe(true);
    expect(readRefusal(context?.signal.reason).reason).toBe("ACCESS_TOKEN_EXPIRED");
  });

  it("shows its handler who is calling", async () => {
    await watch(protocol);
    const [context] = watching;
    if (context === undefined) throw new Error("No handler was called.");
    expect(getPrincipal(context.values).subject).toBe("ada");
  });

  it("leaves no timer behind when the client goes", async () => {
    const controller = new AbortController();
    const stream = await watch(protocol, controller.signal);
    expect(clock.timers).toBe(1);
    const end = stream.next().catch(() => undefined);
    controller.abort();
    await end;
    await waitFor(() => expect(clock.timers).toBe(0));
  });

  it("outlives the longest timer of Node", async () => {
    await watch(protocol, undefined, 30 * day);
    const [context] = watching;
    for (let i = 0; i < 30; i++) clock.advance(day);
    expect(context?.signal.aborted).toBe(false);
    clock.advance(skewMs);
    expect(context?.signal.aborted).toBe(true);
  });
});

it("a stream whose client never sends its request ends in the same way", async () => {
  const token = await signToken(key, {}, clock.now());
  const session = connect(server.baseUrl("gRPC"));
  const stream = session.request({
    ":method": "POST",
    ":path": "/user.v1.UserService/WatchUser",
    "content-type": "application/grpc",
    authorization: `Bearer ${token}`,
  });
  const status = new Promise<unknown>((resolve, reject) => {
    stream.on("trailers", (trailers) => resolve(trailers["grpc-status"]));
    stream.on("response", (headers) => {
      if (headers["grpc-status"] !== undefined) resolve(headers["grpc-status"]);
    });
    stream.on("error", reject);
  });
  stream.resume();
  await waitFor(() => expect(clock.timers).toBe(1));
  clock.advance(lifeMs + skewMs);
  expect(await status).toBe("16");
  expect(server.entries).toBe(0);
  expect(clock.timers).toBe(0);
  session.destroy();
});

/** Opens a stream, and reads its first message. */
async function watch(protocol: Protocol, signal?: AbortSignal, life: number = lifeMs) {
  const claims = { exp: (clock.now() + life) / 1000 };
  const token = await signToken(key, { claims }, clock.now());
  const client = createClient(UserService, server.transport(protocol));
  const options = { headers: { authorization: `Bearer ${token}` } };
  const messages = client.watchUser(
    { userId: "user123" },
    signal === undefined ? options : { ...options, signal },
  );
  const stream = messages[Symbol.asyncIterator]();
  expect((await stream.next()).value?.event.case).toBe("user");
  await waitFor(() => expect(watching).toHaveLength(1));
  return stream;
}
