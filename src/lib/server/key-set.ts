import { compactVerify, createLocalJWKSet, errors } from "jose";
import type { CompactVerifyGetKey, CryptoKey, JSONWebKeySet, JWK } from "jose";

/** What the keys say about a signature. */
export type SignatureOutcome =
  | { readonly outcome: "verified" }
  | { readonly outcome: "unknown-key" }
  | { readonly outcome: "refuted"; readonly cause: unknown };

/** Public keys that do not change. */
export interface KeySet {
  /** The keys as text, to tell one set from another. */
  readonly fingerprint: string;
  /** How many usable keys there are. */
  readonly size: number;
  /**
   * Checks the signature of a compact JWS with one of `algorithms`. When several
   * keys could have made it (no `kid`, or one `kid` twice), each is tried.
   */
  verify(token: string, algorithms: readonly string[]): Promise<SignatureOutcome>;
}

/**
 * The public verification keys of a JWK Set (RFC 7517, section 5). Others in
 * it, secret ones too, are left out. Throws a `TypeError` when it is no JWK Set
 * or has more than `maxKeys` keys.
 */
export function createKeySet(jwks: unknown, maxKeys = 100): KeySet {
  const keys = readKeys(jwks);
  if (keys.length > maxKeys) throw new TypeError(`The JWK Set has more than ${maxKeys} keys.`);
  const usable = keys.filter(isPublicVerificationKey);
  const resolve = createLocalJWKSet({ keys: usable });
  return {
    fingerprint: JSON.stringify(usable),
    size: usable.length,
    verify: (token, algorithms) => verify(token, resolve, [...algorithms]),
  };
}

function readKeys(jwks: unknown): JWK[] {
  if (!isJwks(jwks)) throw new TypeError('The answer is no JWK Set: it has no list "keys".');
  return jwks.keys.filter((key) => typeof key === "object" && key !== null);
}

function isJwks(value: unknown): value is JSONWebKeySet {
  return (
    typeof value === "object" && value !== null && "keys" in value && Array.isArray(value.keys)
  );
}

// One private or symmetric key in the set would make jose refuse all of its kind.
function isPublicVerificationKey(key: JWK): boolean {
  const isPublic = typeof key.kty === "string" && key.kty !== "oct" && key.d === undefined;
  return isPublic && (key.use === undefined || key.use === "sig");
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
