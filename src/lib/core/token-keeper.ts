import type { AccessToken } from "./access-token.ts";
import { AuthError } from "./auth-error.ts";
import { isExpiring, isUsable } from "./cached-token.ts";
import type { CachedToken } from "./cached-token.ts";
import { delayUntilAttemptMs, isTransient, rememberFailure } from "./failure.ts";
import type { Failure } from "./failure.ts";
import type { Clock, Random } from "./ports.ts";
import { defaultKey, defaultTarget, tokenKey } from "./token-key.ts";
import type { TokenTarget } from "./token-key.ts";
import type { TokenRequest } from "./token-source.ts";
import { createTokenSlot } from "./token-slot.ts";
import type { Flight, Renewal, RenewalReason, RenewalResult, TokenSlot } from "./token-slot.ts";
import { raceSignals, sleep } from "./wait.ts";

/** Where settled tokens are kept, by target. */
export interface TokenCache {
  get(key: string): CachedToken | undefined;
  set(key: string, cached: CachedToken): void;
}

/** What a keeper needs. */
export interface TokenKeeperOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly cache: TokenCache;
  /** Carries a renewal out, under a deadline of its own. */
  readonly renew: (renewal: Renewal) => Promise<RenewalResult>;
  /** How long a call may wait for the issuer to recover. */
  readonly maxWaitMs: number;
  /** Renew by timer while calls use the token, not only when a call comes. */
  readonly timers: boolean;
  readonly onChange?: () => void;
  readonly onRenewed?: (result: RenewalResult, flight: Flight) => void;
  readonly onFailed?: (failure: Failure, slot: TokenSlot) => void;
}

// Longer timers than 2^31 - 1 ms fire at once in every runtime.
const longestTimerMs = 86_400_000;
const longestRejectionWaitMs = 2_000;
const firstRejectionDelayMs = 1_000;
const rejectionFactor = 1.6;
const greatestRejectionDelayMs = 60_000;

/**
 * Tokens by target, each renewed by one flight that everybody shares: served
 * from memory while fresh, renewed in the background before they expire, and
 * with a memory for failures. Knows nothing of tabs, stores and sign-ins.
 */
export class TokenKeeper {
  readonly #options: TokenKeeperOptions;
  readonly #slots = new Map<string, TokenSlot>();
  readonly #closed = new AbortController();

  constructor(options: TokenKeeperOptions) {
    this.#options = options;
  }

  /** See {@link TokenSource.getToken}. */
  getToken(request: TokenRequest): Promise<AccessToken> {
    const slot = this.#slot(tokenKey(request), request);
    slot.used = true;
    const cached = this.#usable(slot, request.rejected);
    if (cached === undefined || request.signal?.aborted === true)
      return this.#acquire(slot, request);
    if (isExpiring(cached, this.#options.clock.now())) this.renewInBackground(slot);
    return Promise.resolve(cached.token);
  }

  /** The slot of the default target. */
  get defaultSlot(): TokenSlot {
    return this.#slot(defaultKey, defaultTarget);
  }

  /** Plans the renewal of a token that came from elsewhere. */
  adopted(key: string): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    slot.failure = undefined;
    this.#interrupt(slot);
    this.#schedule(slot);
  }

  /** A new sign-in: what failed before says nothing any more. */
  forgetFailures(): void {
    for (const slot of this.#slots.values()) {
      slot.failure = undefined;
      this.#interrupt(slot);
    }
  }

  /** Something may have changed: forgets delays and renews what is stale and in use. */
  wakeUp(): void {
    const now = this.#options.clock.now();
    for (const slot of this.#slots.values()) {
      if (slot.failure?.pinned === false) slot.failure = { ...slot.failure, nextAttemptAt: now };
      this.#interrupt(slot);
      if (slot.used && this.#isStale(slot)) this.renewInBackground(slot);
    }
  }

  /** Ends all waits with the reason; flights go on, but nobody hears of them. */
  close(reason: AuthError): void {
    this.#closed.abort(reason);
    for (const slot of this.#slots.values()) slot.cancelTimer?.();
  }

  /** Renews without anybody waiting, unless it runs already or failed just now. */
  renewInBackground(slot: TokenSlot): void {
    if (slot.flight !== undefined || this.#closed.signal.aborted) return;
    const now = this.#options.clock.now();
    if (slot.failure !== undefined && delayUntilAttemptMs(slot.failure, now) > 0) return;
    const cached = this.#options.cache.get(slot.key);
    this.#takeOff(slot, cached !== undefined && isUsable(cached, now) ? "expiring" : "expired");
  }

  async #acquire(slot: TokenSlot, request: TokenRequest): Promise<AccessToken> {
    const { clock, maxWaitMs } = this.#options;
    const giveUpAt = clock.now() + maxWaitMs;
    for (;;) {
      request.signal?.throwIfAborted();
      this.#closed.signal.throwIfAborted();
      const usable = this.#usable(slot, request.rejected);
      if (usable !== undefined) return usable.token;
      const delayMs = this.#delayMs(slot, request, giveUpAt);
      if (delayMs > 0) await this.#pause(slot, delayMs, request.signal);
      else {
        const cached = await this.#join(slot, request);
        if (cached !== undefined) return cached.token;
      }
    }
  }

  /** Waits for the flight; `undefined` when it is worth looking again. */
  async #join(slot: TokenSlot, request: TokenRequest): Promise<CachedToken | undefined> {
    const joined = slot.flight;
    const flight = joined ?? this.#takeOff(slot, this.#reason(slot));
    flight.waiting++;
    try {
      const cached = await raceSignals(flight.promise, request.signal, this.#closed.signal);
      // A flight that began before the rejection may bring the rejected token itself.
      const outdated = joined !== undefined && cached.token.value === request.rejected;
      return outdated ? undefined : cached;
    } catch (error) {
      if (request.signal?.aborted === true || this.#closed.signal.aborted) throw error;
      if (isTransient(AuthError.from(error)) && slot.failure !== undefined) return undefined;
      throw error;
    }
  }

  /** How long this call must wait before a renewal; throws when it is too long. */
  #delayMs(slot: TokenSlot, request: TokenRequest, giveUpAt: number): number {
    const now = this.#options.clock.now();
    if (slot.flight !== undefined) return 0;
    if (slot.failure !== undefined) {
      const delayMs = delayUntilAttemptMs(slot.failure, now);
      const hopeless = !isTransient(slot.failure.error) || now + delayMs > giveUpAt;
      if (delayMs > 0 && hopeless) throw slot.failure.error;
      return delayMs;
    }
    if (this.#options.cache.get(slot.key)?.token.value !== request.rejected) return 0;
    return rejectionDelayMs(slot, now);
  }

  async #pause(slot: TokenSlot, delayMs: number, signal: AbortSignal | undefined): Promise<void> {
    const { done, interrupt } = sleep(this.#options.clock, delayMs);
    slot.interrupts.add(interrupt);
    try {
      await raceSignals(done, signal, this.#closed.signal);
    } finally {
      slot.interrupts.delete(interrupt);
      interrupt();
    }
  }

  #takeOff(slot: TokenSlot, reason: RenewalReason): Flight {
    const { clock, cache } = this.#options;
    slot.cancelTimer?.();
    countRejection(slot, reason, clock.now());
    const stale = cache.get(slot.key)?.token.value;
    const renewal = { key: slot.key, target: slot.target, reason, stale };
    const flight: Flight = {
      reason,
      startedAt: clock.now(),
      waiting: 0,
      promise: Promise.resolve().then(() => this.#fly(slot, renewal)),
    };
    flight.promise.catch(() => undefined);
    slot.flight = flight;
    this.#options.onChange?.();
    return flight;
  }

  async #fly(slot: TokenSlot, renewal: Renewal): Promise<CachedToken> {
    const flight = slot.flight;
    try {
      const result = await this.#options.renew(renewal);
      this.#options.cache.set(slot.key, result.cached);
      slot.failure = undefined;
      slot.used = (flight?.waiting ?? 0) > 0;
      if (flight !== undefined) this.#options.onRenewed?.(result, flight);
      return result.cached;
    } catch (reason) {
      const { clock, random } = this.#options;
      const error = AuthError.from(reason);
      slot.failure = rememberFailure(error, slot.failure, clock.now(), random);
      this.#options.onFailed?.(slot.failure, slot);
      throw error;
    } finally {
      slot.flight = undefined;
      this.#interrupt(slot);
      this.#schedule(slot);
      this.#options.onChange?.();
    }
  }

  #schedule(slot: TokenSlot): void {
    if (!this.#options.timers || this.#closed.signal.aborted) return;
    slot.cancelTimer?.();
    const { clock, cache } = this.#options;
    const at = slot.failure?.nextAttemptAt ?? cache.get(slot.key)?.refreshAt;
    if (at === undefined) return;
    const delayMs = Math.min(Math.max(0, at - clock.now()), longestTimerMs);
    slot.cancelTimer = clock.after(delayMs, () => this.#onTimer(slot));
  }

  #onTimer(slot: TokenSlot): void {
    if (!slot.used) return;
    if (slot.failure !== undefined || this.#isStale(slot)) this.renewInBackground(slot);
    // Timers come early too: rounded, cut to their greatest length, or after a clock jump.
    else this.#schedule(slot);
  }

  #isStale(slot: TokenSlot): boolean {
    const now = this.#options.clock.now();
    const cached = this.#options.cache.get(slot.key);
    return cached === undefined || !isUsable(cached, now) || isExpiring(cached, now);
  }

  #usable(slot: TokenSlot, rejected: string | undefined): CachedToken | undefined {
    const cached = this.#options.cache.get(slot.key);
    if (cached === undefined || cached.token.value === rejected) return undefined;
    return isUsable(cached, this.#options.clock.now()) ? cached : undefined;
  }

  #reason(slot: TokenSlot): RenewalReason {
    const cached = this.#options.cache.get(slot.key);
    if (cached === undefined) return "first-use";
    return isUsable(cached, this.#options.clock.now()) ? "rejected" : "expired";
  }

  #slot(key: string, target: TokenTarget): TokenSlot {
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const slot = createTokenSlot(key, { scopes: target.scopes, resource: target.resource });
    this.#slots.set(key, slot);
    return slot;
  }

  #interrupt(slot: TokenSlot): void {
    for (const interrupt of slot.interrupts) interrupt();
  }
}

// An API that refuses even new tokens must not become a storm of renewals: the
// first rejection renews at once, further ones in a row ever later.
function countRejection(slot: TokenSlot, reason: RenewalReason, now: number): void {
  const forgotten = now - slot.rejectionAllowedAt > greatestRejectionDelayMs;
  slot.rejections = reason !== "rejected" ? 0 : forgotten ? 1 : slot.rejections + 1;
  const delayMs = firstRejectionDelayMs * rejectionFactor ** (slot.rejections - 1);
  slot.rejectionAllowedAt = now + Math.min(delayMs, greatestRejectionDelayMs);
}

function rejectionDelayMs(slot: TokenSlot, now: number): number {
  const delayMs = slot.rejections === 0 ? 0 : Math.max(0, slot.rejectionAllowedAt - now);
  if (delayMs <= longestRejectionWaitMs) return delayMs;
  throw new AuthError(
    "misconfigured",
    "The API refused several tokens in a row that the issuer had just issued. " +
      "Check that issuer, audience and clocks of issuer and API agree.",
    { retryAt: slot.rejectionAllowedAt },
  );
}
