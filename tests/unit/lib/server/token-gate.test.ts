import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createContextValues } from "@connectrpc/connect";
import { UserService } from "../../../../src/gen/user/v1/user_service_pb.ts";
import { createTokenGate, getPrincipal } from "../../../../src/lib/server/index.ts";
import type { Principal, TokenGate, TokenGateOptions } from "../../../../src/lib/server/index.ts";
import { enter } from "../../../support/server/gate-call.ts";
import { createManualClock } from "../../../support/server/manual-clock.ts";
import type { ManualClock } from "../../../support/server/manual-clock.ts";
import { readRefusal, refusalOf } from "../../../support/server/refusals.ts";
import {
  createTestKey,
  jwksOf,
  signToken,
  testAudience,
  testIssuer,
} from "../../../support/server/test-issuer.ts";
import type { TestKey, TokenChanges } from "../../../support/server/test-issuer.ts";

let key: TestKey;
let clock: ManualClock;

beforeAll(async () => {
  key = await createTestKey("key-1");
});

beforeEach(() => {
  clock = createManualClock();
});

describe("the principal", () => {
  it("holds what the token says, with times in milliseconds", async () => {
    const now = clock.now() / 1000;
    const claims = { scope: "users.read users.contact", acr: "phr", auth_time: now - 5, role: "x" };
    const principal = await enter(createGate(), await bearer({ claims }));
    expect(principal).toMatchObject({
      issuer: testIssuer,
      subject: "ada",
      clientId: "test-client",
      scopes: ["users.read", "users.contact"],
      acr: "phr",
      authTime: clock.now() - 5000,
      tokenId: "token-1",
      expiresAt: clock.now() + 300_000,
    });
    expect(principal?.claims["role"]).toBe("x");
  });

  it("is missed with an error that says why", () => {
    expect(() => getPrincipal(createContextValues())).toThrow(
      /public, or .* without the token gate/,
    );
  });
});

describe("several issuers", () => {
  it("each have their own keys", async () => {
    const other = await createTestKey("key-1");
    const gate = createGate({
      issuers: [
        { issuer: testIssuer, keys: () => jwksOf(key) },
        { issuer: "https://other.example", keys: () => jwksOf(other) },
      ],
    });
    const claims = { iss: "https://other.example" };
    const principal = await enter(
      gate,
      `Bearer ${await signToken(other, { claims }, clock.now())}`,
    );
    expect(principal?.issuer).toBe("https://other.example");
    const crossed = await refusalOf(enter(gate, await bearer({ claims })));
    expect(crossed.reason).toBe("ACCESS_TOKEN_INVALID");
  });

  it("in the same process have a rotated key accepted, and a removed one refused, at once", async () => {
    const next = await createTestKey("key-2");
    let jwks = jwksOf(key);
    const gate = createGate({ issuers: [{ issuer: testIssuer, keys: () => jwks }] });
    const token = await bearer();
    await enter(gate, token);
    jwks = jwksOf(next);
    expect((await refusalOf(enter(gate, token))).reason).toBe("ACCESS_TOKEN_INVALID");
    await enter(gate, `Bearer ${await signToken(next, {}, clock.now())}`);
  });

  it("in the same process that cannot give their keys make calls UNAVAILABLE", async () => {
    const keys = (): never => {
      throw new Error("The disk is full.");
    };
    const gate = createGate({ issuers: [{ issuer: testIssuer, keys }] });
    const refusal = await refusalOf(enter(gate, await bearer()));
    expect(refusal).toMatchObject({ code: "Unavailable", reason: "AUTHORITY_UNAVAILABLE" });
  });
});

describe("time", () => {
  it.each([
    ["exp", -29, true],
    ["exp", -30, false],
    ["nbf", 30, true],
    ["nbf", 31, false],
    ["iat", 30, true],
    ["iat", 31, false],
  ])("%s at %d seconds from now is accepted: %s", async (claim, offset, accepted) => {
    const claims = { [claim]: clock.now() / 1000 + offset };
    const entering = enter(createGate(), await bearer({ claims }));
    if (accepted) expect((await entering)?.subject).toBe("ada");
    else expect((await refusalOf(entering)).code).toBe("Unauthenticated");
  });

  it("is looked at again for a token that is remembered", async () => {
    const gate = createGate();
    const token = await bearer();
    await enter(gate, token);
    clock.advance(329_999);
    await enter(gate, token);
    clock.advance(1);
    expect((await refusalOf(enter(gate, token))).reason).toBe("ACCESS_TOKEN_EXPIRED");
  });

  it("is looked at again when the clock was set back", async () => {
    const gate = createGate();
    const token = await bearer({ claims: { nbf: clock.now() / 1000 } });
    await enter(gate, token);
    clock.jumpTo(clock.now() - 31_000);
    expect((await refusalOf(enter(gate, token))).reason).toBe("ACCESS_TOKEN_INVALID");
  });
});

describe("the deny list", () => {
  it("is asked at every call, with the principal", async () => {
    const asked: (string | undefined)[] = [];
    const revoked = new Set<string | undefined>();
    const gate = createGate({
      isRevoked: async ({ tokenId }: Principal) => {
        asked.push(tokenId);
        return await Promise.resolve(revoked.has(tokenId));
      },
    });
    const token = await bearer();
    await enter(gate, token);
    revoked.add("token-1");
    expect((await refusalOf(enter(gate, token))).reason).toBe("ACCESS_TOKEN_INVALID");
    expect(asked).toEqual(["token-1", "token-1"]);
  });

  it("that fails lets nobody in, and blames no token", async () => {
    const gate = createGate({ isRevoked: () => Promise.reject(new Error("no connection")) });
    expect(await refusalOf(enter(gate, await bearer()))).toMatchObject({
      code: "Unavailable",
      reason: "AUTHORITY_UNAVAILABLE",
      challenge: null,
    });
  });
});

describe("what is sent", () => {
  it("says nothing of the keys and of the cause", async () => {
    const gate = createGate();
    const forged = await signToken(await createTestKey("key-1"), {}, clock.now());
    const error: unknown = await enter(gate, `Bearer ${forged}`).catch((reason: unknown) => reason);
    if (!(error instanceof Error)) throw new Error("The call was let in.");
    expect(error.cause).toBeUndefined();
    const seen = JSON.stringify([error.message, readRefusal(error)]);
    expect(seen).not.toMatch(/JWS|JWT|jose|signature|key-1/i);
  });

  it("is a quoted realm, whatever the realm is", async () => {
    const gate = createGate({ realm: 'a "b" \\ \u2713' });
    const refusal = await refusalOf(enter(gate, undefined));
    expect(refusal.challenge).toBe(String.raw`Bearer realm="a \"b\" \\ ?"`);
  });
});

describe("a listener", () => {
  it("that throws lets nobody in and keeps nobody out", async () => {
    const gate = createGate({
      onEvent: () => {
        throw new Error("The log is full.");
      },
    });
    expect((await refusalOf(enter(gate, undefined))).reason).toBe("CREDENTIALS_MISSING");
    expect((await enter(gate, await bearer()))?.subject).toBe("ada");
  });
});

function createGate(options: Partial<TokenGateOptions> = {}): TokenGate {
  return createTokenGate({
    issuers: [{ issuer: testIssuer, keys: () => jwksOf(key) }],
    audience: testAudience,
    services: [UserService],
    clock,
    ...options,
  });
}

async function bearer(changes?: TokenChanges): Promise<string> {
  return `Bearer ${await signToken(key, changes, clock.now())}`;
}
