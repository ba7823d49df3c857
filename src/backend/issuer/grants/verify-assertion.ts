import { decodeJwt, decodeProtectedHeader, errors as joseErrors, importJWK, jwtVerify } from "jose";
import type { JWK, JWTPayload } from "jose";
import { errors } from "oidc-provider";
import type { Trust, TrustStore } from "./trust-store.ts";

const ALGORITHMS = ["RS256", "PS256", "ES256"];
const SKEW_SECONDS = 5;
const MAX_LIFETIME_SECONDS = 3_600;

/** An assertion that passed every check but the one of its single use. */
export interface VerifiedAssertion {
  readonly issuer: string;
  readonly subject: string;
  /** The `jti`. */
  readonly id: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
  readonly trust: Trust;
}

/** What an assertion is checked against. */
export interface AssertionRules {
  readonly trust: TrustStore;
  /** Values of `aud` that mean this server: its issuer identifier and its token endpoint. */
  readonly audiences: readonly string[];
  readonly nowMs: () => number;
}

/**
 * Checks an assertion as RFC 7523 §3 demands, and more strictly where it leaves a choice: `iat` and `jti` are required,
 * and it may live for one hour at most.
 *
 * @throws errors.OIDCProviderError `invalid_grant`, saying which check failed
 */
export async function verifyAssertion(
  rules: AssertionRules,
  assertion: string,
): Promise<VerifiedAssertion> {
  const { kid, iss, sub } = peek(assertion);
  const trust = rules.trust.find(iss, sub);
  const candidates = (trust?.keys ?? []).filter((key) => kid === undefined || key.kid === kid);
  if (trust === undefined || candidates.length === 0) {
    throw invalidGrant(
      "no key is known for the issuer, the subject and the key id of the assertion",
    );
  }
  const claims = await verifyWithAny(rules, assertion, candidates);
  const { id, expiresAt } = checkTimes(claims, rules.nowMs() / 1000);
  return { issuer: iss, subject: sub, id, expiresAt, trust };
}

/** An `invalid_grant` whose description is shown: whoever gets it has authenticated as a client. */
export function invalidGrant(description: string): errors.OIDCProviderError {
  return new errors.CustomOIDCProviderError("invalid_grant", description);
}

/** Reads what is needed to choose a key. Nothing of it is believed until the signature is verified. */
function peek(assertion: string): { kid: string | undefined; iss: string; sub: string } {
  const { kid, iss, sub } = decode(assertion);
  if (typeof iss !== "string" || iss === "") throw invalidGrant("the assertion has no iss");
  if (typeof sub !== "string" || sub === "") throw invalidGrant("the assertion has no sub");
  return { kid, iss, sub };
}

function decode(assertion: string) {
  try {
    const { kid } = decodeProtectedHeader(assertion);
    const { iss, sub } = decodeJwt(assertion);
    return { kid, iss, sub };
  } catch {
    throw invalidGrant("the assertion is not a signed JWT");
  }
}

async function verifyWithAny(
  rules: AssertionRules,
  assertion: string,
  candidates: readonly JWK[],
): Promise<JWTPayload> {
  for (const jwk of candidates) {
    try {
      return await verifyWith(rules, assertion, jwk);
    } catch (error) {
      if (!(error instanceof joseErrors.JWSSignatureVerificationFailed)) throw describe(error);
    }
  }
  throw invalidGrant("the signature of the assertion is not valid");
}

async function verifyWith(
  { audiences, nowMs }: AssertionRules,
  assertion: string,
  jwk: JWK,
): Promise<JWTPayload> {
  const { payload } = await jwtVerify(assertion, await importJWK(jwk), {
    algorithms: ALGORITHMS.filter((algorithm) => jwk.alg === undefined || jwk.alg === algorithm),
    audience: [...audiences],
    requiredClaims: ["aud", "exp", "iat", "jti"],
    clockTolerance: SKEW_SECONDS,
    currentDate: new Date(nowMs()),
  });
  return payload;
}

function describe(error: unknown): unknown {
  if (error instanceof joseErrors.JWTExpired) return invalidGrant("the assertion has expired");
  if (error instanceof joseErrors.JWTClaimValidationFailed) {
    return invalidGrant(`the claim ${error.claim} of the assertion is ${error.reason}`);
  }
  if (error instanceof joseErrors.JOSEError)
    return invalidGrant("the assertion cannot be verified");
  return error;
}

function checkTimes(claims: JWTPayload, nowSeconds: number): { id: string; expiresAt: number } {
  const { exp, iat, jti } = claims;
  if (typeof exp !== "number" || typeof iat !== "number" || typeof jti !== "string" || jti === "") {
    throw invalidGrant("the assertion needs exp, iat and a jti");
  }
  if (iat > nowSeconds + SKEW_SECONDS) throw invalidGrant("the assertion was issued in the future");
  // iat is the client's word, so the life that is left counts as well.
  if (exp - Math.min(iat, nowSeconds) > MAX_LIFETIME_SECONDS + SKEW_SECONDS) {
    throw invalidGrant(`the assertion lives for longer than ${MAX_LIFETIME_SECONDS} s`);
  }
  return { id: jti, expiresAt: exp + SKEW_SECONDS };
}
