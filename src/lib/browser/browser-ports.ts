import { createMemoryStore } from "../core/memory-store.ts";
import type { Channel, Clock, Fetch, Lock, Random, Store, Wake } from "../core/ports.ts";
import { systemClock, systemRandom } from "../core/system.ts";
import { createBroadcastChannel } from "./broadcast-channel.ts";
import { createBrowserWake } from "./browser-wake.ts";
import { createIndexedDbStore, databaseName } from "./indexeddb-store.ts";
import { browserPage } from "./page.ts";
import type { Page } from "./page.ts";
import { createResilientStore } from "./resilient-store.ts";
import { createWebLock } from "./web-lock.ts";

/** The environment of a browser session. Each part can be replaced, for tests. */
export interface BrowserPorts {
  readonly store: Store;
  readonly lock: Lock;
  readonly channel: Channel;
  readonly wake: Wake;
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: Fetch;
  readonly page: Page;
  /** Whether other tabs can see what the store holds, now. */
  readonly sharesStore: () => boolean;
}

/** Where the session is kept: for all tabs and reloads, or for this page alone. */
export type StoreKind = "shared" | "memory";

/** How long the storage may take before the session goes on in memory. */
const storageTimeoutMs = 2_000;

/** The browser's own ports, except for those given. `onDegraded` hears of a storage that fails. */
export function createBrowserPorts(
  name: string,
  kind: StoreKind,
  given: Partial<BrowserPorts>,
  onDegraded: (message: string) => void,
): BrowserPorts {
  const clock = given.clock ?? systemClock;
  return {
    clock,
    random: given.random ?? systemRandom,
    lock: given.lock ?? createWebLock(clock),
    channel: given.channel ?? (kind === "memory" ? silentChannel : createBroadcastChannel(name)),
    wake: given.wake ?? createBrowserWake(),
    fetch: given.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    page: given.page ?? browserPage,
    ...chooseStore(name, kind, given, clock, onDegraded),
  };
}

function chooseStore(
  name: string,
  kind: StoreKind,
  given: Partial<BrowserPorts>,
  clock: Clock,
  onDegraded: (message: string) => void,
): Pick<BrowserPorts, "store" | "sharesStore"> {
  const { store, sharesStore } = given;
  if (store !== undefined) return { store, sharesStore: sharesStore ?? (() => kind === "shared") };
  if (kind === "memory") return { store: createMemoryStore(), sharesStore: () => false };
  const durable = createIndexedDbStore(name, {
    databaseName,
    clock,
    timeoutMs: storageTimeoutMs,
    // Looked up when it is used: some browsers throw where site data is blocked.
    factory: () => indexedDB,
  });
  const resilient = createResilientStore(durable, { clock, onDegraded });
  return { store: resilient, sharesStore: () => resilient.shared() };
}

/** A session of this page alone has nothing to tell the other tabs. */
const silentChannel: Channel = {
  post: () => undefined,
  subscribe: () => () => undefined,
  close: () => undefined,
};
