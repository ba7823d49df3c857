import type { Clock, Fetch } from "../core/ports.ts";
import type { GateEvent } from "./gate-event.ts";
import { KeysUnavailable } from "./keys.ts";
import type { Principal } from "./principal.ts";
import { Refusal } from "./refusal.ts";
import { createTokenMemory } from "./token-memory.ts";
import type { TokenMemory } from "./token-memory.ts";
import { createTrustedIssuer } from "./trusted-issuer.ts";
import type { IssuerOptions, TrustedIssuer } from "./trusted-issuer.ts";
import { checkTimes, unavailable, verifyToken } from "./verify-token.ts";
import type { TokenDemands, VerifiedToken } from "./verify-token.ts";

/** Tokens in, principals out. */
export interface TokenVerifier {
  /** Rejects with a `Refusal`. */
  verify(token: string): Promise<Principal>;
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
  const { clock, isRevoked, rememberedTokens = 10_000 } = options;
  const issuers = trustedIssuers(options);
  const demands = { issuers, audiences: options.audiences, skewMs: options.skewMs };
  const memory = createTokenMemory<VerifiedToken>(rememberedTokens);
  return {
    async verify(token) {
      const { principal } = await recall(token, memory, demands, clock);
      if (isRevoked !== undefined) await checkRevocation(principal, isRevoked);
      return principal;
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

async function recall(
  token: string,
  memory: TokenMemory<VerifiedToken>,
  demands: TokenDemands,
  clock: Clock,
): Promise<VerifiedToken> {
  const key = memory.keyOf(token);
  const known = memory.get(key);
  if (known !== undefined && (await isUnderSameKeys(known))) {
    const { principal, notBefore } = known;
    checkTimes({ notBefore, expiresAt: principal.expiresAt }, clock.now(), demands.skewMs);
    return known;
  }
  const verified = await verifyToken(token, demands, () => clock.now());
  memory.set(key, verified);
  return verified;
}

// A key that was removed since takes what it signed with it.
async function isUnderSameKeys({ issuer, keySet }: VerifiedToken): Promise<boolean> {
  try {
    return (await issuer.keys.current()) === keySet;
  } catch (reason) {
    throw reason instanceof KeysUnavailable ? unavailable(reason) : reason;
  }
}

async function checkRevocation(
  principal: Principal,
  isRevoked: (principal: Principal) => boolean | Promise<boolean>,
): Promise<void> {
  let revoked: boolean;
  try {
    revoked = await isRevoked(principal);
  } catch (cause) {
    throw new Refusal("AUTHORITY_UNAVAILABLE", "revocation", { cause });
  }
  if (revoked) throw new Refusal("ACCESS_TOKEN_INVALID", "revocation");
}
