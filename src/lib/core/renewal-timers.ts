import { isExpiring, isUsable } from "./cached-token.ts";
import type { Clock } from "./ports.ts";
import type { TokenCache, TokenKeeper } from "./token-keeper.ts";
import type { TokenSlot } from "./token-slot.ts";
import { interruptWaits } from "./token-slot.ts";

// Longer timers than 2^31 - 1 ms fire at once in every runtime.
const longestTimerMs = 86_400_000;

/**
 * Renews the tokens of a keeper while calls use them, not only when a call
 * comes. Timers are hints: every call looks for itself.
 */
export class RenewalTimers {
  readonly #clock: Clock;
  readonly #cache: TokenCache;
  readonly #keeper: TokenKeeper;
  readonly #cancels = new Map<string, () => void>();
  #stopped = false;

  constructor(clock: Clock, cache: TokenCache, keeper: TokenKeeper) {
    this.#clock = clock;
    this.#cache = cache;
    this.#keeper = keeper;
  }

  /** Plans the next renewal of a slot, or the next attempt after a failure. */
  plan(slot: TokenSlot): void {
    this.#cancels.get(slot.key)?.();
    const at = slot.failure?.nextAttemptAt ?? this.#cache.get(slot.key)?.refreshAt;
    if (this.#stopped || slot.flight !== undefined || at === undefined || needsPerson(slot)) return;
    // Whole milliseconds: a runtime drops the fraction, and would call too early.
    const delayMs = Math.min(Math.max(0, Math.ceil(at - this.#clock.now())), longestTimerMs);
    this.#cancels.set(
      slot.key,
      this.#clock.after(delayMs, () => this.#onTimer(slot)),
    );
  }

  /** Something may have changed: forgets delays and renews what is stale and in use. */
  wakeUp(): void {
    const now = this.#clock.now();
    for (const slot of this.#keeper.slots.values()) {
      if (slot.failure?.pinned === false) slot.failure = { ...slot.failure, nextAttemptAt: now };
      interruptWaits(slot);
      const wanted = slot.used && !needsPerson(slot);
      if (wanted && this.#isStale(slot)) this.#keeper.renewInBackground(slot);
    }
  }

  /** Forgets what failed: a new sign-in, or a token from another tab. */
  recovered(slots: Iterable<TokenSlot>): void {
    for (const slot of slots) {
      slot.failure = undefined;
      interruptWaits(slot);
      this.plan(slot);
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#cancels.values()) cancel();
  }

  #onTimer(slot: TokenSlot): void {
    if (!slot.used) return;
    if (slot.failure !== undefined || this.#isStale(slot)) this.#keeper.renewInBackground(slot);
    // Timers come early too: rounded, cut to their greatest length, or after a clock jump.
    this.plan(slot);
  }

  #isStale(slot: TokenSlot): boolean {
    const now = this.#clock.now();
    const cached = this.#cache.get(slot.key);
    return cached === undefined || !isUsable(cached, now) || isExpiring(cached, now);
  }
}

// What a person does changes the record, and that begins anew: until then there is nothing to try.
function needsPerson({ failure }: TokenSlot): boolean {
  return failure?.error.code === "interaction-required";
}
