import type { KeyValueStorage } from "./preferences.ts";

const KEY = "user-lookup.recents";
const MAX_RECENTS = 12;

/** The users that somebody opened last: their ids, newest first, and nothing else. */
export interface Recents {
  get(): readonly string[];
  add(id: string): void;
  clear(): void;
  /** Looks at the storage again, which another tab may have written. */
  reload(): void;
  subscribe(listener: () => void): () => void;
}

/**
 * Recents kept in `storage`. They belong to `subject`: whoever signs in after
 * another person does not see that person's.
 */
export function createRecents(
  storage: KeyValueStorage | undefined,
  subject: () => string | undefined,
): Recents {
  let cache: { readonly subject: string | undefined; readonly ids: readonly string[] } | undefined;
  const listeners = new Set<() => void>();
  const current = () => {
    const owner = subject();
    if (cache === undefined || cache.subject !== owner) {
      cache = { subject: owner, ids: read(storage, owner) };
    }
    return cache.ids;
  };
  const replace = (ids: readonly string[]) => {
    cache = { subject: subject(), ids };
    write(storage, cache);
    for (const listener of listeners) listener();
  };
  return {
    get: current,
    add(id) {
      if (current()[0] === id) return;
      replace([id, ...current().filter((other) => other !== id)].slice(0, MAX_RECENTS));
    },
    clear: () => replace([]),
    reload() {
      cache = undefined;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function read(storage: KeyValueStorage | undefined, subject: string | undefined): string[] {
  try {
    const stored: unknown = JSON.parse(storage?.getItem(KEY) ?? "null");
    if (typeof stored !== "object" || stored === null) return [];
    const record = stored as { subject?: unknown; ids?: unknown };
    if (record.subject !== subject || !Array.isArray(record.ids)) return [];
    return record.ids.filter((id) => typeof id === "string").slice(0, MAX_RECENTS);
  } catch {
    // Storage that is off or damaged remembers nobody.
    return [];
  }
}

function write(storage: KeyValueStorage | undefined, record: object): void {
  try {
    storage?.setItem(KEY, JSON.stringify(record));
  } catch {
    // Full or switched off: recents then last as long as the page.
  }
}
