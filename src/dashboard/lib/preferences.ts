/** The part of `Storage` that is needed; a test brings a `Map`. */
export interface KeyValueStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** The look that a person chose; `system` follows the machine. */
export type Theme = "system" | "light" | "dark";

/** What this browser remembers about how somebody likes to work. */
export interface Preferences {
  readonly theme: Theme;
  /** Whether single keys such as `j` do something (WCAG 2.1.4). */
  readonly singleKeys: boolean;
  /** The names of the columns that a new search shows; none means the usual ones. */
  readonly columns: readonly string[];
}

const KEY = "user-lookup.preferences";
const DEFAULTS: Preferences = { theme: "system", singleKeys: true, columns: [] };

/** A small store that React can subscribe to. Survives storage that is off or full. */
export interface PreferenceStore {
  get(): Preferences;
  set(change: Partial<Preferences>): void;
  /** Looks at the storage again, which another tab may have written. */
  reload(): void;
  subscribe(listener: () => void): () => void;
}

/** Preferences kept in `storage`. */
export function createPreferenceStore(storage: KeyValueStorage | undefined): PreferenceStore {
  let current = read(storage);
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    set(change) {
      current = { ...current, ...change };
      attempt(() => storage?.setItem(KEY, JSON.stringify(current)));
      for (const listener of listeners) listener();
    },
    reload() {
      current = read(storage);
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function read(storage: KeyValueStorage | undefined): Preferences {
  const stored: unknown = attempt(() => JSON.parse(storage?.getItem(KEY) ?? "null") as unknown);
  if (typeof stored !== "object" || stored === null) return DEFAULTS;
  const { theme, singleKeys, columns } = stored as Partial<Record<keyof Preferences, unknown>>;
  return {
    theme: theme === "light" || theme === "dark" ? theme : "system",
    singleKeys: singleKeys !== false,
    columns: Array.isArray(columns) ? columns.filter((name) => typeof name === "string") : [],
  };
}

/** Storage may be switched off, full or damaged; then the default serves. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
