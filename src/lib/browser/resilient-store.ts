import type { Clock, Store } from "../core/ports.ts";
import { createQueue } from "../grants/in-turn.ts";
import type { RecordStore } from "./indexeddb-store.ts";
import { createStoreMirror } from "./store-mirror.ts";

/** A store that says whether other tabs see what it holds. */
export interface ResilientStore extends Store {
  /** False while only this tab's memory works. */
  shared(): boolean;
}

/** What a resilient store needs. */
export interface ResilientStoreOptions {
  readonly clock: Clock;
  /** Told in words, once for each time the storage stops working. */
  readonly onDegraded: (message: string) => void;
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
  const { clock, onDegraded, retryAfterMs = 30_000 } = options;
  const mirror = createStoreMirror(durable, () => onDegraded(unreadableMessage));
  const inTurn = createQueue();
  let failedAt: number | undefined;

  const attempt = async <T>(work: () => Promise<T>, inMemory: () => T): Promise<T> => {
    if (failedAt !== undefined && isResting(clock.now() - failedAt, retryAfterMs)) {
      return inMemory();
    }
    try {
      // Twice, because one slip (a page that slept, a timeout) must not part this tab from the
      // others: it would go on with a refresh token that they have used already.
      const result = await (failedAt === undefined ? work().catch(work) : work());
      failedAt = undefined;
      return result;
    } catch (error) {
      if (failedAt === undefined) onDegraded(degradedMessage(error));
      failedAt = clock.now();
      return inMemory();
    }
  };
  return {
    read: () =>
      inTurn(async () => {
        await attempt(
          () => mirror.synchronise(),
          () => undefined,
        );
        return mirror.current();
      }),
    replace: (expected, value) =>
      inTurn(async () => {
        const next = { revision: newRevision(), value };
        const written = await attempt(
          () => mirror.replace(expected, next),
          () => mirror.replaceInMemory(expected, next),
        );
        return written ? next.revision : undefined;
      }),
    shared: () => failedAt === undefined,
  };
}

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
  "The stored session cannot be read any more, so it was set aside. Signing in again replaces it.";

function degradedMessage(error: unknown): string {
  const name = error instanceof Error ? error.name : "unknown error";
  return (
    `This browser's storage does not work (${name}). The session lives in this tab only ` +
    "until it works again: a reload may ask for a new sign-in."
  );
}
