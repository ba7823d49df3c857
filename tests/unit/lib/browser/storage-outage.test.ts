import { describe, expect, test, vi } from "vitest";
import type { StoredRecord } from "../../../../src/lib/core/ports.ts";
import { createRefreshCoordinator } from "../../../../src/lib/core/refresh-coordinator.ts";
import { formatRecord, recordSchema } from "../../../../src/lib/core/session-record.ts";
import type { RecordStore } from "../../../../src/lib/browser/indexeddb-store.ts";
import { createResilientStore } from "../../../../src/lib/browser/resilient-store.ts";
import type { ResilientStore } from "../../../../src/lib/browser/resilient-store.ts";
import { deafChannel } from "../../../support/deaf-channel.ts";
import { createManualClock } from "../../../support/server/manual-clock.ts";
import { settle } from "../../../support/virtual-clock.ts";

/** A disk that works for whom it works. */
function createDisk() {
  const disk = {
    record: undefined as StoredRecord | undefined,
    /** What another tab does between a read and the write behind it, once. */
    afterRead: (): void => undefined,
    open(works: () => boolean): RecordStore {
      const run = <T>(work: () => T) =>
        works() ? Promise.resolve(work()) : Promise.reject(new Error("blocked"));
      return {
        read: () =>
          run(() => {
            const { record, afterRead } = disk;
            disk.afterRead = () => undefined;
            afterRead();
            return record;
          }),
        write: (expected, next) =>
          run(() => {
            if (disk.record?.revision !== expected) return false;
            disk.record = next;
            return true;
          }),
      };
    },
  };
  return disk;
}

function createTab(disk = createDisk(), clock = createManualClock()) {
  const state = { works: true };
  const onSaved = vi.fn<() => void>();
  const store = createResilientStore(
    disk.open(() => state.works),
    { clock, onDegraded: () => undefined, onSaved },
  );
  return { disk, clock, state, store, onSaved };
}

/** The record of somebody who signed in at a time. */
const session = (name: string, signedInAt: number, renewal = 0) =>
  formatRecord({
    schema: recordSchema,
    session: name,
    signedInAt,
    subject: "ada",
    refreshToken: `${name}-${renewal}`,
    tokens: {},
  });

describe("a sign-in that the storage did not hear of", () => {
  test("yields to a newer one of another tab, when the storage works again", async () => {
    const { disk, clock, state, store } = createTab();
    state.works = false;
    await store.replace((await store.read())?.revision, session("mine", 1_000));
    disk.record = { revision: "theirs", value: session("theirs", 2_000) };
    state.works = true;
    clock.advance(30_000);
    expect(await store.read()).toEqual(disk.record);
    expect(disk.record.revision).toBe("theirs");
  });

  test("takes the place of an older one, also when that was renewed meanwhile, and says so", async () => {
    const { disk, clock, state, store, onSaved } = createTab();
    const first = await store.replace(undefined, session("old", 1_000));
    state.works = false;
    await store.replace(first, session("mine", 2_000));
    disk.record = { revision: "renewed", value: session("old", 1_000, 1) };
    state.works = true;
    clock.advance(30_000);
    expect((await store.read())?.value).toBe(session("mine", 2_000));
    expect(disk.record.value).toBe(session("mine", 2_000));
    expect(onSaved).toHaveBeenCalledOnce();
  });

  test("outlives a sign-out that another tab meant for the session before it", async () => {
    const { disk, clock, state, store } = createTab();
    const first = await store.replace(undefined, session("old", 1_000));
    state.works = false;
    await store.replace(first, session("mine", 2_000));
    disk.record = { revision: "signed out", value: undefined };
    state.works = true;
    clock.advance(30_000);
    expect((await store.read())?.value).toBe(session("mine", 2_000));
  });

  test("leaves what another build has written alone", async () => {
    const { disk, clock, state, store } = createTab();
    state.works = false;
    await store.replace((await store.read())?.revision, session("mine", 2_000));
    disk.record = { revision: "foreign", value: '{"schema":99}' };
    state.works = true;
    clock.advance(30_000);
    expect(await store.read()).toEqual({ revision: "foreign", value: '{"schema":99}' });
  });
});

describe("a renewal that the storage did not hear of", () => {
  test("does not outlive the sign-out of its session in another tab", async () => {
    const { disk, clock, state, store } = createTab();
    const first = await store.replace(undefined, session("one", 1_000));
    state.works = false;
    await store.replace(first, session("one", 1_000, 1));
    disk.record = { revision: "signed out", value: undefined };
    state.works = true;
    clock.advance(30_000);
    expect(await store.read()).toEqual(disk.record);
  });
});

describe("a sign-out that the storage did not hear of", () => {
  test("ends its session, although another tab has renewed that meanwhile", async () => {
    const { disk, clock, state, store } = createTab();
    const first = await store.replace(undefined, session("one", 1_000));
    state.works = false;
    await store.replace(first, undefined);
    disk.record = { revision: "renewed", value: session("one", 1_000, 1) };
    state.works = true;
    clock.advance(30_000);
    expect((await store.read())?.value).toBeUndefined();
    expect(disk.record.value).toBeUndefined();
  });

  test("keeps the session of another tab when this one signs out of its own", async () => {
    const { disk, clock, state, store } = createTab();
    state.works = false;
    const own = await store.replace((await store.read())?.revision, session("own", 2_000));
    await store.replace(own, undefined);
    disk.record = { revision: "theirs", value: session("theirs", 1_000) };
    state.works = true;
    clock.advance(30_000);
    expect(await store.read()).toEqual({ revision: "theirs", value: session("theirs", 1_000) });
  });

  test.each([
    ["ends whichever there was before it", -1, undefined],
    ["leaves a later sign-in alone", 1, "theirs"],
  ])("and of which nobody knew what it would end, %s", async (_, laterMs, left) => {
    const { disk, clock, state, store } = createTab();
    const signedOutAt = clock.now();
    state.works = false;
    const wake = { online: () => true, subscribe: () => () => undefined };
    const tab = createRefreshCoordinator({
      name: "test",
      exchange: () => Promise.reject(new Error("unused")),
      store,
      clock,
      wake,
      lock: { run: (_name, _limits, task) => task(true) },
      channel: deafChannel,
      random: () => 0.5,
    });
    tab.end();
    await tab.settled();
    disk.record = { revision: "there", value: session("theirs", signedOutAt + laterMs) };
    state.works = true;
    clock.advance(30_000);
    await store.read();
    expect(disk.record.value?.includes("theirs") ?? false).toBe(left !== undefined);
  });
});

describe("a storage that works again", () => {
  test("gets the newer sign-in, also when another tab saves an older session just then", async () => {
    const { disk, clock, state, store, onSaved } = createTab();
    disk.record = { revision: "r0", value: session("old", 1_000) };
    await store.read();
    state.works = false;
    await store.replace("r0", session("new", 2_000));
    clock.advance(30_000);
    disk.afterRead = () => {
      disk.record = { revision: "r1", value: session("old", 1_000, 1) };
    };
    state.works = true;
    expect((await store.read())?.value).toBe(session("new", 2_000));
    expect(disk.record?.value).toBe(session("new", 2_000));
    expect(onSaved).toHaveBeenCalledOnce();
  });

  test("is noticed by itself, and whoever listens looks at it again", async () => {
    const { disk, clock, state, store } = createTab();
    const listener = vi.fn<() => void>();
    const stop = store.onRecovered(listener);
    state.works = false;
    await store.replace((await store.read())?.revision, session("mine", 1_000));
    clock.advance(31_000);
    await settle();
    expect(listener).not.toHaveBeenCalled();
    state.works = true;
    clock.advance(31_000);
    await settle();
    expect(listener).toHaveBeenCalledOnce();
    expect(disk.record?.value).toBe(session("mine", 1_000));
    stop();
    state.works = false;
    clock.advance(60_000);
    await store.read();
    clock.advance(60_000);
    await settle();
    expect(clock.timers).toBe(0);
  });

  const finders = [
    ["a read", (store: ResilientStore) => store.read()],
    ["a write", (store: ResilientStore) => store.replace(undefined, session("new", 2_000))],
  ] as const;
  test.each(finders)("is told by %s that comes before the look after a while", async (_, find) => {
    const { clock, state, store } = createTab();
    const listener = vi.fn<() => void>();
    store.onRecovered(listener);
    state.works = false;
    await store.read();
    state.works = true;
    clock.advance(30_000);
    await find(store);
    expect(listener).toHaveBeenCalledOnce();
    expect(clock.timers).toBe(0);
    clock.advance(60_000);
    await settle();
    expect(listener).toHaveBeenCalledOnce();
  });

  test("is told to a listener that reads, and to nobody who has left", async () => {
    const { clock, state, store } = createTab();
    const found: unknown[] = [];
    const left = vi.fn<() => void>();
    const stop = store.onRecovered(left);
    store.onRecovered(() => void store.read().then((record) => found.push(record?.value)));
    await store.replace(undefined, session("mine", 1_000));
    state.works = false;
    await store.read();
    state.works = true;
    clock.advance(30_000);
    stop();
    await store.read();
    await settle();
    expect(found).toEqual([session("mine", 1_000)]);
    expect(left).not.toHaveBeenCalled();
  });

  test("is noticed for a listener that came while it failed", async () => {
    const { clock, state, store } = createTab();
    state.works = false;
    await store.read();
    clock.advance(31_000);
    await settle();
    const listener = vi.fn<() => void>();
    store.onRecovered(listener);
    state.works = true;
    clock.advance(31_000);
    await settle();
    expect(listener).toHaveBeenCalledOnce();
  });
});
