import { decodeJwt, decodeProtectedHeader } from "jose";
import type { JWTPayload, ProtectedHeaderParameters } from "jose";
import type { KeySet } from "./key-set.ts";
import { KeysUnavailable } from "./keys.ts";
import type { Principal } from "./principal.ts";
import { Refusal } from "./refusal.ts";
import { text } from "./token-profile.ts";
import type { TokenProfile } from "./token-profile.ts";
import type { TrustedIssuer } from "./trusted-issuer.ts";

/** What a token was checked against. */
export interface TokenDemands {
  readonly issuers: ReadonlyMap<string, TrustedIssuer>;
  readonly audiences: readonly string[];
  readonly skewMs: number;
}

/** A verified token, and what it was verified with. */
export interface VerifiedToken extends TokenTimes {
  readonly principal: Principal;
  readonly issuer: TrustedIssuer;
  readonly keySet: KeySet;
}

/**
 * Checks a JWT access token in the order of RFC 9068, section 4: type, issuer,
 * audience, signature, time, and then the claims it must have. Rejects with a
 * `Refusal`.
 */
export async function verifyToken(
  token: string,
  { issuers, audiences, skewMs }: TokenDemands,
  now: () => number,
): Promise<VerifiedToken> {
  const { header, claims } = decode(token);
  const issuer = issuers.get(claims.iss ?? "");
  checkType(header, issuer === undefined ? [...issuers.values()] : [issuer]);
  if (issuer === undefined) throw invalid("iss");
  checkAudience(claims, audiences);
  const keySet = await checkSignature(token, header, issuer);
  const times = readTimes(claims);
  checkTimes(times, now(), skewMs);
  if (times.issuedAt > now() + skewMs) throw invalid("iat");
  const principal = readPrincipal(claims, times, issuer);
  return { ...times, principal, issuer, keySet };
}

/** When a token counts, in epoch milliseconds. */
export interface TokenTimes {
  readonly notBefore: number;
  readonly expiresAt: number;
}

/** Throws a `Refusal` when a token has expired or does not count yet. */
export function checkTimes(times: TokenTimes, now: number, skewMs: number): void {
  if (now >= times.expiresAt + skewMs) throw new Refusal("ACCESS_TOKEN_EXPIRED", "exp");
  if (now < times.notBefore - skewMs) throw invalid("nbf");
}

function decode(token: string): { header: ProtectedHeaderParameters; claims: JWTPayload } {
  // jose takes padding as well, which would give one token many spellings (RFC 7515, section 2).
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) throw invalid("format");
  try {
    const decoded = { header: decodeProtectedHeader(token), claims: decodeJwt(token) };
    // Nothing that must be understood is understood (RFC 7515, section 4.1.11).
    if (decoded.header.crit === undefined) return decoded;
  } catch (cause) {
    throw invalid("format", cause);
  }
  throw invalid("format");
}

function checkType(header: ProtectedHeaderParameters, issuers: readonly TrustedIssuer[]): void {
  const type = header.typ;
  const short = typeof type === "string" ? type.toLowerCase().replace(/^application\//, "") : "";
  if (!issuers.some((issuer) => issuer.profile.types.includes(short))) throw invalid("typ");
}

function checkAudience({ aud }: JWTPayload, audiences: readonly string[]): void {
  const meant = Array.isArray(aud) ? aud : [aud];
  if (meant.some((audience) => typeof audience === "string" && audiences.includes(audience)))
    return;
  throw new Refusal("ACCESS_TOKEN_AUDIENCE_MISMATCH", "aud");
}

async function checkSignature(
  token: string,
  header: ProtectedHeaderParameters,
  { keys, algorithms }: TrustedIssuer,
): Promise<KeySet> {
  if (header.alg === undefined || !algorithms.includes(header.alg)) throw invalid("alg");
  try {
    let keySet: KeySet | undefined = await keys.current();
    let result = await keySet.verify(token, algorithms);
    if (result.outcome === "unknown-key") {
      keySet = await keys.newerThan(keySet);
      if (keySet === undefined) throw invalid("key");
      result = await keySet.verify(token, algorithms);
    }
    if (result.outcome === "verified") return keySet;
    throw result.outcome === "unknown-key" ? invalid("key") : invalid("signature", result.cause);
  } catch (reason) {
    return refuseWithoutKeys(reason);
  }
}

/** Throws the `Refusal` for keys that cannot be had, which is nobody's token's fault. */
export function refuseWithoutKeys(reason: unknown): never {
  if (!(reason instanceof KeysUnavailable)) throw reason;
  const retryAfterSeconds = reason.retryAfterMs / 1000;
  throw new Refusal("AUTHORITY_UNAVAILABLE", "key", { cause: reason, retryAfterSeconds });
}

function readTimes({ exp, nbf, iat }: JWTPayload): TokenTimes & { readonly issuedAt: number } {
  if (!isTime(exp)) throw invalid("exp");
  if (nbf !== undefined && !isTime(nbf)) throw invalid("nbf");
  if (!isTime(iat)) throw invalid("iat");
  return {
    expiresAt: exp * 1000,
    notBefore: nbf === undefined ? Number.NEGATIVE_INFINITY : nbf * 1000,
    issuedAt: iat * 1000,
  };
}

function readPrincipal(claims: JWTPayload, times: TokenTimes, issuer: TrustedIssuer): Principal {
  const profile: TokenProfile = issuer.profile;
  const subject = text(claims.sub);
  const missing = profile.requiredClaims.some((name) => text(claims[name]) === undefined);
  if (subject === undefined || missing || !profile.isAccessToken(claims)) throw invalid("claims");
  // A token bound to a key (RFC 7800) proves nothing without that key.
  if (claims["cnf"] !== undefined) throw new Refusal("ACCESS_TOKEN_TYPE_UNSUPPORTED", "cnf");
  const authTime = claims["auth_time"];
  return {
    issuer: issuer.issuer,
    subject,
    clientId: profile.clientId(claims),
    scopes: profile.scopes(claims),
    acr: text(claims["acr"]),
    authTime: isTime(authTime) ? authTime * 1000 : undefined,
    tokenId: profile.tokenId(claims),
    expiresAt: times.expiresAt,
    claims,
  };
}

function isTime(claim: unknown): claim is number {
  return typeof claim === "number" && Number.isFinite(claim);
}

function invalid(check: ConstructorParameters<typeof Refusal>[1], cause?: unknown): Refusal {
  return new Refusal("ACCESS_TOKEN_INVALID", check, { cause });
}
