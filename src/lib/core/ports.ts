/**
 * The environment of the token path. Core reads no clock, sets no timer and
 * draws no random number but through these, so that browsers, edge runtimes
 * and tests each bring their own.
 */

/** Wall-clock time and one-shot timers. */
export interface Clock {
  /** Epoch milliseconds. May jump, forwards and backwards. */
  now(): number;
  /**
   * Calls back once after `delayMs`. A hint: a sleeping machine calls late.
   * Returns a function that cancels the timer.
   */
  after(delayMs: number, callback: () => void): () => void;
}

/** A uniformly distributed number in [0, 1), for jitter. */
export type Random = () => number;

/** The `fetch` of the runtime, resolved at the time of the call. */
export type Fetch = (input: string | URL, init?: RequestInit) => Promise<Response>;

/** Mutual exclusion between all tabs of one origin. */
export interface Lock {
  /**
   * Runs `task` while holding the lock `name`, and returns its outcome. When
   * the lock cannot be had within `acquireTimeoutMs` (or at all), the task runs
   * nevertheless, with `held` false. Never steals. When `signal` aborts before
   * the task began, rejects with its reason and does not run the task.
   */
  run<T>(
    name: string,
    options: { readonly acquireTimeoutMs: number; readonly signal?: AbortSignal },
    task: (held: boolean) => Promise<T>,
  ): Promise<T>;
}

/**
 * What tabs tell each other. Never a token: a message says that the store has
 * changed, and why. `schema` lets an older build skip what it cannot know.
 */
export interface ChannelMessage {
  readonly schema: number;
  /** Which session it is about: a random name, not a secret. */
  readonly session: string;
  readonly type: "tokens-changed" | "signed-in" | "signed-out" | "interaction-required";
}

/** Announcements to the other tabs of one origin. */
export interface Channel {
  /** Tells every other subscriber; not the sender. Never throws. */
  post(message: ChannelMessage): void;
  /** Returns a function that ends the subscription. */
  subscribe(listener: (message: ChannelMessage) => void): () => void;
  /** Releases what the channel holds. */
  close(): void;
}

/** A stored value together with the revision that guards its replacement. */
export interface StoredRecord {
  /** Changes with every replacement, also by another tab. Opaque. */
  readonly revision: string;
  /** `undefined` when the record was removed. */
  readonly value: string | undefined;
}

/** One durable record, shared by all tabs of one session. */
export interface Store {
  /** The record, or `undefined` when nothing was ever stored. */
  read(): Promise<StoredRecord | undefined>;
  /**
   * Replaces the record when its revision is still `expected` (`undefined`:
   * when there is none yet), in one step. `value` undefined removes the value
   * and keeps a revision. Returns the new revision, or `undefined` when somebody
   * else was faster and nothing was written.
   */
  replace(expected: string | undefined, value: string | undefined): Promise<string | undefined>;
}

/** Tells that the world may have changed while nobody looked. */
export interface Wake {
  /**
   * Calls back when the page becomes visible, comes back from the back/forward
   * cache, or the network returns. Returns a function that ends it.
   */
  subscribe(listener: () => void): () => void;
  /** False only when the runtime knows that there is no network. */
  online(): boolean;
}
