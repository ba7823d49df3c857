import type { Clock, Fetch } from "../core/ports.ts";
import { discoverJwksUri, secureUrl } from "./discovery.ts";
import { fetchJson } from "./fetch-json.ts";
import type { GateEvent } from "./gate-event.ts";
import { createKeyLoader } from "./key-loader.ts";
import { createKeySet } from "./key-set.ts";
import type { KeySet } from "./key-set.ts";
import type { Keys } from "./keys.ts";

/** The keys of an issuer behind HTTP. */
export interface RemoteKeysOptions {
  readonly issuer: string;
  /** Without it, the address is discovered. */
  readonly jwksUri: string | undefined;
  readonly clock: Clock;
  readonly fetch: Fetch;
  readonly onEvent: (event: GateEvent) => void;
}

/** How long keys are good, in milliseconds, and how much of them is read. */
export const remoteKeysLimits = {
  /** From this age on, a request in the background looks for newer keys. */
  refreshAfterMs: 5 * 60_000,
  /** From this age on, a call waits for newer keys. */
  maxAgeMs: 10 * 60_000,
  /** For so long after `maxAgeMs`, old keys do when there are no newer ones. */
  graceMs: 60 * 60_000,
  /** For so long after a failure, nothing is requested. */
  failureMs: 5000,
  /** So far apart are the requests that unknown keys cause. */
  unknownKeyMs: 10_000,
  /** For one answer. */
  timeoutMs: 5000,
  /** Of one answer. */
  maxBytes: 512 * 1024,
} as const;

/**
 * Keys over HTTP that outlive the failure of their issuer for a while: one
 * request at a time, a pause after a failure, and old keys for a bounded time.
 * Throws a `TypeError` when the address is neither https nor loopback.
 */
export function createRemoteKeys(options: RemoteKeysOptions): Keys {
  const { issuer, clock, onEvent } = options;
  const { refreshAfterMs, maxAgeMs, graceMs, failureMs, unknownKeyMs } = remoteKeysLimits;
  let held: { readonly set: KeySet; readonly loadedAt: number } | undefined;
  let unknownKeyAt = Number.NEGATIVE_INFINITY;
  const loader = createKeyLoader({
    clock,
    failureMs,
    request: createRequest(options, () => held?.set),
    onLoaded(set) {
      held = { set, loadedAt: clock.now() };
      onEvent({ type: "keys-loaded", issuer, keyCount: set.size });
    },
    onFailed: (cause) => onEvent({ type: "keys-failed", issuer, message: describe(cause) }),
  });
  return {
    current() {
      if (held === undefined) return loader.load();
      const { set, loadedAt } = held;
      const ageMs = clock.now() - loadedAt;
      // After the clock was set back, an age says nothing.
      if (ageMs < 0 || ageMs >= maxAgeMs + graceMs) return loader.load();
      if (ageMs < refreshAfterMs) return set;
      const newer = loader.load().catch(() => set);
      return ageMs < maxAgeMs || loader.hasFailed() ? set : newer;
    },
    async newerThan(known) {
      if (held !== undefined && held.set !== known) return held.set;
      const sinceMs = clock.now() - unknownKeyAt;
      if (!loader.isLoading() && sinceMs >= 0 && sinceMs < unknownKeyMs) return undefined;
      unknownKeyAt = clock.now();
      const set = await loader.load();
      return set === known ? undefined : set;
    },
    async reload() {
      held = undefined;
      await loader.restart();
    },
  };
}

function createRequest(
  { issuer, jwksUri, clock, fetch }: RemoteKeysOptions,
  known: () => KeySet | undefined,
): () => Promise<KeySet> {
  const { timeoutMs, maxBytes } = remoteKeysLimits;
  const download = { clock, fetch, timeoutMs, maxBytes };
  const given = jwksUri === undefined ? undefined : secureUrl(jwksUri);
  if (given === undefined) secureUrl(issuer);
  let discovered: URL | undefined;
  return async () => {
    const url = given ?? discovered ?? (await discoverJwksUri(issuer, download));
    // An issuer may move its keys: after a failure the address is discovered anew.
    discovered = undefined;
    const set = createKeySet(await fetchJson(url, download));
    discovered = url;
    const before = known();
    return before?.fingerprint === set.fingerprint ? before : set;
  };
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : typeof cause;
}
