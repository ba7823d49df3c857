import type { AuthError } from "./auth-error.ts";
import type { Random } from "./ports.ts";

/** A failed renewal, remembered so that nobody asks again too early. */
export interface Failure {
  readonly error: AuthError;
  /** How many renewals have failed in a row. */
  readonly attempts: number;
  /** Epoch milliseconds. */
  readonly failedAt: number;
  /** Epoch milliseconds. */
  readonly nextAttemptAt: number;
  /** The issuer has named the time (`Retry-After`); a wake-up must not shorten it. */
  readonly pinned: boolean;
}

const firstDelayMs = 1_000;
const factor = 1.6;
const greatestDelayMs = 60_000;
const jitterShare = 0.2;
const greatestPinnedDelayMs = 300_000;

/** Whether waiting can help: a failure that is neither a person's nor a misconfiguration. */
export function isTransient(error: AuthError): boolean {
  return error.code === "unavailable";
}

/**
 * The memory of a failure: the next attempt after 1 s × 1.6ⁿ, at most 60 s, ±20 %
 * (gRFC A97), or when the issuer says (`Retry-After`, at most five minutes).
 */
export function rememberFailure(
  error: AuthError,
  previous: Failure | undefined,
  now: number,
  random: Random,
): Failure {
  const attempts = (previous?.attempts ?? 0) + 1;
  const delayMs = Math.min(greatestDelayMs, firstDelayMs * factor ** (attempts - 1));
  const jittered = delayMs * (1 - jitterShare + 2 * jitterShare * random());
  const { retryAt } = error.details;
  const pinned = retryAt !== undefined && retryAt > now;
  const nextAttemptAt = pinned ? Math.min(retryAt, now + greatestPinnedDelayMs) : now + jittered;
  return { error, attempts, failedAt: now, nextAttemptAt, pinned };
}

/**
 * How long to wait for the next attempt, seen at `now`, and at most
 * `atMostMs` after the failure unless the issuer has named the time. A
 * clock that went back to before the failure must not turn seconds into hours,
 * so it ends the wait.
 */
export function delayUntilAttemptMs(
  failure: Failure,
  now: number,
  atMostMs = Number.POSITIVE_INFINITY,
): number {
  const { failedAt, nextAttemptAt, pinned } = failure;
  if (now < failedAt) return 0;
  const at = pinned ? nextAttemptAt : Math.min(nextAttemptAt, failedAt + atMostMs);
  return Math.max(0, at - now);
}
