import type { Clock, Lock } from "../core/ports.ts";
import { asError } from "../core/wait.ts";

/**
 * A lock between all tabs of one origin, on the Web Locks API. Without it, a
 * mutex of this page alone, whose tasks hear that the lock is not held.
 */
export function createWebLock(clock: Clock, locks = availableLocks()): Lock {
  const inPage = createInPageLock(clock);
  const alone: Lock["run"] = (name, limits, task) => inPage(name, limits, () => task(false));
  if (locks === null) return { run: alone };
  return {
    run: (name, limits, task) =>
      request(locks, clock, name, limits, task).catch((error: unknown) => {
        if (error instanceof LockUnavailable) return alone(name, limits, task);
        throw error;
      }),
  };
}

/** Missing in insecure contexts and in older browsers. */
function availableLocks(): LockManager | null {
  return globalThis.navigator?.locks ?? null;
}

type Limits = Parameters<Lock["run"]>[1];

/** The browser refused to lock at all; the task has not begun. */
class LockUnavailable extends Error {}

async function request<T>(
  locks: LockManager,
  clock: Clock,
  name: string,
  limits: Limits,
  task: (held: boolean) => Promise<T>,
): Promise<T> {
  limits.signal?.throwIfAborted();
  const acquire = new AbortController();
  const giveUp = () => acquire.abort();
  const stopTimer = clock.after(limits.acquireTimeoutMs, giveUp);
  limits.signal?.addEventListener("abort", giveUp, { once: true });
  let granted = false;
  const settle = () => {
    stopTimer();
    limits.signal?.removeEventListener("abort", giveUp);
  };
  try {
    return await locks.request(name, { signal: acquire.signal }, async () => {
      granted = true;
      settle();
      return task(true);
    });
  } catch (error) {
    // Only `granted` tells the timeout from an AbortError of the task itself.
    if (granted) throw error;
    if (limits.signal?.aborted === true) throw asError(limits.signal.reason);
    if (!acquire.signal.aborted) throw new LockUnavailable("", { cause: error });
  } finally {
    settle();
  }
  return task(false);
}

type RunInPage = <T>(name: string, limits: Limits, task: () => Promise<T>) => Promise<T>;

function createInPageLock(clock: Clock): RunInPage {
  const tails = new Map<string, Promise<void>>();
  return async (name, limits, task) => {
    limits.signal?.throwIfAborted();
    const turn = tails.get(name) ?? Promise.resolve();
    let release = (): void => undefined;
    const done = new Promise<void>((resolve) => {
      release = resolve;
    });
    const tail = turn.then(() => done);
    tails.set(name, tail);
    try {
      await boundedWait(turn, clock, limits);
      return await task();
    } finally {
      release();
      if (tails.get(name) === tail) tails.delete(name);
    }
  };
}

/** Waits for `turn`, at most `acquireTimeoutMs`; rejects when the signal aborts. */
function boundedWait(turn: Promise<void>, clock: Clock, limits: Limits): Promise<void> {
  return new Promise((resolve, reject) => {
    const { signal } = limits;
    const stopTimer = clock.after(limits.acquireTimeoutMs, () => go());
    const abort = () => {
      stopTimer();
      reject(asError(signal?.reason));
    };
    const go = () => {
      stopTimer();
      signal?.removeEventListener("abort", abort);
      resolve();
    };
    signal?.addEventListener("abort", abort, { once: true });
    void turn.then(go);
  });
}
