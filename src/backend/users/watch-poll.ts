import type { UserStore } from "./store.ts";
import type { Watcher } from "./watcher.ts";

const POLL_MS = 250;
const HEARTBEAT_MS = 15_000;

/** Timers for `createWatchPoll`; tests bring their own. */
export interface WatchTimers {
  /** Milliseconds; only differences matter. */
  readonly now: () => number;
  /** Calls back again and again, until what it returns is called. */
  readonly every: (intervalMs: number, callback: () => void) => () => void;
}

/** The timers of Node.js. None of them keeps the process alive. */
export const systemTimers: WatchTimers = {
  now: () => performance.now(),
  every(intervalMs, callback) {
    const timer = setInterval(callback, intervalMs).unref();
    return () => clearInterval(timer);
  },
};

/** The one timer behind all watches. */
export interface WatchPoll {
  /** Does nothing when it runs already. */
  start(): void;
  stop(): void;
}

/**
 * Asks the database every 250 ms whether anything has been committed, by
 * whatever process; only then it reads versions and wakes the watchers whose
 * user has another one. Wakes those too that have heard nothing for 15 s.
 */
export function createWatchPoll(
  store: UserStore,
  watchers: ReadonlySet<Watcher>,
  timers: WatchTimers,
): WatchPoll {
  let stop: (() => void) | undefined;
  let stamp = "";

  function poll(): void {
    try {
      const current = store.changeStamp();
      if (current !== stamp) compareVersions(store, watchers);
      stamp = current;
    } catch (error) {
      for (const watcher of watchers) watcher.fail(error);
    }
    const due = timers.now() - HEARTBEAT_MS;
    for (const watcher of watchers) if (watcher.toldAt <= due) watcher.wake("heartbeat");
  }

  return {
    start() {
      if (stop) return;
      // Whatever was committed before the first poll is looked at again.
      stamp = "";
      stop = timers.every(POLL_MS, poll);
    },
    stop() {
      stop?.();
      stop = undefined;
    },
  };
}

function compareVersions(store: UserStore, watchers: ReadonlySet<Watcher>): void {
  const versions = store.versions(new Set([...watchers].map(({ userId }) => userId)));
  for (const watcher of watchers) {
    if (versions.get(watcher.userId) !== watcher.version) watcher.wake("change");
  }
}
