import type { CachedToken } from "./cached-token.ts";
import type { Failure } from "./failure.ts";
import type { TokenTarget } from "./token-key.ts";

/** Why a token is renewed. */
export type RenewalReason = "expiring" | "expired" | "rejected" | "first-use";

/** A renewal to be carried out. */
export interface Renewal {
  readonly key: string;
  readonly target: TokenTarget;
  readonly reason: RenewalReason;
  /** The value of the token that is no longer wanted, if there was one. */
  readonly stale: string | undefined;
}

/** The outcome of a renewal. */
export interface RenewalResult {
  readonly cached: CachedToken;
  /** It was found in the shared store, fetched by another tab. */
  readonly adopted: boolean;
}

/** A renewal that runs, shared by everybody who waits for it. */
export interface Flight {
  readonly reason: RenewalReason;
  readonly startedAt: number;
  readonly promise: Promise<CachedToken>;
  /** The requests of the calls that have waited for it. */
  readonly waiting: Set<object>;
}

/** What is known of one target. */
export interface TokenSlot {
  readonly key: string;
  readonly target: TokenTarget;
  flight: Flight | undefined;
  failure: Failure | undefined;
  /** The API has refused the token before this one; remembered like a failure. */
  refusal: Failure | undefined;
  /** A call has asked for this token since it was last renewed. */
  used: boolean;
  /** Aborts when callers that wait should look again; another takes its place. */
  changed: AbortController;
}

/** A slot of which nothing is known yet. */
export function createTokenSlot(key: string, target: TokenTarget): TokenSlot {
  return {
    key,
    target,
    flight: undefined,
    failure: undefined,
    refusal: undefined,
    used: false,
    changed: new AbortController(),
  };
}

/** Lets callers that wait look again now. */
export function interruptWaits(place: Pick<TokenSlot, "changed">): void {
  place.changed.abort();
  place.changed = new AbortController();
}
