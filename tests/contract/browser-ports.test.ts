import { IDBFactory } from "fake-indexeddb";
import { describe } from "vitest";
import { createBroadcastChannel } from "../../src/lib/browser/broadcast-channel.ts";
import { createIndexedDbStore } from "../../src/lib/browser/indexeddb-store.ts";
import { createResilientStore } from "../../src/lib/browser/resilient-store.ts";
import { createWebLock } from "../../src/lib/browser/web-lock.ts";
import { createMemoryStore } from "../../src/lib/core/memory-store.ts";
import { systemClock } from "../../src/lib/core/system.ts";
import { createManualClock } from "../support/server/manual-clock.ts";
import { channelContract } from "./channel.ts";
import { lockContract } from "./lock.ts";
import { storeContract } from "./store.ts";

describe("the memory store", () => {
  storeContract(() => {
    const store = createMemoryStore();
    return Promise.resolve({ here: store, there: store });
  });
});

describe("the IndexedDB store", () => {
  storeContract(() => {
    const factory = new IDBFactory();
    const tab = () =>
      createResilientStore(
        createIndexedDbStore("session", {
          databaseName: "contract",
          clock: systemClock,
          timeoutMs: 5_000,
          factory: () => factory,
        }),
        {
          clock: systemClock,
          onDegraded: (message) => {
            throw new Error(message);
          },
          onSaved: () => undefined,
        },
      );
    return Promise.resolve({ here: tab(), there: tab() });
  });
});

describe("the Web Lock", () => {
  lockContract(() => {
    const clock = createManualClock();
    return { here: createWebLock(clock), there: createWebLock(clock), clock };
  });
});

describe("the lock of a page without Web Locks", () => {
  lockContract(() => {
    const clock = createManualClock();
    const lock = createWebLock(clock, null);
    return { here: lock, there: lock, clock };
  }, false);
});

let channels = 0;

describe("the BroadcastChannel", () => {
  channelContract(() => {
    const name = `channel-${process.pid}-${channels++}`;
    return { here: createBroadcastChannel(name), there: createBroadcastChannel(name) };
  });
});
