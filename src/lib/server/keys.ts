import type { KeySet } from "./key-set.ts";

/** Where the public keys of one issuer come from. */
export interface Keys {
  /**
   * The keys to verify with. The same object as long as the keys are the same,
   * so that what was verified with it stays verified. Without a promise where
   * they are at hand. Throws or rejects with `KeysUnavailable`.
   */
  current(): KeySet | Promise<KeySet>;
  /**
   * Newer keys than `known`, for a token whose key is not in it; `undefined`
   * when there are none or it is too early to ask again. Rejects with
   * `KeysUnavailable`.
   */
  newerThan(known: KeySet): Promise<KeySet | undefined>;
  /** Drops what is held and loads anew. Rejects with `KeysUnavailable`. */
  reload(): Promise<void>;
}

/** The keys cannot be had now. Says nothing about any token. */
export class KeysUnavailable extends Error {
  override readonly name = "KeysUnavailable";
  /** After how many milliseconds it makes sense to ask again. */
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number, cause?: unknown) {
    super(message, { cause });
    this.retryAfterMs = retryAfterMs;
  }
}
