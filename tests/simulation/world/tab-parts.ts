import type { Channel, Wake } from "../../../src/lib/core/ports.ts";
import type { RefreshExchange } from "../../../src/lib/core/refresh-exchange.ts";
import type { Subject } from "../subject.ts";
import { createDirectExchange, createEndpointFetch, tokenUrl } from "./exchange.ts";
import type { Tab, TabParts } from "./tab.ts";
import type { World } from "./world.ts";

/** How long a renewal may take in the model. */
export const holdTimeoutMs = 20_000;

/** The real coordinator and the real interceptor, on the ports of one tab. */
export function createTabParts(
  tab: Tab,
  world: World,
  subject: Subject,
  channel: Channel,
): TabParts {
  const { script, lock, store, dice } = world;
  const clock = {
    now: () => tab.now(),
    after: (delayMs: number, callback: () => void) => tab.after(delayMs, callback),
  };
  const tokenSource = subject.createRefreshCoordinator({
    name: "session",
    exchange: createExchange(tab, world, subject),
    store: store.port(tab, clock, (text) => world.report({ type: "told", where: "warning", text })),
    lock: lock.port(tab, !script.locks),
    channel,
    wake: createWake(tab, world),
    clock,
    random: dice.next,
    holdTimeoutMs,
  });
  const origins = ["https://api.example"];
  const interceptor = subject.createAuthInterceptor({ tokenSource, origins, clock });
  return { coordinator: tokenSource, interceptor };
}

function createWake({ wakeListeners }: Tab, world: World): Wake {
  return {
    subscribe(listener) {
      wakeListeners.add(listener);
      return () => void wakeListeners.delete(listener);
    },
    online: () => !(world.offlineKnown && world.isOffline()),
  };
}

function createExchange(tab: Tab, world: World, subject: Subject): RefreshExchange {
  const { endpoint, script } = world;
  const { lifetimeMs } = world.issuer;
  if (!script.realGrant) return createDirectExchange(tab, endpoint, lifetimeMs);
  const fetch = createEndpointFetch(tab, endpoint, lifetimeMs);
  return subject.createRefreshExchange({
    resolveServer: subject.createServerResolver({ tokenUrl }, fetch),
    clientId: "simulation",
    fetch,
    clock: { now: () => tab.now(), after: (delayMs, callback) => tab.after(delayMs, callback) },
  });
}
