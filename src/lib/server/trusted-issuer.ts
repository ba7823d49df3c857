import { systemClock } from "../core/system.ts";
import type { Clock, Fetch } from "../core/ports.ts";
import type { JSONWebKeySet } from "jose";
import type { GateEvent } from "./gate-event.ts";
import type { Keys } from "./keys.ts";
import { createLocalKeys } from "./local-keys.ts";
import { createRemoteKeys } from "./remote-keys.ts";
import { tokenProfile } from "./token-profile.ts";
import type { TokenProfile, TokenProfileName } from "./token-profile.ts";

/** One issuer whose access tokens are accepted. */
export interface IssuerOptions {
  /** The exact `iss` of its tokens. */
  readonly issuer: string;
  /**
   * Where its JWK Set is: https, or http on loopback. Without it and without
   * `keys`, `jwks_uri` of its metadata (OpenID Connect Discovery, RFC 8414).
   */
  readonly jwksUri?: string;
  /** Its JWK Set, for an issuer in the same process. Asked at every call. */
  readonly keys?: () => JSONWebKeySet | Promise<JSONWebKeySet>;
  /** The `alg` values that are accepted. By default RS, PS and ES, and Ed25519. */
  readonly algorithms?: readonly string[];
  /** Set only for an issuer that does not follow RFC 9068. */
  readonly profile?: TokenProfileName;
}

/** An issuer, ready to be used. */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly algorithms: readonly string[];
  readonly profile: TokenProfile;
  readonly keys: Keys;
}

/** What an issuer needs of its surroundings. */
export interface IssuerSurroundings {
  readonly clock?: Clock;
  readonly fetch?: Fetch;
  readonly onEvent: (event: GateEvent) => void;
}

const asymmetricAlgorithms: readonly string[] =
  "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ");

/**
 * Throws a `TypeError` when an option cannot be: an algorithm that is none or
 * symmetric, an address that is not https, both kinds of keys.
 */
export function createTrustedIssuer(
  options: IssuerOptions,
  { clock = systemClock, fetch = globalThis.fetch, onEvent }: IssuerSurroundings,
): TrustedIssuer {
  const { issuer, jwksUri, keys, algorithms = asymmetricAlgorithms, profile } = options;
  for (const algorithm of algorithms) {
    if (asymmetricAlgorithms.includes(algorithm)) continue;
    const allowed = asymmetricAlgorithms.join(", ");
    throw new TypeError(`Issuer ${issuer} cannot be trusted with "${algorithm}". Use: ${allowed}.`);
  }
  if (keys !== undefined && jwksUri !== undefined) {
    throw new TypeError(`Issuer ${issuer} has both "keys" and "jwksUri". Keep one of them.`);
  }
  return {
    issuer,
    algorithms,
    profile: tokenProfile(profile),
    keys:
      keys === undefined
        ? createRemoteKeys({ issuer, jwksUri, clock, fetch, onEvent })
        : createLocalKeys(issuer, keys),
  };
}
