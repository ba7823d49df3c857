import type { JSONWebKeySet } from "jose";
import { UserService } from "../../../src/gen/user/v1/user_service_pb.ts";
import { createTokenGate } from "../../../src/lib/server/index.ts";
import type { TokenGate } from "../../../src/lib/server/index.ts";
import { testAudience, testIssuer } from "../../support/server/test-issuer.ts";

/** The gate that is measured; 0 remembered tokens verify each anew. */
export function gateFor(jwks: JSONWebKeySet, rememberedTokens = 10_000): TokenGate {
  return createTokenGate({
    issuers: [{ issuer: testIssuer, keys: () => jwks }],
    audience: testAudience,
    services: [UserService],
    rememberedTokens,
  });
}
