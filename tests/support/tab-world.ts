import { createMemoryStore } from "../../src/lib/core/memory-store.ts";
import { AuthError } from "../../src/lib/core/index.ts";
import type {
  Channel,
  ChannelMessage,
  Lock,
  SessionEvent,
  Store,
  Wake,
} from "../../src/lib/core/index.ts";
import { createRefreshCoordinator } from "../../src/lib/core/refresh-coordinator.ts";
import type { RefreshCoordinatorOptions } from "../../src/lib/core/refresh-coordinator.ts";
import type { RefreshRequest, TokenResponse } from "../../src/lib/core/refresh-exchange.ts";
import { createVirtualClock, settle } from "./virtual-clock.ts";

/** How long the access tokens of this world live. */
export const lifetimeMs = 60_000;

/** Tabs of one origin with an issuer that rotates refresh tokens. */
export function createTabWorld() {
  const clock = createVirtualClock();
  const store = createMemoryStore();
  const lock = createQueueLock();
  const subscribers = new Set<(message: ChannelMessage) => void>();
  const issuer = createIssuer(() => clock.now());

  function openTab(overrides: Partial<RefreshCoordinatorOptions> = {}) {
    const wake = createManualWake();
    const events: SessionEvent[] = [];
    const tab = createRefreshCoordinator({
      name: "test",
      exchange: (request) => issuer.exchange(request),
      store,
      lock,
      channel: createChannel(subscribers),
      wake,
      clock,
      random: () => 0.5,
      ...overrides,
    });
    tab.onEvent((event) => void events.push(event));
    return { tab, wake, events };
  }

  return { clock, store, lock, issuer, openTab };
}

/** Signs somebody in, in one tab. */
export async function signIn(
  { tab }: { readonly tab: ReturnType<typeof createRefreshCoordinator> },
  world: ReturnType<typeof createTabWorld>,
  subject = "ada",
): Promise<void> {
  await tab.load();
  await tab.establish(world.issuer.issue(), { subject, displayName: subject }, tab.epoch());
  await settle();
}

function createIssuer(now: () => number) {
  let count = 0;
  const state = {
    requests: [] as RefreshRequest[],
    /** What the next exchanges do instead of answering. */
    behave: undefined as ((request: RefreshRequest) => Promise<TokenResponse>) | undefined,
    valid: "",
    issue(): TokenResponse {
      count++;
      state.valid = `refresh-${count}`;
      return {
        accessToken: {
          value: `access-${count}`,
          type: "Bearer",
          expiresAt: now() + lifetimeMs,
          scopes: ["users.read"],
        },
        refreshToken: state.valid,
        idToken: undefined,
      };
    },
    async exchange(request: RefreshRequest): Promise<TokenResponse> {
      state.requests.push(request);
      if (state.behave !== undefined) return state.behave(request);
      if (request.refreshToken !== state.valid) {
        throw new AuthError("interaction-required", "revoked", { oauthError: "invalid_grant" });
      }
      return state.issue();
    },
  };
  return state;
}

function createQueueLock(): Lock {
  let tail: Promise<unknown> = Promise.resolve();
  return {
    run(_, { signal }, task) {
      const turn = tail.then(() => {
        signal?.throwIfAborted();
        return task(true);
      });
      tail = turn.catch(() => undefined);
      return turn;
    },
  };
}

function createChannel(subscribers: Set<(message: ChannelMessage) => void>): Channel {
  const own = new Set<(message: ChannelMessage) => void>();
  return {
    post(message) {
      for (const listener of subscribers) {
        if (!own.has(listener)) queueMicrotask(() => listener(message));
      }
    },
    subscribe(listener) {
      own.add(listener);
      subscribers.add(listener);
      return () => void subscribers.delete(listener);
    },
    close: () => undefined,
  };
}

function createManualWake(): Wake & { readonly wakeUp: () => void } {
  const listeners = new Set<() => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    online: () => true,
    wakeUp() {
      for (const listener of listeners) listener();
    },
  };
}

/** A store that fails as long as `broken` says. */
export function createBreakableStore(): Store & { broken: boolean } {
  const store = createMemoryStore();
  const breakable = {
    broken: false,
    async read() {
      if (breakable.broken) throw new DOMException("no", "InvalidStateError");
      return store.read();
    },
    async replace(expected: string | undefined, value: string | undefined) {
      if (breakable.broken) throw new DOMException("no", "QuotaExceededError");
      return store.replace(expected, value);
    },
  };
  return breakable;
}
