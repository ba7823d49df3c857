import type { AccessToken } from "./access-token.ts";
import { AuthError } from "./auth-error.ts";
import { isExpiring, isUsable } from "./cached-token.ts";
import type { CachedToken } from "./cached-token.ts";
import { delayUntilAttemptMs, isTransient, rememberFailure } from "./failure.ts";
import type { Failure } from "./failure.ts";
import type { Clock, Random } from "./ports.ts";
import { refusedTokenError } from "./refused-token.ts";
import { tokenKey } from "./token-key.ts";
import type { TokenTarget } from "./token-key.ts";
import type { TokenRequest } from "./token-source.ts";
import { createTokenSlot, interruptWaits } from "./token-slot.ts";
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
  /** How long a call may wait before it begins another renewal; one that runs has its own deadline. */
  readonly maxWaitMs: number;
  /** This slot is new, or a flight of it has begun or ended. */
  readonly onChange?: (slot: TokenSlot) => void;
  readonly onRenewed?: (result: RenewalResult, flight: Flight) => void;
  readonly onFailed?: (failure: Failure, slot: TokenSlot) => void;
}

const longestRefusalWaitMs = 2_000;
const refusalMemoryMs = 120_000;

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

  /** Everything that was ever asked for, by key. */
  get slots(): ReadonlyMap<string, TokenSlot> {
    return this.#slots;
  }

  /** Ends all waits with the reason; flights go on, but nobody hears of them. */
  close(reason: AuthError): void {
    this.#closed.abort(reason);
  }

  /** Renews without anybody waiting, unless it runs already or failed just now. */
  renewInBackground(slot: TokenSlot): void {
    if (slot.flight !== undefined || this.#closed.signal.aborted) return;
    const now = this.#options.clock.now();
    if (slot.failure !== undefined && delayUntilAttemptMs(slot.failure, now) > 0) return;
    this.#takeOff(slot, this.#usable(slot) === undefined ? "expired" : "expiring");
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
      const cached = await (delayMs > 0
        ? this.#pause(slot, delayMs, request.signal)
        : this.#join(slot, request));
      if (cached !== undefined) return cached.token;
    }
  }

  /** Waits for the flight; `undefined` when it is worth looking again. */
  async #join(slot: TokenSlot, request: TokenRequest): Promise<CachedToken | undefined> {
    const joined = slot.flight;
    const flight = joined ?? this.#takeOff(slot, this.#reason(slot));
    flight.waiting.add(request);
    const cached = await this.#wait(slot, flight.promise, request.signal);
    if (cached === undefined) return undefined;
    // A flight that began before the rejection may bring the rejected token itself.
    const outdated = joined !== undefined && cached.token.value === request.rejected;
    // The clock may have been set while the token was stored.
    return outdated || !isUsable(cached, this.#options.clock.now()) ? undefined : cached;
  }

  /**
   * The outcome of `work`; `undefined` when it is worth looking again: a token may have come
   * from elsewhere, `work` has failed for now, or the caller has left.
   */
  #wait<T>(
    slot: TokenSlot,
    work: Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T | undefined> {
    const signals = [signal, this.#closed.signal, slot.changed.signal];
    return raceSignals(work, ...signals).catch((error: unknown) => {
      if (!isTransient(AuthError.from(error))) throw error;
      return undefined;
    });
  }

  /** How long this call must wait before a renewal; throws when it is too long. */
  #delayMs(slot: TokenSlot, request: TokenRequest, giveUpAt: number): number {
    const now = this.#options.clock.now();
    if (slot.flight !== undefined) return 0;
    if (slot.failure !== undefined) {
      const transient = isTransient(slot.failure.error);
      // A call without a token sees at least one more attempt before it gives up, so
      // that calls go on as soon as the issuer does, however long it was away.
      const greatestDelayMs = (transient && this.#options.maxWaitMs / 2) || undefined;
      const delayMs = delayUntilAttemptMs(slot.failure, now, greatestDelayMs);
      const hopeless = !transient || now + delayMs > giveUpAt;
      if (delayMs > 0 && hopeless) throw slot.failure.error;
      return delayMs;
    }
    const { refusal } = slot;
    const refused = this.#options.cache.get(slot.key)?.token.value === request.rejected;
    if (!refused || refusal === undefined) return 0;
    const delayMs = delayUntilAttemptMs(refusal, now);
    if (delayMs > longestRefusalWaitMs) throw refusal.error;
    return delayMs;
  }

  async #pause(
    slot: TokenSlot,
    delayMs: number,
    signal: AbortSignal | undefined,
  ): Promise<undefined> {
    const { done, interrupt } = sleep(this.#options.clock, delayMs);
    await this.#wait(slot, done, signal).finally(interrupt);
  }

  #takeOff(slot: TokenSlot, reason: RenewalReason): Flight {
    const { clock, cache } = this.#options;
    rememberRefusal(slot, reason, this.#options);
    const stale = cache.get(slot.key)?.token.value;
    const renewal = { key: slot.key, target: slot.target, reason, stale };
    const flight: Flight = {
      reason,
      startedAt: clock.now(),
      waiting: new Set(),
      promise: Promise.resolve().then(() => this.#fly(slot, renewal)),
    };
    // After those who wait for the flight itself have its outcome.
    void flight.promise.catch(() => undefined).then(() => interruptWaits(slot));
    slot.flight = flight;
    this.#options.onChange?.(slot);
    return flight;
  }

  async #fly(slot: TokenSlot, renewal: Renewal): Promise<CachedToken> {
    const flight = slot.flight;
    try {
      const result = await this.#options.renew(renewal);
      this.#options.cache.set(slot.key, result.cached);
      slot.failure = undefined;
      slot.used = (flight?.waiting.size ?? 0) > 0;
      if (flight !== undefined) this.#options.onRenewed?.(result, flight);
      return result.cached;
    } catch (reason) {
      const { clock, random } = this.#options;
      // A sign-in may have overtaken the renewal, whose failure then says nothing.
      const newer = this.#usable(slot, renewal.stale);
      if (newer !== undefined && !isExpiring(newer, clock.now())) return newer;
      const error = AuthError.from(reason);
      slot.failure = rememberFailure(error, slot.failure, clock.now(), random);
      this.#options.onFailed?.(slot.failure, slot);
      throw error;
    } finally {
      slot.flight = undefined;
      this.#options.onChange?.(slot);
    }
  }

  #usable(slot: TokenSlot, rejected?: string): CachedToken | undefined {
    const cached = this.#options.cache.get(slot.key);
    if (cached === undefined || cached.token.value === rejected) return undefined;
    return isUsable(cached, this.#options.clock.now()) ? cached : undefined;
  }

  #reason(slot: TokenSlot): RenewalReason {
    if (this.#usable(slot) !== undefined) return "rejected";
    return this.#options.cache.get(slot.key) === undefined ? "first-use" : "expired";
  }

  #slot(key: string, target: TokenTarget): TokenSlot {
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const slot = createTokenSlot(key, { scopes: target.scopes, resource: target.resource });
    this.#slots.set(key, slot);
    this.#options.onChange?.(slot);
    return slot;
  }
}

// An API that refuses even new tokens must not become a storm of renewals: the
// first refusal renews at once, further ones in a row ever later.
function rememberRefusal(
  slot: TokenSlot,
  reason: RenewalReason,
  { clock, random }: TokenKeeperOptions,
): void {
  const now = clock.now();
  const previous = slot.refusal;
  const recent = previous !== undefined && now - previous.failedAt <= refusalMemoryMs;
  slot.refusal =
    reason === "rejected"
      ? rememberFailure(refusedTokenError(), recent ? previous : undefined, now, random)
      : undefined;
}
