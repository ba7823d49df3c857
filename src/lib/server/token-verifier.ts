import type { Clock, Fetch } from "../core/ports.ts";
import type { GateEvent } from "./gate-event.ts";
import type { KeySet } from "./key-set.ts";
import type { Principal } from "./principal.ts";
import { Refusal } from "./refusal.ts";
import { createTokenMemory } from "./token-memory.ts";
import { createTrustedIssuer } from "./trusted-issuer.ts";
import type { IssuerOptions, TrustedIssuer } from "./trusted-issuer.ts";
import { checkTimes, verifyToken, refuseWithoutKeys } from "./verify-token.ts";
import type { VerifiedToken } from "./verify-token.ts";

/** Tokens in, principals out. */
export interface TokenVerifier {
  /**
   * Throws or rejects with a `Refusal`. Without a promise for a token that is
   * remembered: that is nearly every call, and what waits costs most of it.
   */
  verify(token: string): Principal | Promise<Principal>;
  /** Forgets every verified token and every key. Rejects when keys cannot be had. */
  reload(): Promise<void>;
}

/** See `TokenGateOptions`. */
export interface TokenVerifierOptions {
  readonly issuers: readonly IssuerOptions[];
  readonly audiences: readonly string[];
  readonly skewMs: number;
  readonly rememberedTokens?: number;
  readonly isRevoked?: (principal: Principal) => boolean | Promise<boolean>;
  readonly onEvent: (event: GateEvent) => void;
  readonly clock: Clock;
  readonly fetch?: Fetch;
}

/** Throws a `TypeError` when there is no issuer, or one of them twice. */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { clock, audiences, skewMs, isRevoked, rememberedTokens = 10_000 } = options;
  const issuers = trustedIssuers(options);
  const memory = createTokenMemory<VerifiedToken>(rememberedTokens);
  async function verifyAnew(token: string, key: string): Promise<Principal> {
    const verified = await verifyToken(token, { issuers, audiences, skewMs }, () => clock.now());
    memory.set(key, verified);
    return verified.principal;
  }
  function recall(token: string): Principal | Promise<Principal> {
    const key = memory.keyOf(token);
    const known = memory.get(key);
    if (known === undefined) return verifyAnew(token, key);
    function decide(keySet: KeySet): Principal | Promise<Principal> {
      // A key that was removed since takes what it signed with it.
      if (keySet !== known?.keySet) return verifyAnew(token, key);
      checkTimes(known, clock.now(), skewMs);
      return known.principal;
    }
    try {
      const keySet = known.issuer.keys.current();
      return keySet instanceof Promise ? keySet.then(decide, refuseWithoutKeys) : decide(keySet);
    } catch (reason) {
      return refuseWithoutKeys(reason);
    }
  }
  return {
    verify(token) {
      const found = recall(token);
      return isRevoked === undefined ? found : unlessRevoked(found, isRevoked);
    },
    async reload() {
      memory.clear();
      await Promise.all([...issuers.values()].map((issuer) => issuer.keys.reload()));
    },
  };
}

function trustedIssuers(options: TokenVerifierOptions): ReadonlyMap<string, TrustedIssuer> {
  const issuers = new Map<string, TrustedIssuer>();
  for (const issuer of options.issuers) {
    if (issuer.issuer === "" || issuers.has(issuer.issuer)) {
      throw new TypeError(`The issuer "${issuer.issuer}" has no name, or is there twice.`);
    }
    issuers.set(issuer.issuer, createTrustedIssuer(issuer, options));
  }
  if (issuers.size === 0) throw new TypeError('The gate trusts nobody: "issuers" is empty.');
  return issuers;
}

async function unlessRevoked(
  found: Principal | Promise<Principal>,
  isRevoked: NonNullable<TokenVerifierOptions["isRevoked"]>,
): Promise<Principal> {
  const principal = await found;
  let revoked: boolean;
  try {
    revoked = await isRevoked(principal);
  } catch (cause) {
    throw new Refusal("AUTHORITY_UNAVAILABLE", "revocation", { cause });
  }
  if (revoked) throw new Refusal("ACCESS_TOKEN_INVALID", "revocation");
  return principal;
}
