import type { AccessToken } from "./access-token.ts";
import { isUsable } from "./cached-token.ts";
import type { Channel, ChannelMessage, Clock, Lock, Random, Store, Wake } from "./ports.ts";
import type { Identity, RefreshExchange, TokenResponse } from "./refresh-exchange.ts";
import {
  createSessionGeneration,
  interactionRequiredError,
  signedOutError,
} from "./session-generation.ts";
import type { SessionGeneration } from "./session-generation.ts";
import { SessionHolder } from "./session-holder.ts";
import { createSessionLedger } from "./session-ledger.ts";
import { createSessionRecord, recordSchema } from "./session-record.ts";
import { SessionRenewer } from "./session-renewer.ts";
import { SessionSync } from "./session-sync.ts";
import type { Session, SessionSnapshot } from "./session.ts";
import { tokenKey } from "./token-key.ts";
import type { TokenRequest } from "./token-source.ts";
import { raceSignals } from "./wait.ts";

/** What a coordinator needs of its environment. */
export interface RefreshCoordinatorOptions {
  /** Names the lock: one for each issuer and client. */
  readonly name: string;
  readonly exchange: RefreshExchange;
  readonly store: Store;
  readonly lock: Lock;
  readonly channel: Channel;
  readonly wake: Wake;
  readonly clock: Clock;
  readonly random: Random;
  /** How long one renewal may take, and so hold the lock. Default 20,000. */
  readonly holdTimeoutMs?: number;
  /** How long to wait for another tab's renewal. Default `holdTimeoutMs` + 5,000. */
  readonly acquireTimeoutMs?: number;
  /** How long a call may wait for an issuer that does not answer. Default 10,000. */
  readonly maxWaitMs?: number;
  /** Another person's sign-in has taken the place of a session with this refresh token. */
  readonly onReplaced?: (refreshToken: string) => void;
}

/** What a sign-out leaves to do: revoke the one, hint with the other. */
export interface EndedSession {
  readonly refreshToken: string | undefined;
  readonly idToken: string | undefined;
}

/**
 * The one owner of a session's refresh token, in all tabs. A `Session` without
 * the ways to sign in and out, which belong to the environment.
 */
export interface RefreshCoordinator extends Pick<
  Session,
  "getToken" | "getSnapshot" | "subscribe" | "onEvent"
> {
  readonly ended: AbortSignal;
  /** Reads the store; afterwards the state is known. Never rejects. */
  load(): Promise<SessionSnapshot>;
  /** Grows with every sign-out; guards a sign-in that a sign-out overtakes. */
  epoch(): number;
  /**
   * Commits a finished sign-in. Another subject ends the session before it.
   * False when a sign-out came in between: nothing is used then.
   */
  establish(response: TokenResponse, identity: Identity, epoch: number): Promise<boolean>;
  /** Signs out at once, then clears the store and tells the other tabs. */
  end(): EndedSession;
  /** Resolves when the work that `end` left in the background is done. */
  settled(): Promise<void>;
  /** Tells listeners of trouble that the product works around; once of each kind. */
  warn(about: "store" | "lock" | "clock", message: string): void;
  /** Lets go of channel, timers and listeners. */
  close(): void;
}

/** A coordinator over the given environment; call `load` before anything else. */
export function createRefreshCoordinator(options: RefreshCoordinatorOptions): RefreshCoordinator {
  return new Coordinator(options);
}

const defaultMaxWaitMs = 10_000;
const defaultHoldTimeoutMs = 20_000;
const acquireSlackMs = 5_000;
const unlockedMessage =
  "The lock between tabs could not be had. Renewals go on, so two tabs may renew at once.";

class Coordinator implements RefreshCoordinator {
  readonly #options: RefreshCoordinatorOptions;
  readonly #holder: SessionHolder;
  readonly #sync: SessionSync;
  readonly #renewer: SessionRenewer;
  readonly #warned = new Set<string>();
  readonly #stops: readonly (() => void)[];
  #loading: Promise<SessionSnapshot> | undefined;
  #background: Promise<void> = Promise.resolve();
  #nextLook: Promise<void> | undefined;

  constructor(options: RefreshCoordinatorOptions) {
    this.#options = options;
    this.#holder = new SessionHolder(options.clock, () => this.#createGeneration());
    const ledger = createSessionLedger(options.store, (message) => this.warn("store", message));
    this.#sync = new SessionSync(this.#holder, ledger, options.channel, options.onReplaced);
    this.#renewer = this.#createRenewer();
    this.#stops = [
      options.channel.subscribe((message) => this.#onMessage(message)),
      options.wake.subscribe(() => this.#onWake()),
    ];
  }

  get ended(): AbortSignal {
    return this.#holder.generation.ended;
  }

  readonly getSnapshot = (): SessionSnapshot => this.#holder.notifier.getSnapshot();
  readonly subscribe: Session["subscribe"] = (listener) =>
    this.#holder.notifier.subscribe(listener);
  readonly onEvent: Session["onEvent"] = (listener) => this.#holder.notifier.onEvent(listener);

  epoch(): number {
    return this.#holder.epoch;
  }

  settled(): Promise<void> {
    return this.#background;
  }

  getToken(request: TokenRequest = {}): Promise<AccessToken> {
    if (this.#holder.state === "signed-in") return this.#holder.generation.keeper.getToken(request);
    return this.#getTokenOtherwise(request);
  }

  load(): Promise<SessionSnapshot> {
    this.#loading ??= this.#sync.reread("restored").then(() => {
      this.#holder.loadedNothing();
      return this.getSnapshot();
    });
    return this.#loading;
  }

  async establish(response: TokenResponse, identity: Identity, epoch: number): Promise<boolean> {
    await this.load();
    const { clock, random } = this.#options;
    return this.#sync.establish(createSessionRecord(response, identity, clock, random), epoch);
  }

  end(): EndedSession {
    const { record, state } = this.#holder;
    this.#holder.end("this-tab");
    if (record !== undefined || state === "loading") {
      this.#inBackground(() => this.#sync.clear(record?.session));
    }
    return { refreshToken: record?.refreshToken, idToken: record?.idToken };
  }

  warn(about: "store" | "lock" | "clock", message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#holder.notifier.emit({ type: "warning", about, message });
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#holder.close();
    this.#options.channel.close();
  }

  async #getTokenOtherwise(request: TokenRequest): Promise<AccessToken> {
    for (let looked = false; this.#holder.state !== "signed-in"; looked = true) {
      request.signal?.throwIfAborted();
      const { generation, state } = this.#holder;
      if (state === "signed-out") throw signedOutError("Nobody is signed in.");
      // Only a person can renew, but what is still valid goes on being served.
      const cached = generation.cache.get(tokenKey(request));
      const usable = cached !== undefined && isUsable(cached, this.#options.clock.now());
      if (usable && cached.token.value !== request.rejected) return cached.token;
      if (looked) throw interactionRequiredError();
      // On waking, a call may be faster than what other tabs announced.
      const look = state === "loading" ? this.load() : this.#look();
      await raceSignals<unknown>(look, request.signal, generation.ended);
    }
    return this.getToken(request);
  }

  #createGeneration(): SessionGeneration {
    const { clock, random, maxWaitMs } = this.#options;
    const generation: SessionGeneration = createSessionGeneration({
      clock,
      random,
      maxWaitMs: maxWaitMs ?? defaultMaxWaitMs,
      renew: (renewal) => this.#renewer.renew(generation, renewal),
      onChange: () => this.#holder.changedIn(generation),
      onRenewed: (result, flight) => this.#holder.renewedIn(generation, result, flight),
      onFailed: (failure, slot) => this.#holder.failedIn(generation, failure, slot),
    });
    return generation;
  }

  #createRenewer(): SessionRenewer {
    const { name, lock, clock, random, exchange, wake } = this.#options;
    const holdTimeoutMs = this.#options.holdTimeoutMs ?? defaultHoldTimeoutMs;
    return new SessionRenewer({
      lockName: name,
      lock,
      clock,
      random,
      exchange,
      holdTimeoutMs,
      acquireTimeoutMs: this.#options.acquireTimeoutMs ?? holdTimeoutMs + acquireSlackMs,
      online: () => wake.online(),
      current: (generation) => this.#sync.current(generation),
      commit: (...change) => this.#sync.commit(...change),
      onUnlocked: () => this.warn("lock", unlockedMessage),
      hold: () => this.#holder.notifier.hold(),
    });
  }

  #onMessage(message: ChannelMessage): void {
    if (message.schema !== recordSchema) return;
    if (message.type === "signed-out") this.#holder.endSession(message.session);
    // After a sign-out too: a store that keeps a copy must not bring the old record back.
    void this.#look();
  }

  // A page that slept has missed what other tabs announced, and a renewal may not be needed any more.
  #onWake(): void {
    void this.#look().then(() => this.#holder.generation.wakeUp());
  }

  /**
   * Reads what other tabs did: once for everybody who asks before it begins, and no longer
   * than until a session can be used here, however slow the store is. Never rejects.
   */
  #look(): Promise<void> {
    const { signal } = this.#holder.changed;
    if (this.#nextLook === undefined) {
      this.#inBackground(() => {
        this.#nextLook = undefined;
        return this.#sync.reread("another-tab");
      });
      this.#nextLook = this.#background;
    }
    return raceSignals(this.#nextLook, signal).catch(() => undefined);
  }

  #inBackground(work: () => Promise<void>): void {
    this.#background = this.#background.then(work);
  }
}
