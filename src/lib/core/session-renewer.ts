import { AuthError } from "./auth-error.ts";
import { cacheToken, isExpiring, isUsable } from "./cached-token.ts";
import type { CachedToken } from "./cached-token.ts";
import type { Clock, Lock, Random } from "./ports.ts";
import type { RefreshExchange, TokenResponse } from "./refresh-exchange.ts";
import { startBounds } from "./renewal-bounds.ts";
import type { RenewalBounds } from "./renewal-bounds.ts";
import type { SessionGeneration } from "./session-generation.ts";
import { fromStored, interactionRequiredError } from "./session-generation.ts";
import type { LedgerEntry } from "./session-ledger.ts";
import type { SessionRecord } from "./session-record.ts";
import type { Renewal, RenewalResult } from "./token-slot.ts";
import { raceSignals } from "./wait.ts";

/** The session's record, as it is in the store or, if that fails, in memory. */
export interface CurrentRecord {
  readonly entry: LedgerEntry;
  readonly record: SessionRecord;
}

/** What a renewal needs of the session around it. */
export interface SessionRenewerOptions {
  readonly lockName: string;
  readonly lock: Lock;
  readonly clock: Clock;
  readonly random: Random;
  readonly exchange: RefreshExchange;
  /** How long to wait for other tabs that renew: longer than a renewal may take. */
  readonly acquireTimeoutMs: number;
  /** How long a renewal may take, the wait for the lock included. */
  readonly holdTimeoutMs: number;
  /** False only when there is certainly no network. */
  readonly online: () => boolean;
  /** Reads the store again; throws when the generation is over. */
  readonly current: (generation: SessionGeneration) => Promise<CurrentRecord>;
  /**
   * Replaces what was read. False when somebody else was faster; throws when the
   * generation is over.
   */
  readonly commit: (
    generation: SessionGeneration,
    current: CurrentRecord,
    record: SessionRecord,
  ) => Promise<boolean>;
  /** The lock could not be had. */
  readonly onUnlocked: () => void;
  /** Keeps listeners quiet while the lock is held; returns how to end it. */
  readonly hold: () => () => void;
}

/**
 * One renewal across tabs: lock, read the store again, refresh only if it still
 * has nothing better, commit. Without the lock it goes on with the commit alone.
 */
export class SessionRenewer {
  readonly #options: SessionRenewerOptions;
  #replayed: string | undefined;

  constructor(options: SessionRenewerOptions) {
    this.#options = options;
  }

  /** Renews when it is this tab's turn, and takes another turn when that one was for nothing. */
  async renew(
    generation: SessionGeneration,
    renewal: Renewal,
    again = false,
  ): Promise<RenewalResult> {
    const { lock, lockName, clock, acquireTimeoutMs, holdTimeoutMs, hold } = this.#options;
    const { ended } = generation;
    const askedAt = clock.now();
    let bounds = startBounds(clock, holdTimeoutMs, ended);
    let release: (() => void) | undefined;
    let result: RenewalResult | undefined;
    try {
      result = await lock.run(lockName, { acquireTimeoutMs, signal: ended }, async (held) => {
        if (!held) {
          // After a sleep the time is over for everybody at once, though nobody has stalled.
          const overslept = clock.now() - askedAt > acquireTimeoutMs + oversleptMs;
          if (overslept && !again) return undefined;
          this.#options.onUnlocked();
          bounds.stop();
          bounds = startBounds(clock, holdTimeoutMs, ended);
        }
        release = hold();
        return raceSignals(this.#renewHeld(generation, renewal, bounds), bounds.signal);
      });
    } finally {
      bounds.stop();
      release?.();
    }
    if (result !== undefined) {
      if (isUsable(result.cached, clock.now())) return result;
      // Once it was a clock that was set. Twice it is a storage that is slower than tokens live.
      if (again) throw outlivedError();
    }
    return this.renew(generation, renewal, true);
  }

  async #renewHeld(
    generation: SessionGeneration,
    renewal: Renewal,
    bounds: RenewalBounds,
  ): Promise<RenewalResult | undefined> {
    let current = await this.#options.current(generation);
    for (let refusals = 0; ;) {
      const adopted = this.#adoptable(current.record, renewal);
      if (adopted !== undefined) return { cached: adopted, adopted: true };
      if (bounds.late()) throw tooLateError();
      try {
        const response = await this.#refresh(current.record, renewal, bounds.signal);
        bounds.answered();
        return await this.#commit(generation, current, renewal, response);
      } catch (error) {
        const { refreshToken: refused, session } = current.record;
        if (this.#mayReplay(error, refused, bounds.signal)) {
          this.#replayed = refused;
          current = await this.#options.current(generation);
          continue;
        }
        if (AuthError.from(error).code !== "interaction-required") throw error;
        current = await this.#requireInteraction(generation, refused);
        if (current.record.refreshToken === undefined) throw error;
        // Not those of a session whose place a sign-in has taken meanwhile.
        if (current.record.session === session && ++refusals > 1) throw error;
      }
    }
  }

  /**
   * Says in the store that only a person can go on, unless it holds another
   * refresh token than the refused one: then that one's record is returned.
   */
  async #requireInteraction(
    generation: SessionGeneration,
    refused: string | undefined,
  ): Promise<CurrentRecord> {
    for (;;) {
      const current = await this.#options.current(generation);
      const { record } = current;
      if (record.refreshToken !== refused || record.interactionRequired === true) return current;
      const required = { ...record, refreshToken: undefined, interactionRequired: true };
      const written = await this.#options.commit(generation, current, required);
      if (written) return { ...current, record: required };
    }
  }

  /** What another tab has put into the store meanwhile, if it is any better. */
  #adoptable(record: SessionRecord, renewal: Renewal): CachedToken | undefined {
    const stored = record.tokens[renewal.key];
    if (stored === undefined || stored.value === renewal.stale) return undefined;
    const cached = fromStored(stored, this.#options.random);
    const now = this.#options.clock.now();
    return isUsable(cached, now) && !isExpiring(cached, now) ? cached : undefined;
  }

  async #refresh(
    record: SessionRecord,
    { target }: Renewal,
    signal: AbortSignal,
  ): Promise<TokenResponse> {
    const { refreshToken } = record;
    if (refreshToken === undefined) throw interactionRequiredError();
    return this.#options.exchange({ ...target, refreshToken, signal });
  }

  // A request that was sent without an answer may have used the refresh token up.
  // Most issuers accept it once more for a short while, so one replay follows at
  // once, after another look at the store: a sign-in may have come in between.
  // Later ones are spaced by the memory of failures.
  #mayReplay(error: unknown, refreshToken: string | undefined, signal: AbortSignal): boolean {
    const ambiguous = AuthError.from(error).details.ambiguous === true;
    const first = this.#replayed !== refreshToken;
    return ambiguous && first && !signal.aborted && this.#options.online();
  }

  /** Stores the answer; `undefined` when a new sign-in has taken the session's place. */
  async #commit(
    generation: SessionGeneration,
    sent: CurrentRecord,
    renewal: Renewal,
    response: TokenResponse,
  ): Promise<RenewalResult | undefined> {
    const { clock, random } = this.#options;
    const refreshToken = response.refreshToken ?? sent.record.refreshToken;
    const stored = { ...response.accessToken, obtainedAt: clock.now() };
    for (let current = sent; ;) {
      const { record } = current;
      const tokens = { ...usableTokens(record, clock.now()), [renewal.key]: stored };
      const idToken = response.idToken ?? record.idToken;
      // The new refresh token may outlive another tab's failure with the old one.
      const next = { ...record, refreshToken, idToken, tokens, interactionRequired: undefined };
      if (await this.#options.commit(generation, current, next)) break;
      current = await this.#options.current(generation);
      if (current.record.session !== sent.record.session) return undefined;
      const adopted = this.#adoptable(current.record, renewal);
      const rotated = current.record.refreshToken !== sent.record.refreshToken;
      if (rotated && adopted !== undefined) return { cached: adopted, adopted: true };
    }
    // After the commit: a token that came too late must not cost the refresh token.
    const cached = cacheToken(response.accessToken, stored.obtainedAt, random);
    return { cached, adopted: false };
  }
}

// A timer that is this late was held up by a sleep of the page or the machine.
const oversleptMs = 2_000;

function tooLateError(): AuthError {
  return new AuthError(
    "unavailable",
    "Too little time was left to ask for a token. The issuer is asked again later.",
  );
}

function outlivedError(): AuthError {
  return new AuthError(
    "unavailable",
    "The new access token had expired before it was stored. The issuer is asked again later.",
  );
}

// Tokens of other targets stay as long as they can be used, so that the record
// does not grow with every scope that was ever asked for.
function usableTokens(record: SessionRecord, now: number): SessionRecord["tokens"] {
  return Object.fromEntries(
    Object.entries(record.tokens).filter(([, token]) => token.expiresAt > now),
  );
}
