import { AuthError } from "./auth-error.ts";
import { cacheToken, isUsable } from "./cached-token.ts";
import type { CachedToken } from "./cached-token.ts";
import type { Random } from "./ports.ts";
import { RenewalTimers } from "./renewal-timers.ts";
import type { SessionRecord, StoredToken } from "./session-record.ts";
import { TokenKeeper } from "./token-keeper.ts";
import type { TokenKeeperOptions } from "./token-keeper.ts";

/**
 * The tokens of one person, from sign-in to sign-out. Ending a generation is
 * the commit guard: whatever began in it may finish, but changes nothing more.
 */
export interface SessionGeneration {
  readonly keeper: TokenKeeper;
  readonly cache: Map<string, CachedToken>;
  /** Aborts at the end; its reason is an `AuthError`. */
  readonly ended: AbortSignal;
  /** Takes over the tokens of a stored record that are newer than ours. */
  adopt(record: SessionRecord): void;
  /** The page woke or the network returned: forgets delays, renews what is stale. */
  wakeUp(): void;
  /** A new sign-in: tokens and failures of the session before say nothing any more. */
  startOver(): void;
  end(reason: AuthError): void;
}

/** A generation without any token yet. */
export function createSessionGeneration(
  options: Omit<TokenKeeperOptions, "cache">,
): SessionGeneration {
  const cache = new Map<string, CachedToken>();
  const keeper: TokenKeeper = new TokenKeeper({
    ...options,
    cache,
    onChange(slot) {
      timers.plan(slot);
      options.onChange?.(slot);
    },
  });
  const timers = new RenewalTimers(options.clock, cache, keeper);
  const controller = new AbortController();
  return {
    keeper,
    cache,
    ended: controller.signal,
    adopt(record) {
      for (const [key, stored] of Object.entries(record.tokens)) {
        if (!isNewer(stored, cache.get(key))) continue;
        const cached = fromStored(stored, options.random);
        cache.set(key, cached);
        const slot = keeper.slots.get(key);
        const helps = isUsable(cached, options.clock.now());
        if (slot !== undefined && helps) timers.recovered([slot]);
      }
    },
    wakeUp: () => timers.wakeUp(),
    startOver() {
      cache.clear();
      timers.recovered(keeper.slots.values());
    },
    end(reason) {
      cache.clear();
      timers.stop();
      keeper.close(reason);
      controller.abort(reason);
    },
  };
}

/** A stored token as one that can be served, with this tab's own jitter. */
export function fromStored(stored: StoredToken, random: Random): CachedToken {
  const { obtainedAt, ...token } = stored;
  // An old token must be kept as it is, not refused: it is what a renewal compares with.
  if (token.expiresAt <= obtainedAt) return { token, obtainedAt, refreshAt: token.expiresAt };
  return cacheToken(token, obtainedAt, random);
}

/** The error of every call after a sign-out. */
export function signedOutError(why: string): AuthError {
  return new AuthError("signed-out", `${why} Sign in to go on.`);
}

/** The error of every call that only a person can help, whatever ended the session. */
export function interactionRequiredError(): AuthError {
  return new AuthError(
    "interaction-required",
    "The session cannot be renewed any more. Sign in again to go on.",
  );
}

function isNewer(stored: StoredToken, cached: CachedToken | undefined): boolean {
  if (cached === undefined) return true;
  return cached.token.value !== stored.value && stored.obtainedAt >= cached.obtainedAt;
}
