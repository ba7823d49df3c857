import { ConnectError } from "@connectrpc/connect";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { UserService } from "../../src/gen/user/v1/user_service_pb.ts";
import { createTokenGate } from "../../src/lib/server/index.ts";
import type { GateEvent, IssuerOptions, TokenGate } from "../../src/lib/server/index.ts";
import { enter } from "../support/server/gate-call.ts";
import { json, silence, startJwksServer } from "../support/server/jwks-server.ts";
import type { JwksBehaviour, JwksServer } from "../support/server/jwks-server.ts";
import { createManualClock } from "../support/server/manual-clock.ts";
import type { ManualClock } from "../support/server/manual-clock.ts";
import { refusalOf } from "../support/server/refusals.ts";
import {
  createTestKey,
  jwksOf,
  signToken,
  testAudience,
  testIssuer,
} from "../support/server/test-issuer.ts";
import type { TestKey } from "../support/server/test-issuer.ts";
import { waitFor } from "../support/wait-for.ts";

const minute = 60_000;
const hour = 60 * minute;

let first: TestKey;
let second: TestKey;
let clock: ManualClock;
let jwks: JwksServer;
let gate: TokenGate;
let events: GateEvent[];
let lastId = 0;

beforeAll(async () => {
  first = await createTestKey("key-1");
  second = await createTestKey("key-2");
});

beforeEach(async () => {
  clock = createManualClock();
  jwks = await startJwksServer(json(jwksOf(first)));
  events = [];
  gate = gateFor({ issuer: testIssuer, jwksUri: jwks.jwksUri });
});

afterEach(async () => {
  await jwks.close();
});

describe("keys behind HTTP", () => {
  it("are fetched once for calls that come together, and once for all that follow", async () => {
    await Promise.all(Array.from({ length: 50 }, () => enterWith(first)));
    await enterWith(first);
    expect(jwks.requests).toEqual(["/jwks"]);
    expect(events).toEqual([{ type: "keys-loaded", issuer: testIssuer, keyCount: 1 }]);
  });

  it("are looked for in the background after five minutes, without a call that waits", async () => {
    await enterWith(first);
    jwks.behave(silence);
    clock.advance(6 * minute);
    await enterWith(first);
    await waitFor(() => expect(jwks.requests).toHaveLength(2));
    await enterWith(first);
    expect(jwks.requests).toHaveLength(2);
  });

  it("are waited for after ten minutes, so that a removed key is accepted no longer", async () => {
    await enterWith(first);
    jwks.behave(json(jwksOf(second)));
    clock.advance(10 * minute);
    await expectInvalid(first);
    await enterWith(second);
  });

  it("take the tokens with them that were verified before", async () => {
    const token = `Bearer ${await signToken(first, { claims: { exp: clock.now() / 1000 + 7200 } }, clock.now())}`;
    await enter(gate, token);
    await enter(gate, token);
    jwks.behave(json(jwksOf(second)));
    clock.advance(10 * minute);
    expect((await refusalOf(enter(gate, token))).reason).toBe("ACCESS_TOKEN_INVALID");
  });

  it("keep remembered tokens when they stay the same", async () => {
    await enterWith(first);
    clock.advance(11 * minute);
    await enterWith(first);
    expect(jwks.requests).toHaveLength(2);
    expect(events.filter((event) => event.type === "refused")).toEqual([]);
  });
});

describe("an issuer that rotates its keys", () => {
  it("has its new key accepted at once", async () => {
    await enterWith(first);
    jwks.behave(json(jwksOf(first, second)));
    await enterWith(second);
    await enterWith(first);
    expect(jwks.requests).toHaveLength(2);
  });

  it("is not asked again for every unknown key", async () => {
    await enterWith(first);
    for (let i = 0; i < 20; i++) await expectInvalid(second);
    expect(jwks.requests).toHaveLength(2);
    clock.advance(10_000);
    await expectInvalid(second);
    expect(jwks.requests).toHaveLength(3);
  });

  it("is asked once when many calls come with a new key together", async () => {
    await enterWith(first);
    jwks.behave(json(jwksOf(first, second)));
    await Promise.all(Array.from({ length: 20 }, () => enterWith(second)));
    expect(jwks.requests).toHaveLength(2);
  });

  it("may publish one kid twice", async () => {
    const twin = await createTestKey("key-1");
    jwks.behave(json(jwksOf(twin, first)));
    await enterWith(first);
    await enterWith(twin);
    const impostor = await createTestKey("key-1");
    await expectInvalid(impostor);
  });

  it("may publish a private key and a symmetric one, which count for nothing", async () => {
    const symmetric = { kty: "oct", k: "c2VjcmV0", kid: "key-1", alg: "HS256" };
    const secret = { ...second.publicJwk, d: "c2VjcmV0" };
    jwks.behave(json({ keys: [symmetric, secret, first.publicJwk] }));
    await enterWith(first);
    await expectInvalid(second);
  });
});

const failures: readonly (readonly [string, JwksBehaviour, RegExp])[] = [
  ["answers 404", json({ error: "not_found" }, 404), /status 404/],
  ["answers 503", json({}, 503), /status 503/],
  ["cuts the connection", (response) => response.destroy(), /./],
  ["answers with a web page", (response) => response.end("<html>"), /./],
  ["answers with something else", json({ error: "none" }), /no JWK Set/],
  ["answers with keys that are none", json({ keys: [null] }), /malformed/],
  [
    "answers with 5 MB",
    (response) => response.end("x".repeat(5 * 1024 * 1024)),
    /more than 524288/,
  ],
  ["answers with a thousand keys", manyKeys, /more than 100 keys/],
  ["redirects", redirectToKeys, /status 302/],
];

describe.each(failures)("an issuer that %s", (_name, behaviour, message) => {
  it("makes calls UNAVAILABLE, not UNAUTHENTICATED, and is left alone for five seconds", async () => {
    jwks.behave(behaviour);
    for (let i = 0; i < 10; i++) await expectUnavailable(first);
    expect(jwks.requests).toEqual(["/jwks"]);
    clock.advance(1500);
    const error = ConnectError.from(await enterWith(first).catch((reason: unknown) => reason));
    expect(error.metadata.get("retry-after")).toBe("4");
    const failed = events.find((event) => event.type === "keys-failed");
    expect(failed?.message).toMatch(message);
    jwks.behave(json(jwksOf(first)));
    clock.advance(3500);
    await enterWith(first);
  });

  it("does not matter for an hour to keys that were had before", async () => {
    await enterWith(first);
    jwks.behave(behaviour);
    clock.advance(10 * minute);
    for (let i = 0; i < 10; i++) await enterWith(first);
    expect(jwks.requests).toHaveLength(2);
    clock.advance(59 * minute);
    await enterWith(first);
    clock.advance(minute);
    await expectUnavailable(first);
  });

  it("makes calls with an unknown key UNAVAILABLE, for the key may be new", async () => {
    await enterWith(first);
    jwks.behave(behaviour);
    await expectUnavailable(second);
    await enterWith(first);
  });
});

describe("an issuer that does not answer", () => {
  it("is given up after five seconds", async () => {
    jwks.behave(silence);
    const refusal = refusalOf(enterWith(first));
    await waitFor(() => expect(jwks.requests).toHaveLength(1));
    clock.advance(5000);
    expect((await refusal).code).toBe("Unavailable");
    expect(clock.timers).toBe(0);
  });

  it("is given up when it stops in the middle", async () => {
    jwks.behave((response) => response.writeHead(200).write('{"keys":['));
    const refusal = refusalOf(enterWith(first));
    await waitFor(() => expect(jwks.requests).toHaveLength(1));
    clock.advance(5000);
    expect((await refusal).code).toBe("Unavailable");
  });

  it("holds a call no longer than the call itself has time", async () => {
    jwks.behave(silence);
    const controller = new AbortController();
    const entering = enterWith(first, controller.signal);
    await waitFor(() => expect(jwks.requests).toHaveLength(1));
    controller.abort(new Error("The deadline has passed."));
    await expect(entering).rejects.toThrow("The deadline has passed.");
  });
});

describe("an emergency reload", () => {
  it("forgets a removed key and the tokens it signed, at once", async () => {
    const token = `Bearer ${await signToken(first, {}, clock.now())}`;
    await enter(gate, token);
    jwks.behave(json(jwksOf(second)));
    await enter(gate, token);
    await gate.reload();
    expect((await refusalOf(enter(gate, token))).reason).toBe("ACCESS_TOKEN_INVALID");
  });

  it("lets nobody in on old keys when there are no new ones", async () => {
    await enterWith(first);
    jwks.behave(json({}, 503));
    await expect(gate.reload()).rejects.toThrow("keys of the issuer");
    await expectUnavailable(first);
  });

  it("does not use what was requested before it", async () => {
    const waiting: (() => void)[] = [];
    jwks.behave((response, path) => waiting.push(() => json(jwksOf(first))(response, path)));
    const entering = refusalOf(enterWith(first));
    await waitFor(() => expect(waiting).toHaveLength(1));
    jwks.behave(json(jwksOf(second)));
    await gate.reload();
    waiting[0]?.();
    expect((await entering).reason).toBe("ACCESS_TOKEN_INVALID");
    await expectInvalid(first);
  });
});

function gateFor(issuer: IssuerOptions): TokenGate {
  return createTokenGate({
    issuers: [issuer],
    audience: testAudience,
    services: [UserService],
    clock,
    onEvent: (event) => events.push(event),
  });
}

/** Calls with a token that the gate has never seen. */
async function enterWith(key: TestKey, signal?: AbortSignal): Promise<void> {
  lastId += 1;
  const claims = { jti: `token-${lastId}`, exp: (clock.now() + hour) / 1000 };
  const token = await signToken(key, { claims }, clock.now());
  await enter(gate, `Bearer ${token}`, signal === undefined ? {} : { signal });
}

async function expectInvalid(key: TestKey): Promise<void> {
  const { code, reason } = await refusalOf(enterWith(key));
  expect({ code, reason }).toEqual({ code: "Unauthenticated", reason: "ACCESS_TOKEN_INVALID" });
}

async function expectUnavailable(key: TestKey): Promise<void> {
  const refusal = await refusalOf(enterWith(key));
  expect(refusal).toMatchObject({ code: "Unavailable", reason: "AUTHORITY_UNAVAILABLE" });
  expect(refusal.challenge).toBeNull();
}

function manyKeys(...args: Parameters<JwksBehaviour>): void {
  json({ keys: Array.from({ length: 1000 }, (_, id) => ({ kty: "EC", kid: `${id}` })) })(...args);
}

function redirectToKeys(response: Parameters<JwksBehaviour>[0], path: string): void {
  if (path === "/jwks") response.writeHead(302, { location: "/elsewhere" }).end();
  else json(jwksOf(first))(response, path);
}
