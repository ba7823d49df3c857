import { createMemoryStore } from "../core/memory-store.ts";
import type {
  Channel,
  ChannelMessage,
  Clock,
  Fetch,
  Lock,
  Random,
  Store,
  Wake,
} from "../core/ports.ts";
import { recordSchema } from "../core/session-record.ts";
import { systemClock, systemRandom } from "../core/system.ts";
import { createBroadcastChannel } from "./broadcast-channel.ts";
import { createBrowserWake } from "./browser-wake.ts";
import { createIndexedDbStore, databaseName } from "./indexeddb-store.ts";
import { browserPage } from "./page.ts";
import type { Page } from "./page.ts";
import { createResilientStore } from "./resilient-store.ts";
import type { ResilientStore } from "./resilient-store.ts";
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
  const channel =
    given.channel ?? (kind === "memory" ? silentChannel : createBroadcastChannel(name));
  const wake = given.wake ?? createBrowserWake();
  return {
    clock,
    random: given.random ?? systemRandom,
    lock: given.lock ?? createWebLock(clock),
    channel,
    fetch: given.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    page: given.page ?? browserPage,
    ...chooseStore(name, kind, given, { clock, channel, wake, onDegraded }),
  };
}

interface StoreSurroundings extends Pick<BrowserPorts, "clock" | "channel" | "wake"> {
  readonly onDegraded: (message: string) => void;
}

function chooseStore(
  name: string,
  kind: StoreKind,
  given: Partial<BrowserPorts>,
  { clock, channel, wake, onDegraded }: StoreSurroundings,
): Pick<BrowserPorts, "store" | "sharesStore" | "wake"> {
  const { store, sharesStore = () => kind === "shared" } = given;
  if (store !== undefined) return { store, sharesStore, wake };
  if (kind === "memory") return { store: createMemoryStore(), sharesStore: () => false, wake };
  const durable = createIndexedDbStore(name, {
    databaseName,
    clock,
    timeoutMs: storageTimeoutMs,
    // Looked up when it is used: some browsers throw where site data is blocked.
    factory: () => indexedDB,
  });
  const resilient = createResilientStore(durable, {
    clock,
    onDegraded,
    onSaved: () => channel.post(storeChanged),
  });
  const sharesStoreNow = () => resilient.shared();
  return { store: resilient, sharesStore: sharesStoreNow, wake: wakeWith(wake, resilient) };
}

/** What a tab kept in memory has reached the store, so that the other tabs look at it again. */
const storeChanged: ChannelMessage = { schema: recordSchema, session: "", type: "tokens-changed" };

/** A storage that works again is one more reason to look: announcements were not heeded meanwhile. */
function wakeWith(wake: Wake, store: ResilientStore): Wake {
  return {
    online: () => wake.online(),
    subscribe(listener) {
      const stops = [wake.subscribe(listener), store.onRecovered(listener)];
      return () => stops.forEach((stop) => stop());
    },
  };
}

/** A session of this page alone has nothing to tell the other tabs. */
const silentChannel: Channel = {
  post: () => undefined,
  subscribe: () => () => undefined,
  close: () => undefined,
};
