import type { Clock } from "../core/ports.ts";
import type { KeySet } from "./key-set.ts";
import { KeysUnavailable } from "./keys.ts";

/** One request for keys at a time, and a pause after each failure. */
export interface KeyLoader {
  /** Joins the request that runs, or begins one. Rejects with `KeysUnavailable`. */
  load(): Promise<KeySet>;
  /** Begins a request even so; what an older one brings is not used. */
  restart(): Promise<KeySet>;
  /** Whether a request runs. */
  isLoading(): boolean;
  /** Whether the latest request failed. */
  hasFailed(): boolean;
}

/** What a loader is made of. */
export interface KeyLoaderOptions {
  readonly clock: Clock;
  /** For so long after a failure, every `load` fails at once. */
  readonly failureMs: number;
  readonly request: () => Promise<KeySet>;
  /** Called with the outcome of the newest request only. */
  readonly onLoaded: (set: KeySet) => void;
  readonly onFailed: (cause: unknown) => void;
}

/** A loader that has not loaded anything yet. See {@link KeyLoader}. */
export function createKeyLoader(options: KeyLoaderOptions): KeyLoader {
  const { clock, failureMs, request, onLoaded, onFailed } = options;
  let failure: { readonly at: number; readonly cause: unknown } | undefined;
  let running: Promise<KeySet> | undefined;
  // What was requested before a restart may hold a key that was removed since.
  let newest = 0;

  async function attempt(id: number): Promise<KeySet> {
    try {
      const set = await request();
      if (id !== newest) return await load();
      failure = undefined;
      onLoaded(set);
      return set;
    } catch (cause) {
      if (id !== newest) return await load();
      failure = { at: clock.now(), cause };
      onFailed(cause);
      throw unavailable(failureMs, cause);
    }
  }

  function start(): Promise<KeySet> {
    newest += 1;
    const started = attempt(newest).finally(() => {
      if (running === started) running = undefined;
    });
    running = started;
    return started;
  }

  async function load(): Promise<KeySet> {
    if (running !== undefined) return await running;
    const waitedMs = failure === undefined ? failureMs : clock.now() - failure.at;
    if (waitedMs >= 0 && waitedMs < failureMs) {
      throw unavailable(failureMs - waitedMs, failure?.cause);
    }
    return await start();
  }

  return {
    load,
    restart: start,
    isLoading: () => running !== undefined,
    hasFailed: () => failure !== undefined,
  };
}

function unavailable(retryAfterMs: number, cause: unknown): KeysUnavailable {
  return new KeysUnavailable("The keys of the issuer cannot be had.", retryAfterMs, cause);
}
