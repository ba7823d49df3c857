import { createLocalJWKSet, errors as joseErrors, jwtVerify } from "jose";
import type { JSONWebKeySet, JWTPayload } from "jose";
import { invalidGrant } from "./verify-assertion.ts";

/** An access token of this issuer, verified. */
export interface OwnToken {
  readonly subject: string;
  readonly clientId: string;
  readonly scope: string | undefined;
  /** Epoch seconds. */
  readonly expiresAt: number;
  readonly claims: JWTPayload;
}

/** What a token of ours is checked against. */
export interface OwnTokenRules {
  readonly url: string;
  readonly apiResource: string;
  readonly keys: { publicKeys(): JSONWebKeySet };
  readonly nowMs: () => number;
}

/**
 * Verifies an access token as its resource server would (RFC 9068 §4), `label` naming it in errors.
 *
 * @throws errors.OIDCProviderError `invalid_grant`
 */
export async function verifyOwnToken(
  rules: OwnTokenRules,
  token: string,
  label: string,
): Promise<OwnToken> {
  const claims = await verify(rules, token, label);
  const { sub, exp, client_id: clientId, scope } = claims;
  if (sub === undefined || exp === undefined || typeof clientId !== "string") {
    throw invalidGrant(`the ${label} lacks sub, exp or client_id`);
  }
  return {
    subject: sub,
    clientId,
    scope: typeof scope === "string" ? scope : undefined,
    expiresAt: exp,
    claims,
  };
}

async function verify(rules: OwnTokenRules, token: string, label: string): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet(rules.keys.publicKeys()), {
      algorithms: ["RS256"],
      typ: "at+jwt",
      issuer: rules.url,
      audience: rules.apiResource,
      currentDate: new Date(rules.nowMs()),
    });
    return payload;
  } catch (error) {
    if (error instanceof joseErrors.JWTExpired) throw invalidGrant(`the ${label} has expired`);
    if (error instanceof joseErrors.JOSEError) {
      throw invalidGrant(`the ${label} is not an access token of this issuer`);
    }
    throw error;
  }
}
