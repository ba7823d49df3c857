import type { AccessToken } from "./access-token.ts";
import { AuthError } from "./auth-error.ts";
import type { Random } from "./ports.ts";

/** An access token with what is known of its life. Times in epoch milliseconds. */
export interface CachedToken {
  readonly token: AccessToken;
  /** When it came into this cache. */
  readonly obtainedAt: number;
  /** From now on one background renewal runs while the token is still served. */
  readonly refreshAt: number;
}

const greatestMarginMs = 60_000;
const marginShare = 0.2;
const jitterShare = 0.25;

/**
 * A token with its renewal planned: min(60 s, 20 % of its life) before it
 * expires, and up to a quarter of that earlier, so that a fleet of clients
 * does not ask in the same second (gRFC A97). Throws `unavailable` for a token
 * that had expired before it arrived: sending it cannot succeed.
 */
export function cacheToken(token: AccessToken, obtainedAt: number, random: Random): CachedToken {
  const lifetimeMs = token.expiresAt - obtainedAt;
  if (lifetimeMs <= 0) {
    throw new AuthError(
      "unavailable",
      "The issuer's new access token had expired before it could be used. Check its `expires_in`.",
    );
  }
  const marginMs = Math.min(greatestMarginMs, lifetimeMs * marginShare);
  const jitterMs = marginMs * jitterShare * random();
  return { token, obtainedAt, refreshAt: token.expiresAt - marginMs - jitterMs };
}

/**
 * Whether a token may be sent. A clock that went back to before the token
 * came makes it look younger than it is, so it does not count.
 */
export function isUsable(cached: CachedToken, now: number): boolean {
  return now < cached.token.expiresAt && now >= cached.obtainedAt;
}

/** Whether a token should be renewed while it is still served. */
export function isExpiring(cached: CachedToken, now: number): boolean {
  return now >= cached.refreshAt;
}
