import { beforeAll, expect, it } from "vitest";
import { UserService } from "../../../../src/gen/user/v1/user_service_pb.ts";
import { createTokenGate } from "../../../../src/lib/server/index.ts";
import type { GateEvent } from "../../../../src/lib/server/index.ts";
import { enter } from "../../../support/server/gate-call.ts";
import { createManualClock } from "../../../support/server/manual-clock.ts";
import { refusalOf } from "../../../support/server/refusals.ts";
import {
  createTestKey,
  jwksOf,
  signToken,
  testAudience,
  testIssuer,
} from "../../../support/server/test-issuer.ts";
import type { TestKey } from "../../../support/server/test-issuer.ts";

const clock = createManualClock();
const past = clock.now() / 1000 - 3600;

/** Each defect together with all that follow it; RFC 9068, section 4, has them in this order. */
const order = [
  ["typ", { header: { typ: "JWT" } }],
  ["iss", { claims: { iss: "https://evil.example" } }],
  ["aud", { claims: { aud: "urn:other" } }],
  ["signature", { forged: true }],
  ["exp", { claims: { exp: past } }],
  ["claims", { claims: { jti: undefined } }],
  ["cnf", { claims: { cnf: {} } }],
  ["revocation", { claims: { sub: "revoked" } }],
  ["scope", { claims: { scope: "" } }],
  ["auth_time", { claims: { auth_time: past } }],
] as const;

let trusted: TestKey;
let impostor: TestKey;

beforeAll(async () => {
  trusted = await createTestKey("key-1");
  impostor = await createTestKey("key-1");
});

it.each(order.map(([check], index) => [check, index] as const))(
  "looks at %s before all that comes after it",
  async (check, index) => {
    const defects: readonly { header?: object; claims?: object; forged?: boolean }[] = order
      .slice(index)
      .map((entry) => entry[1]);
    const header = Object.assign({}, ...defects.map((defect) => defect.header));
    const claims = Object.assign({}, ...defects.map((defect) => defect.claims));
    const key = defects.some((defect) => defect.forged) ? impostor : trusted;
    const token = await signToken(key, { header, claims }, clock.now());
    const events: GateEvent[] = [];
    const gate = createTokenGate({
      issuers: [{ issuer: testIssuer, keys: () => jwksOf(trusted) }],
      audience: testAudience,
      services: [UserService],
      rules: { "user.v1.UserService/*": { maxAgeSeconds: 300 } },
      isRevoked: (principal) => principal.subject === "revoked",
      onEvent: (event) => events.push(event),
      clock,
    });
    await refusalOf(enter(gate, `Bearer ${token}`));
    expect(events).toMatchObject([{ type: "refused", check }]);
  },
);
