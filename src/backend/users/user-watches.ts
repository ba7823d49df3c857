import { Code } from "@connectrpc/connect";
import { userError, userNotFound } from "./errors.ts";
import type { UserStore } from "./store.ts";
import type { UserRecord } from "./user-record.ts";
import { createWatcher } from "./watcher.ts";
import type { WatchEvent, Watcher } from "./watcher.ts";
import { createWatchPoll, systemTimers } from "./watch-poll.ts";
import type { WatchTimers } from "./watch-poll.ts";

const MAX_OF_ONE_PRINCIPAL = 64;

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

/** Watches over a store; one poll serves them all, and runs only while somebody watches. */
export function createUserWatches(
  store: UserStore,
  timers: WatchTimers = systemTimers,
): UserWatches {
  const watchers = new Set<Watcher>();
  const poll = createWatchPoll(store, watchers, timers);
  let isClosed = false;

  function admit({ userId, principal, signal }: WatchRequest): Watcher {
    signal.throwIfAborted();
    if (isClosed) throw shuttingDown();
    const own = [...watchers].filter((watcher) => watcher.principal === principal);
    if (own.length >= MAX_OF_ONE_PRINCIPAL) throw tooMany();
    return createWatcher({ userId, principal, toldAt: timers.now() });
  }

  function end(watcher: Watcher, reason: unknown): void {
    watcher.fail(reason);
    watchers.delete(watcher);
    if (watchers.size === 0) poll.stop();
  }

  async function* watch(request: WatchRequest): AsyncGenerator<WatchEvent, void, undefined> {
    const { userId, afterVersion, signal } = request;
    const user = present(store, userId);
    const watcher = admit(request);
    watchers.add(watcher);
    poll.start();
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

async function* tellAll(
  store: UserStore,
  watcher: Watcher,
  first: { user: UserRecord; afterVersion: bigint; now: () => number },
): AsyncGenerator<WatchEvent, never, undefined> {
  const { user, afterVersion, now } = first;
  yield watcher.tell(user, BigInt(user.version) > afterVersion, now());
  for (;;) {
    const news = await watcher.news();
    const current = present(store, watcher.userId);
    const hasChanged = current.version !== watcher.version;
    if (hasChanged || news === "heartbeat") yield watcher.tell(current, hasChanged, now());
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
