import { AuthError } from "./auth-error.ts";
import { isUsable } from "./cached-token.ts";
import type { Failure } from "./failure.ts";
import type { Clock } from "./ports.ts";
import { Notifier } from "./notifier.ts";
import type { EventBody } from "./notifier.ts";
import { signedOutError } from "./session-generation.ts";
import type { SessionGeneration } from "./session-generation.ts";
import type { SessionRecord } from "./session-record.ts";
import { describeSession } from "./session-snapshot.ts";
import type { SessionState } from "./session.ts";
import { defaultKey } from "./token-key.ts";
import { interruptWaits } from "./token-slot.ts";
import type { Flight, RenewalResult, TokenSlot } from "./token-slot.ts";

/** Where a session came from, or who ended it. */
export type SessionOrigin = "this-tab" | "another-tab" | "restored";

/**
 * The state of the session in this tab, and the only place that changes it.
 * It does no input or output, so every change is one synchronous step.
 */
export class SessionHolder {
  readonly notifier: Notifier;
  /** Aborts when a session can be used, so that callers look again; another takes its place. */
  changed = new AbortController();
  readonly #clock: Clock;
  readonly #createGeneration: () => SessionGeneration;
  #generation: SessionGeneration;
  #record: SessionRecord | undefined;
  #state: SessionState = "loading";
  readonly #ended = new Set<string>();
  #epoch = 0;
  #version = 0;

  constructor(clock: Clock, createGeneration: () => SessionGeneration) {
    this.#clock = clock;
    this.#createGeneration = createGeneration;
    this.#generation = createGeneration();
    this.notifier = new Notifier(
      () => clock.now(),
      () => describeSession(this.#state, this.#record, this.#generation),
    );
  }

  get generation(): SessionGeneration {
    return this.#generation;
  }

  get record(): SessionRecord | undefined {
    return this.#record;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Grows with every sign-out. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Grows with every change of what is known of the store. */
  get version(): number {
    return this.#version;
  }

  /** The store holds no session: nobody is signed in. */
  loadedNothing(): void {
    if (this.#state !== "loading") return;
    this.#state = "signed-out";
    this.notifier.changed();
  }

  /**
   * Takes a record over that is in the store now. Another subject ends the
   * session. A session that has ended here stays so: a store that failed, or was
   * read before the sign-out, may bring it back. An older one, whose place it took, ends too.
   */
  takeOver(record: SessionRecord, by: SessionOrigin): void {
    if (this.#ended.has(record.session)) {
      const { signedInAt = Infinity } = this.#record ?? {};
      if ((record.signedInAt ?? 0) > signedInAt) this.end("another-tab");
      return;
    }
    if (this.#record !== undefined && this.#record.subject !== record.subject) {
      this.#replaceGeneration(signedOutError("Another person signed in."), "signed-out");
    }
    const before = this.#record;
    const wasRequired = this.#state === "interaction-required";
    this.#version++;
    this.#record = record;
    this.#state = record.interactionRequired === true ? "interaction-required" : "signed-in";
    if (before?.session !== record.session) this.#generation.startOver();
    this.#generation.adopt(record);
    if (this.#state === "signed-in") interruptWaits(this);
    for (const event of describeTakeOver(before, record, by, wasRequired)) {
      this.notifier.emit(event);
    }
    this.notifier.changed();
  }

  /** Another tab has signed out of a session, which need not be known here yet. */
  endSession(session: string): void {
    this.#ended.add(session);
    if (this.#record?.session === session) this.end("another-tab");
  }

  /** Signs this tab out at once: calls in flight are aborted, nothing old is used again. */
  end(by: "this-tab" | "another-tab"): void {
    const known = this.#record !== undefined;
    if (this.#record !== undefined) this.#ended.add(this.#record.session);
    this.#epoch++;
    this.#version++;
    const where = by === "this-tab" ? "You signed out." : "You signed out in another tab.";
    this.#replaceGeneration(signedOutError(where), "signed-out");
    if (known) this.notifier.emit({ type: "signed-out", by });
    this.notifier.changed();
  }

  /** Lets go of timers and waits; the session itself goes on in the store. */
  close(): void {
    this.#generation.end(new AuthError("unavailable", "The session was closed."));
  }

  /** What a renewal runs into may have changed. */
  changedIn(generation: SessionGeneration): void {
    if (generation === this.#generation) this.notifier.changed();
  }

  /** A renewal has brought a token. */
  renewedIn(generation: SessionGeneration, result: RenewalResult, flight: Flight): void {
    if (generation !== this.#generation || result.adopted) return;
    const durationMs = Math.max(0, this.#clock.now() - flight.startedAt);
    const { reason, waiting } = flight;
    this.notifier.emit({ type: "renewed", reason, durationMs, waiting: waiting.size });
  }

  /** A renewal has failed. */
  failedIn(generation: SessionGeneration, failure: Failure, slot: TokenSlot): void {
    if (generation !== this.#generation || this.#state !== "signed-in") return;
    const { code, details } = failure.error;
    const cached = generation.cache.get(slot.key);
    this.notifier.emit({
      type: "renewal-failed",
      code,
      status: details.status,
      oauthError: details.oauthError,
      nextAttemptAt: failure.nextAttemptAt,
      served: cached !== undefined && isUsable(cached, this.#clock.now()),
    });
  }

  #replaceGeneration(reason: AuthError, state: SessionState): void {
    const old = this.#generation;
    this.#generation = this.#createGeneration();
    this.#record = undefined;
    this.#state = state;
    old.end(reason);
  }
}

function describeTakeOver(
  before: SessionRecord | undefined,
  record: SessionRecord,
  by: SessionOrigin,
  wasRequired: boolean,
): EventBody[] {
  if (record.interactionRequired === true) {
    return wasRequired ? [] : [{ type: "interaction-required" }];
  }
  if (before?.session !== record.session) return [{ type: "signed-in", by }];
  const renewed = before.tokens[defaultKey]?.value !== record.tokens[defaultKey]?.value;
  return renewed && by === "another-tab" ? [{ type: "adopted" }] : [];
}
