import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserService } from "../../src/gen/user/v1/user_service_pb.ts";
import type { Fetch } from "../../src/lib/core/ports.ts";
import { createTokenGate } from "../../src/lib/server/index.ts";
import type { TokenGate } from "../../src/lib/server/index.ts";
import { enter } from "../support/server/gate-call.ts";
import { json, startJwksServer } from "../support/server/jwks-server.ts";
import type { JwksServer } from "../support/server/jwks-server.ts";
import { createManualClock } from "../support/server/manual-clock.ts";
import type { ManualClock } from "../support/server/manual-clock.ts";
import { refusalOf } from "../support/server/refusals.ts";
import { createTestKey, jwksOf, signToken, testAudience } from "../support/server/test-issuer.ts";
import type { TestKey } from "../support/server/test-issuer.ts";

let key: TestKey;
let clock: ManualClock;
let server: JwksServer;

beforeEach(async () => {
  key = await createTestKey("key-1");
  clock = createManualClock();
  server = await startJwksServer(json({}, 404));
});

afterEach(async () => {
  await server.close();
});

describe("the keys of an issuer of which only the name is known", () => {
  it.each([
    ["", "/.well-known/openid-configuration"],
    ["/", "/.well-known/openid-configuration"],
    ["/tenant", "/tenant/.well-known/openid-configuration"],
    ["/tenant", "/.well-known/oauth-authorization-server/tenant"],
  ])("are found for <host>%s through %s", async (path, address) => {
    const issuer = server.baseUrl + path;
    const gate = gateFor(issuer);
    server.behave((response, asked) => {
      if (asked === "/jwks") json(jwksOf(key))(response, asked);
      else if (asked === address) json({ issuer, jwks_uri: server.jwksUri })(response, asked);
      else json({}, 404)(response, asked);
    });
    expect((await enter(gate, await bearer(issuer)))?.issuer).toBe(issuer);
    expect(server.requests.slice(-2)).toEqual([address, "/jwks"]);
    clock.advance(11 * 60_000);
    await enter(gate, await bearer(issuer));
    expect(server.requests.slice(-2)).toEqual(["/jwks", "/jwks"]);
  });

  it("are looked for anew when they have moved", async () => {
    const issuer = server.baseUrl;
    const gate = gateFor(issuer);
    server.behave(moved(issuer, "/old"));
    await enter(gate, await bearer(issuer));
    server.behave(moved(issuer, "/new"));
    await expect(gate.reload()).rejects.toThrow("cannot be had");
    clock.advance(5000);
    await enter(gate, await bearer(issuer));
    expect(server.requests.at(-1)).toBe("/new");
  });

  it.each([
    ["belongs to another issuer", { issuer: "https://evil.example" }],
    ["names no keys", { jwks_uri: undefined }],
    ["names keys without TLS", { jwks_uri: "http://issuer.example/jwks" }],
  ])("are not taken from metadata that %s", async (_name, metadata) => {
    const issuer = server.baseUrl;
    server.behave((response, asked) => {
      const answer = { issuer, jwks_uri: server.jwksUri, ...metadata };
      json(asked === "/jwks" ? jwksOf(key) : answer)(response, asked);
    });
    const asked: string[] = [];
    const gate = gateFor(issuer, async (url, init) => {
      asked.push(String(url));
      return await fetch(url, init);
    });
    const refusal = await refusalOf(enter(gate, await bearer(issuer)));
    expect(refusal.code).toBe("Unavailable");
    expect(asked).toEqual([`${issuer}/.well-known/openid-configuration`]);
  });
});

function gateFor(issuer: string, fetchThrough: Fetch = fetch): TokenGate {
  return createTokenGate({
    issuers: [{ issuer }],
    audience: testAudience,
    services: [UserService],
    clock,
    fetch: fetchThrough,
  });
}

async function bearer(issuer: string): Promise<string> {
  return `Bearer ${await signToken(key, { claims: { iss: issuer } }, clock.now())}`;
}

/** An issuer whose keys are at `path` and nowhere else. */
function moved(issuer: string, path: string): Parameters<JwksServer["behave"]>[0] {
  return (response, asked) => {
    if (asked === path) json(jwksOf(key))(response, asked);
    else if (!asked.startsWith("/.well-known")) json({}, 404)(response, asked);
    else json({ issuer, jwks_uri: server.baseUrl + path })(response, asked);
  };
}
