import type { User, WatchUserResponse } from "../../gen/user/v1/user_service_pb.ts";
import type { Clock } from "../../lib/core/index.ts";
import type { StreamSlots } from "./stream-slots.ts";

/** How fresh what is shown of a user is. */
export type LiveState =
  /** A stream is being opened. */
  | "connecting"
  /** Changes arrive as they happen. */
  | "live"
  /** The stream broke off and is opened again. */
  | "reconnecting"
  /** Every slot is taken: asked again every 15 s. */
  | "polling"
  /** The tab is hidden and holds no stream. */
  | "paused"
  /** The watch came to an end that waiting does not cure. */
  | "stopped";

/** How often a user without a stream is asked for again. */
export const POLL_INTERVAL_MS = 15_000;

/** What a live user needs of the world. */
export interface LiveUserPorts {
  /**
   * A stream that survives token expiry and lost connections, continuing behind
   * `version`. Rejects only when another attempt is useless.
   */
  watch(
    version: bigint,
    signal: AbortSignal,
    onConnected: (connected: boolean) => void,
  ): AsyncIterable<WatchUserResponse>;
  /** Asks for the user once. Never rejects. */
  refetch(): Promise<void>;
  readonly slots: StreamSlots;
  readonly page: PageVisibility;
  readonly clock: Clock;
  onUser(user: User): void;
  onState(state: LiveState): void;
}

/** Whether somebody can see the page. */
export interface PageVisibility {
  visible(): boolean;
  /** Calls back when `visible()` may have changed. */
  subscribe(listener: () => void): () => void;
}

/**
 * Keeps a user current until the returned function is called: by a stream while
 * the page is visible and a slot is free, else by asking again every 15 s.
 * `version` is the one that is already known.
 */
export function followUser(ports: LiveUserPorts, version: bigint): () => void {
  const stopped = new AbortController();
  const cursor = { version };
  follow(ports, cursor, stopped.signal).catch(() => {
    if (!stopped.signal.aborted) ports.onState("stopped");
  });
  return () => stopped.abort();
}

async function follow(
  ports: LiveUserPorts,
  cursor: { version: bigint },
  stopped: AbortSignal,
): Promise<void> {
  while (!stopped.aborted) {
    if (!ports.page.visible()) {
      ports.onState("paused");
      await visibilityChange(ports.page, stopped);
      continue;
    }
    const release = await ports.slots.acquire();
    if (release === undefined) await poll(ports, stopped);
    else await stream(ports, cursor, stopped).finally(release);
  }
}

async function poll(ports: LiveUserPorts, stopped: AbortSignal): Promise<void> {
  ports.onState("polling");
  await delayOrHidden(ports, stopped);
  if (!stopped.aborted && ports.page.visible()) await ports.refetch();
}

async function stream(
  ports: LiveUserPorts,
  cursor: { version: bigint },
  stopped: AbortSignal,
): Promise<void> {
  if (stopped.aborted) return;
  const ended = new AbortController();
  const signal = AbortSignal.any([stopped, ended.signal]);
  const unsubscribe = ports.page.subscribe(() => {
    if (!ports.page.visible()) ended.abort();
  });
  ports.onState("connecting");
  try {
    const onConnected = (connected: boolean) => {
      if (!signal.aborted) ports.onState(connected ? "live" : "reconnecting");
    };
    for await (const { event } of ports.watch(cursor.version, signal, onConnected)) {
      if (signal.aborted) return;
      ports.onState("live");
      if (event.case !== "user") continue;
      cursor.version = event.value.version;
      ports.onUser(event.value);
    }
  } catch (reason) {
    if (!signal.aborted) throw reason;
  } finally {
    unsubscribe();
    ended.abort();
  }
}

function visibilityChange(page: PageVisibility, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      unsubscribe();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const unsubscribe = page.subscribe(done);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}

function delayOrHidden(ports: LiveUserPorts, stopped: AbortSignal): Promise<void> {
  const woken = new AbortController();
  const cancel = ports.clock.after(POLL_INTERVAL_MS, () => woken.abort());
  return visibilityChange(ports.page, AbortSignal.any([stopped, woken.signal])).finally(cancel);
}
