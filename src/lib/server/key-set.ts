import { compactVerify, createLocalJWKSet, errors } from "jose";
import type { CompactVerifyGetKey, CryptoKey, JSONWebKeySet } from "jose";

/** What the keys say about a signature. */
export type SignatureOutcome =
  | { readonly outcome: "verified" }
  | { readonly outcome: "unknown-key" }
  | { readonly outcome: "refuted"; readonly cause: unknown };

/** Public keys that do not change. */
export interface KeySet {
  /** The keys as text, to tell one set from another. */
  readonly fingerprint: string;
  /** How many keys there are. */
  readonly size: number;
  /**
   * Checks the signature of a compact JWS with one of `algorithms`. When several
   * keys could have made it (no `kid`, or one `kid` twice), each is tried.
   */
  verify(token: string, algorithms: readonly string[]): Promise<SignatureOutcome>;
}

/**
 * The keys of a JWK Set (RFC 7517, section 5). Only public keys for signatures
 * count. Throws an `Error` when it is no JWK Set or has more than `maxKeys` keys.
 */
export function createKeySet(jwks: unknown, maxKeys = 100): KeySet {
  if (!isJwks(jwks)) throw new TypeError('The answer is no JWK Set: it has no list "keys".');
  const size = jwks.keys.length;
  if (size > maxKeys) throw new TypeError(`The JWK Set has more than ${maxKeys} keys.`);
  const resolve = createLocalJWKSet(jwks);
  return {
    fingerprint: JSON.stringify(jwks.keys),
    size,
    verify: (token, algorithms) => verify(token, resolve, [...algorithms]),
  };
}

function isJwks(value: unknown): value is JSONWebKeySet {
  return (
    typeof value === "object" && value !== null && "keys" in value && Array.isArray(value.keys)
  );
}

async function verify(
  token: string,
  resolve: CompactVerifyGetKey,
  algorithms: string[],
): Promise<SignatureOutcome> {
  try {
    await compactVerify(token, resolve, { algorithms });
    return { outcome: "verified" };
  } catch (cause) {
    if (cause instanceof errors.JWKSNoMatchingKey) return { outcome: "unknown-key" };
    if (cause instanceof errors.JWKSMultipleMatchingKeys) {
      return await verifyWithEach(token, cause, algorithms);
    }
    return { outcome: "refuted", cause };
  }
}

async function verifyWithEach(
  token: string,
  candidates: AsyncIterable<CryptoKey>,
  algorithms: string[],
): Promise<SignatureOutcome> {
  let cause: unknown;
  for await (const key of candidates) {
    try {
      await compactVerify(token, key, { algorithms });
      return { outcome: "verified" };
    } catch (reason) {
      cause = reason;
    }
  }
  return { outcome: "refuted", cause };
}
