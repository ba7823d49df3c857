import type { ResilientStore } from "../../../src/lib/browser/resilient-store.ts";
import { recordSchema } from "../../../src/lib/core/session-record.ts";
import type { Channel, Wake } from "../../../src/lib/core/ports.ts";
import type { RefreshExchange } from "../../../src/lib/core/refresh-exchange.ts";
import type { Subject } from "../subject.ts";
import { createDirectExchange, createEndpointFetch, tokenUrl } from "./exchange.ts";
import { stepUp } from "./step-up.ts";
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
  const shared = store.port(tab, {
    clock,
    onDegraded: (text) => world.report({ type: "told", where: "warning", text }),
    onSaved: () => channel.post({ schema: recordSchema, session: "", type: "tokens-changed" }),
  });
  const wake = createWake(tab, world, shared);
  const tokenSource = subject.createRefreshCoordinator({
    name: "session",
    exchange: createExchange(tab, world, subject),
    store: shared,
    lock: lock.port(tab, !script.locks),
    channel,
    wake,
    clock,
    random: dice.next,
    holdTimeoutMs,
    onReplaced: (refreshToken) => {
      if (shared.shared()) world.revokeReplaced(tab, refreshToken);
    },
  });
  const origins = ["https://api.example"];
  const interceptor = subject.createAuthInterceptor({
    tokenSource,
    origins,
    clock,
    stepUp: () => stepUp(world, tab),
  });
  return { coordinator: tokenSource, interceptor, ports: { clock, wake } };
}

function createWake(tab: Tab, world: World, store: ResilientStore): Wake {
  const { wakeListeners } = tab;
  return {
    subscribe(tell) {
      const listener = () => {
        tab.wokenAt = tab.time();
        tell();
      };
      wakeListeners.add(listener);
      const stop = store.onRecovered(listener);
      return () => {
        wakeListeners.delete(listener);
        stop();
      };
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
