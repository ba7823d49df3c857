import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { UserService } from "../../src/gen/user/v1/user_service_pb.ts";
import { createTokenGate, errorDomain } from "../../src/lib/server/index.ts";
import type { GateEvent, TokenGateOptions } from "../../src/lib/server/index.ts";
import { protocols, startGateServer, unusedAddress } from "../support/server/gate-server.ts";
import type { GateServer } from "../support/server/gate-server.ts";
import { call, kinds, refusalOf } from "../support/server/refusals.ts";
import {
  createTestKey,
  jwksOf,
  signToken,
  testAudience,
  testIssuer,
} from "../support/server/test-issuer.ts";
import { defects } from "../support/server/token-defects.ts";
import type { Defect, DefectKeys } from "../support/server/token-defects.ts";

type GateName = NonNullable<Defect["gate"]> | "plain";

let keys: DefectKeys;
let servers: Readonly<Record<GateName, GateServer>>;
const events: GateEvent[] = [];

beforeAll(async () => {
  const trusted = await createTestKey("key-1");
  const stranger = await createTestKey("key-9");
  const impostor = await createTestKey("key-1");
  const unlisted = await createTestKey("key-2", "PS256");
  keys = { trusted, stranger, impostor, unlisted };
  const issuer = {
    issuer: testIssuer,
    algorithms: ["ES256", "RS256"],
    keys: () => jwksOf(trusted, unlisted),
  };
  const start = async (options: Partial<TokenGateOptions>): Promise<GateServer> =>
    await startGateServer(
      createTokenGate({
        issuers: [issuer],
        audience: testAudience,
        services: [UserService],
        isRevoked: (principal) => principal.tokenId === "revoked",
        onEvent: (event) => events.push(event),
        ...options,
      }),
    );
  const nobody = { issuer: testIssuer, jwksUri: `${await unusedAddress()}/jwks` };
  const stepUp = { acrValues: ["phr", "phrh"], maxAgeSeconds: 300 };
  servers = {
    plain: await start({}),
    "step-up": await start({ rules: { "user.v1.UserService/*": stepUp } }),
    "without keys": await start({ issuers: [nobody] }),
  };
});

afterAll(async () => {
  await Promise.all(Object.values(servers).map((server) => server.close()));
});

afterEach(() => {
  events.length = 0;
});

describe.each(protocols)("the gate, over %s", (protocol) => {
  describe.each(kinds)("for a %s call", (kind) => {
    it.each(defects)("refuses $name", async (defect) => {
      const server = servers[defect.gate ?? "plain"];
      const entriesBefore = server.entries;
      const authorization = await defect.authorization(keys);
      const refusal = await refusalOf(call(server.transport(protocol), kind, authorization));
      const { challenge = ', error="invalid_token"' } = defect;
      expect(refusal).toEqual({
        code: defect.code ?? "Unauthenticated",
        challenge: challenge === null ? null : `Bearer realm="${testAudience}"${challenge}`,
        reason: defect.reason ?? "ACCESS_TOKEN_INVALID",
        domain: errorDomain,
        facts: factsOf(challenge),
      });
      expect(server.entries).toBe(entriesBefore);
      expect(events.filter(isRefusal).map((event) => event.check)).toEqual([defect.check]);
    });

    it.each(["Bearer", "bearer", "BEARER", "Bearer  "])(
      "lets a good token in, with the scheme %j",
      async (scheme) => {
        const entriesBefore = servers.plain.entries;
        const token = await signToken(keys.trusted);
        await call(servers.plain.transport(protocol), kind, `${scheme} ${token}`);
        expect(servers.plain.entries).toBe(entriesBefore + 1);
        expect(events).toEqual([]);
      },
    );

    it("lets a new and strong sign-in through a step-up", async () => {
      const claims = { acr: "phrh", auth_time: Math.floor(Date.now() / 1000) - 10 };
      const token = await signToken(keys.trusted, { claims });
      await call(servers["step-up"].transport(protocol), kind, `Bearer ${token}`);
      expect(events).toEqual([]);
    });
  });
});

it("asks for at least twenty defects", () => {
  expect(new Set(defects.map((defect) => defect.name)).size).toBeGreaterThanOrEqual(20);
});

function isRefusal(event: GateEvent): event is Extract<GateEvent, { type: "refused" }> {
  return event.type === "refused";
}

/** What a client that cannot see the header finds in the ErrorInfo. */
function factsOf(challenge: string | null): Record<string, string> {
  const facts = [...(challenge ?? "").matchAll(/(scope|acr_values|max_age)="([^"]*)"/g)];
  return Object.fromEntries(facts.map(([, name, value]) => [name, value]));
}
