import { Code } from "@connectrpc/connect";
import { userError, userNotFound } from "./errors.ts";
import type { UserStore } from "./store.ts";
import type { UserRecord } from "./user-record.ts";
import { createWatcher } from "./watcher.ts";
import type { Watcher } from "./watcher.ts";

const MAX_OF_ONE_PRINCIPAL = 64;
const POLL_MS = 250;
const HEARTBEAT_MS = 15_000;

/** What a watch tells: the user as it is now, or that nothing has changed. */
export type WatchEvent =
  { readonly type: "user"; readonly user: UserRecord } | { readonly type: "heartbeat" };

/** What to watch, and for whom. */
export interface WatchRequest {
  readonly userId: string;
  /** The version that the caller has seen. */
  readonly afterVersion: bigint;
  /** Whose watches are counted together. */
  readonly principal: string;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/** Everybody who watches a user. */
export interface UserWatches {
  /**
   * The user first (a heartbeat when the caller has seen this version), then
   * each change as the state it led to, and a heartbeat after 15 s of silence.
   * Throws NOT_FOUND, also when the user goes away, RESOURCE_EXHAUSTED beyond 64 watches of
   * one principal, UNAVAILABLE after `close`.
   */
  watch(request: WatchRequest): AsyncGenerator<WatchEvent, void, undefined>;
  /** How many watches there are. */
  readonly size: number;
  /** Ends all watches with UNAVAILABLE, and every later one. */
  close(): void;
}

/** Timers for `createUserWatches`; tests bring their own. */
export interface WatchTimers {
  /** Milliseconds; only differences matter. */
  readonly now: () => number;
  /** Calls back again and again, until what it returns is called. */
  readonly every: (intervalMs: number, callback: () => void) => () => void;
}

// None of them keeps the process alive.
const systemTimers: WatchTimers = {
  now: () => performance.now(),
  every(intervalMs, callback) {
    const timer = setInterval(callback, intervalMs).unref();
    return () => clearInterval(timer);
  },
};

/** Watches over a store; one poll serves them all, and runs only while somebody watches. */
export function createUserWatches(store: UserStore, timers = systemTimers): UserWatches {
  const watchers = new Set<Watcher>();
  let stopPolling = () => {};
  let isClosed = false;

  function begin({ userId, principal, signal }: WatchRequest): Watcher {
    signal.throwIfAborted();
    if (isClosed) throw shuttingDown();
    const own = [...watchers].filter((watcher) => watcher.principal === principal);
    if (own.length >= MAX_OF_ONE_PRINCIPAL) throw tooMany();
    if (watchers.size === 0) {
      stopPolling = timers.every(POLL_MS, createPoll(store, watchers, timers.now));
    }
    const watcher = createWatcher(userId, principal);
    watchers.add(watcher);
    return watcher;
  }

  function end(watcher: Watcher, reason: unknown): void {
    watcher.fail(reason);
    if (watchers.delete(watcher) && watchers.size === 0) stopPolling();
  }

  async function* watch(request: WatchRequest): AsyncGenerator<WatchEvent, void, undefined> {
    const user = present(store, request.userId);
    const watcher = begin(request);
    const { afterVersion, signal } = request;
    // Nobody may ever ask for the next element, and then there is no `finally` either.
    signal.addEventListener("abort", () => end(watcher, signal.reason), { once: true });
    try {
      yield* tellAll(store, watcher, { user, afterVersion, now: timers.now });
    } finally {
      end(watcher, undefined);
    }
  }

  return {
    watch,
    get size() {
      return watchers.size;
    },
    close() {
      isClosed = true;
      for (const watcher of watchers) end(watcher, shuttingDown());
    },
  };
}

/**
 * Asks the database whether anything has been committed, by whatever process;
 * only then it reads versions and wakes the watchers whose user has another
 * one. Wakes those too that have told nothing for 15 s.
 */
function createPoll(store: UserStore, watchers: ReadonlySet<Watcher>, now: () => number) {
  // Whatever was committed before the first poll is looked at again.
  let stamp = "";
  return () => {
    try {
      const current = store.changeStamp();
      if (current !== stamp) wakeChanged(store, watchers);
      stamp = current;
    } catch (error) {
      for (const watcher of watchers) watcher.fail(error);
    }
    const due = now() - HEARTBEAT_MS;
    for (const watcher of watchers) if (watcher.toldAt <= due) watcher.wake();
  };
}

function wakeChanged(store: UserStore, watchers: ReadonlySet<Watcher>): void {
  const versions = store.versions(new Set([...watchers].map(({ userId }) => userId)));
  for (const watcher of watchers) {
    if (versions.get(watcher.userId) !== watcher.version) watcher.wake();
  }
}

async function* tellAll(
  store: UserStore,
  watcher: Watcher,
  first: { user: UserRecord; afterVersion: bigint; now: () => number },
): AsyncGenerator<WatchEvent, never, undefined> {
  let { user } = first;
  let hasChanged = BigInt(user.version) > first.afterVersion;
  for (;;) {
    watcher.version = user.version;
    watcher.toldAt = first.now();
    yield hasChanged ? { type: "user", user } : { type: "heartbeat" };
    await watcher.news();
    user = present(store, watcher.userId);
    hasChanged = user.version !== watcher.version;
  }
}

function present(store: UserStore, userId: string): UserRecord {
  const user = store.get(userId);
  if (user) return user;
  throw userNotFound(userId);
}

function shuttingDown(): Error {
  const message = "The server is shutting down. Watch again with the last version seen.";
  return userError(Code.Unavailable, "SERVER_SHUTTING_DOWN", message);
}

function tooMany(): Error {
  const limit = String(MAX_OF_ONE_PRINCIPAL);
  const message = `You watch ${limit} users already. End a watch before you begin another.`;
  return userError(Code.ResourceExhausted, "TOO_MANY_WATCHES", message, { limit });
}
