import type { Clock, Store } from "../core/ports.ts";
import { createQueue } from "../grants/in-turn.ts";
import type { RecordStore } from "./indexeddb-store.ts";
import { createStoreMirror } from "./store-mirror.ts";

/** A store that says whether other tabs see what it holds. */
export interface ResilientStore extends Store {
  /** False while only this tab's memory works. */
  shared(): boolean;
  /**
   * Calls back once for each time the storage works again, whoever finds that out: a read, a
   * write, or a look at it after a while, which is taken only as long as somebody listens.
   * Returns a function that ends it.
   */
  onRecovered(listener: () => void): () => void;
}

/** What a resilient store needs. */
export interface ResilientStoreOptions {
  readonly clock: Clock;
  /** Told in words, once for each time the storage stops working. */
  readonly onDegraded: (message: string) => void;
  /** Told when what happened meanwhile has reached the storage, so that other tabs can see it. */
  readonly onSaved: () => void;
  /** How long a failed storage is left alone. By default 30 s. */
  readonly retryAfterMs?: number;
}

/**
 * Makes a store of a storage that may be blocked, full, slow, corrupted or
 * emptied. Meanwhile the record lives in memory; when the storage works
 * again and nobody else has written, the record is saved. Never rejects.
 */
export function createResilientStore(
  durable: RecordStore,
  options: ResilientStoreOptions,
): ResilientStore {
  const { clock, onDegraded, onSaved, retryAfterMs = 30_000 } = options;
  const onUnreadable = () => onDegraded(unreadableMessage);
  const mirror = createStoreMirror(durable, { onUnreadable, onSaved });
  const inTurn = createQueue();
  const listeners = createListeners();
  let stopTimer = (): void => undefined;
  const lookLater = () => {
    stopTimer();
    stopTimer = clock.after(retryAfterMs + earlyMs, () => void look());
  };
  const storage = createAttempts({ ...options, retryAfterMs }, lookLater, () => {
    stopTimer();
    listeners.tell();
  });
  const read = () =>
    inTurn(async () => {
      await storage.attempt(
        () => mirror.synchronise(),
        () => undefined,
      );
      return mirror.current();
    });
  const look = async () => {
    if (!storage.failing() || !listeners.any()) return;
    await read();
    // A clock that was set may have kept it from being tried.
    if (storage.failing()) lookLater();
  };
  return {
    read,
    replace: (expected, value) =>
      inTurn(async () => {
        const next = { revision: newRevision(), value };
        const written = await storage.attempt(
          () => mirror.replace(expected, next),
          () => mirror.replaceInMemory(expected, next, clock.now()),
        );
        return written ? next.revision : undefined;
      }),
    shared: () => !storage.failing(),
    onRecovered(listener) {
      if (storage.failing()) lookLater();
      return listeners.add(listener);
    },
  };
}

/** Told in microtasks of their own: one that throws harms no read, and one that reads waits for it. */
function createListeners() {
  const all = new Set<() => void>();
  return {
    any: () => all.size > 0,
    tell() {
      for (const listener of all) queueMicrotask(listener);
    },
    add(listener: () => void) {
      const own = () => {
        if (all.has(own)) listener();
      };
      all.add(own);
      return () => void all.delete(own);
    },
  };
}

/** Uses the storage, or the memory while it fails. */
function createAttempts(
  { clock, onDegraded, retryAfterMs }: ResilientStoreOptions & { readonly retryAfterMs: number },
  onFailed: () => void,
  onRecovered: () => void,
) {
  let failedAt: number | undefined;
  return {
    failing: () => failedAt !== undefined,
    async attempt<T>(work: () => Promise<T>, inMemory: () => T): Promise<T> {
      if (failedAt !== undefined && isResting(clock.now() - failedAt, retryAfterMs)) {
        return inMemory();
      }
      try {
        // Twice, because one slip (a page that slept, a timeout) must not part this tab from the
        // others: it would go on with a refresh token that they have used already.
        const result = await (failedAt === undefined ? work().catch(work) : work());
        if (failedAt !== undefined) onRecovered();
        failedAt = undefined;
        return result;
      } catch (error) {
        if (failedAt === undefined) onDegraded(degradedMessage(error));
        failedAt = clock.now();
        onFailed();
        return inMemory();
      }
    },
  };
}

/** A runtime's timer may be this much early. */
const earlyMs = 10;

/** A clock that went back must not turn seconds into hours. */
function isResting(elapsedMs: number, retryAfterMs: number): boolean {
  return elapsedMs >= 0 && elapsedMs < retryAfterMs;
}

/** Random, so that no two tabs ever choose the same; works without a secure context, too. */
function newRevision(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const unreadableMessage =
  "The stored session cannot be read any more, so it was set aside. Sign in again to go on.";

function degradedMessage(error: unknown): string {
  const name = error instanceof Error ? error.name : "unknown error";
  return (
    `This browser's storage does not work (${name}). The session lives in this tab only ` +
    "until it works again: a reload may ask for a new sign-in."
  );
}
