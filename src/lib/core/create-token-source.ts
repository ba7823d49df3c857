import { cacheToken } from "./cached-token.ts";
import type { Clock, Random } from "./ports.ts";
import type { TokenResponse } from "./refresh-exchange.ts";
import { systemClock, systemRandom } from "./system.ts";
import { TokenKeeper } from "./token-keeper.ts";
import type { TokenCache } from "./token-keeper.ts";
import type { Renewal, RenewalResult } from "./token-slot.ts";
import type { TokenSource } from "./token-source.ts";
import { withTimeout } from "./wait.ts";

/** What a grant is asked for. */
export interface GrantRequest {
  /** The scopes to ask for; by default those of the grant. */
  readonly scopes?: readonly string[] | undefined;
  /** The API the token is for (RFC 8707); by default that of the grant. */
  readonly resource?: string | undefined;
  /** The deadline of the exchange. */
  readonly signal: AbortSignal;
}

/**
 * One exchange at a token endpoint (RFC 6749, section 1.3): it keeps no token
 * and remembers no failure. Rejects with an `AuthError`.
 */
export type Grant = (request: GrantRequest) => Promise<TokenResponse>;

/** Options of {@link createTokenSource}. */
export interface TokenSourceOptions {
  /**
   * Where settled tokens are kept, for example one map for all requests of a
   * worker. A pending renewal is never shared through it.
   */
  readonly cache?: TokenCache;
  /** The deadline of one exchange in milliseconds. Default 20,000. */
  readonly requestTimeoutMs?: number;
  /** How long a call may wait for an issuer that does not answer. Default 10,000. */
  readonly maxWaitMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
}

/**
 * Makes any grant a source: it caches by scopes and resource, shares one
 * exchange among all who wait, renews in the background before a token expires,
 * and backs off after a failure.
 */
export function createTokenSource(grant: Grant, options: TokenSourceOptions = {}): TokenSource {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const exchange = createExchange(grant, clock, random, options.requestTimeoutMs ?? 20_000);
  const keeper = new TokenKeeper({
    clock,
    random,
    cache: options.cache ?? new Map(),
    renew: exchange,
    maxWaitMs: options.maxWaitMs ?? 10_000,
  });
  return { getToken: (request = {}) => keeper.getToken(request) };
}

function createExchange(grant: Grant, clock: Clock, random: Random, timeoutMs: number) {
  return async ({ target }: Renewal): Promise<RenewalResult> => {
    const { accessToken } = await withTimeout(clock, timeoutMs, (signal) =>
      grant({ ...target, signal }),
    );
    return { cached: cacheToken(accessToken, clock.now(), random), adopted: false };
  };
}
