import { hash } from "node:crypto";

/** Remembers what was found out about a token, by the hash of the token. */
export interface TokenMemory<T> {
  /** The name of a token in this memory: its SHA-256. The token is not kept. */
  keyOf(token: string): string;
  /** What is remembered; counts as a use. */
  get(key: string): T | undefined;
  /** Remembers, and forgets what was used longest ago when there are too many. */
  set(key: string, value: T): void;
  /** Forgets everything. */
  clear(): void;
  /** How many are remembered. */
  readonly size: number;
}

/** A memory of at most `capacity` tokens; 0 remembers nothing. */
export function createTokenMemory<T>(capacity: number): TokenMemory<T> {
  // A Map keeps the order of insertion: the first is the one used longest ago.
  const entries = new Map<string, T>();
  return {
    keyOf: (token) => hash("sha256", token, "base64"),
    get(key) {
      const value = entries.get(key);
      if (value === undefined) return undefined;
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size <= capacity) return;
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        return;
      }
    },
    clear: () => entries.clear(),
    get size() {
      return entries.size;
    },
  };
}
