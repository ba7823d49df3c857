import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { followUser, POLL_INTERVAL_MS } from "../../../../src/dashboard/rpc/live-user.ts";
import type { LiveState, LiveUserPorts } from "../../../../src/dashboard/rpc/live-user.ts";
import { createStreamSlots } from "../../../../src/dashboard/rpc/stream-slots.ts";
import type { SlotLock } from "../../../../src/dashboard/rpc/stream-slots.ts";
import { WatchUserResponseSchema } from "../../../../src/gen/user/v1/user_service_pb.ts";
import type { WatchUserResponse } from "../../../../src/gen/user/v1/user_service_pb.ts";
import { waitFor } from "../../../support/wait-for.ts";

/** Locks of one browser, without Web Locks. */
function createSlotLock(): SlotLock & { readonly held: Set<string> } {
  const held = new Set<string>();
  return {
    held,
    tryHold(name) {
      if (held.has(name)) return Promise.resolve(undefined);
      held.add(name);
      return Promise.resolve(() => void held.delete(name));
    },
  };
}

/** One tab with an open user. */
function createTab(lock: SlotLock) {
  let visible = true;
  const listeners = new Set<() => void>();
  const timers = new Set<{ readonly delayMs: number; readonly callback: () => void }>();
  const states: LiveState[] = [];
  const versions: bigint[] = [];
  const opened: bigint[] = [];
  let send: (message: WatchUserResponse) => void = () => undefined;
  let fail: (reason: unknown) => void = () => undefined;
  const ports = {
    async *watch(version: bigint, signal: AbortSignal): AsyncIterable<WatchUserResponse> {
      opened.push(version);
      while (!signal.aborted) {
        yield await new Promise<WatchUserResponse>((resolve, reject) => {
          send = resolve;
          fail = reject;
          signal.addEventListener("abort", () => reject(new Error("left")));
        });
      }
    },
    refetch: vi.fn(() => Promise.resolve()),
    slots: createStreamSlots({ lock, name: "test" }),
    page: {
      visible: () => visible,
      subscribe(listener: () => void) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    clock: {
      now: () => 0,
      after(delayMs: number, callback: () => void) {
        const timer = { delayMs, callback };
        timers.add(timer);
        return () => void timers.delete(timer);
      },
    },
    onUser: (user: { version: bigint }) => versions.push(user.version),
    onState: (state: LiveState) => states.push(state),
  } satisfies LiveUserPorts;
  return {
    ports,
    states,
    versions,
    opened,
    timers,
    listeners,
    start: (version = 1n) => followUser(ports, version),
    show(now: boolean) {
      visible = now;
      for (const listener of listeners) listener();
    },
    heartbeat: () =>
      send(create(WatchUserResponseSchema, { event: { case: "heartbeat", value: {} } })),
    change: (version: bigint) =>
      send(create(WatchUserResponseSchema, { event: { case: "user", value: { version } } })),
    fail: (reason: unknown) => fail(reason),
    elapse() {
      for (const { callback } of timers) callback();
    },
    state: () => states.at(-1),
  };
}

describe("an open user", () => {
  let lock: ReturnType<typeof createSlotLock>;
  beforeEach(() => {
    lock = createSlotLock();
  });

  test("is live over a stream that begins behind what is known", async () => {
    const tab = createTab(lock);
    const stop = tab.start(7n);
    await waitFor(() => expect(tab.opened).toEqual([7n]));
    tab.heartbeat();
    await waitFor(() => expect(tab.state()).toBe("live"));
    tab.change(8n);
    await waitFor(() => expect(tab.versions).toEqual([8n]));
    stop();
    await waitFor(() => expect(lock.held.size).toBe(0));
    expect(tab.listeners.size).toBe(0);
  });

  test("holds no stream while the tab is hidden, and goes on where it was", async () => {
    const tab = createTab(lock);
    const stop = tab.start(1n);
    await waitFor(() => expect(tab.opened).toHaveLength(1));
    tab.change(2n);
    await waitFor(() => expect(tab.versions).toEqual([2n]));
    tab.show(false);
    await waitFor(() => expect(tab.state()).toBe("paused"));
    expect(lock.held.size).toBe(0);
    tab.show(true);
    await waitFor(() => expect(tab.opened).toEqual([1n, 2n]));
    stop();
  });

  test("in a tab that is hidden from the start opens nothing", async () => {
    const tab = createTab(lock);
    tab.show(false);
    const stop = tab.start();
    await waitFor(() => expect(tab.state()).toBe("paused"));
    expect(tab.opened).toEqual([]);
    stop();
    await waitFor(() => expect(tab.listeners.size).toBe(0));
  });

  test("is asked for every 15 s where four other tabs hold the slots", async () => {
    const others = Array.from({ length: 4 }, () => createTab(lock));
    const stops = others.map((tab) => tab.start());
    await waitFor(() => expect(others.flatMap((tab) => tab.opened)).toHaveLength(4));
    const tab = createTab(lock);
    stops.push(tab.start());
    await waitFor(() => expect(tab.timers.size).toBe(1));
    expect(tab.state()).toBe("polling");
    expect([...tab.timers][0]?.delayMs).toBe(POLL_INTERVAL_MS);
    expect(tab.ports.refetch).not.toHaveBeenCalled();
    tab.elapse();
    await waitFor(() => expect(tab.ports.refetch).toHaveBeenCalledTimes(1));
    expect(tab.opened).toEqual([]);
    stops[0]?.();
    await waitFor(() => expect(lock.held.size).toBe(3));
    tab.elapse();
    await waitFor(() => expect(tab.opened).toHaveLength(1));
    for (const stop of stops) stop();
  });

  test("is never asked for by a hidden tab without a slot", async () => {
    const others = Array.from({ length: 4 }, () => createTab(lock));
    const stops = others.map((tab) => tab.start());
    await waitFor(() => expect(lock.held.size).toBe(4));
    const tab = createTab(lock);
    stops.push(tab.start());
    await waitFor(() => expect(tab.timers.size).toBe(1));
    tab.show(false);
    await waitFor(() => expect(tab.state()).toBe("paused"));
    expect(tab.timers.size).toBe(0);
    expect(tab.ports.refetch).not.toHaveBeenCalled();
    for (const stop of stops) stop();
  });

  test("stops and gives its slot back when another attempt is useless", async () => {
    const tab = createTab(lock);
    const stop = tab.start();
    await waitFor(() => expect(tab.opened).toHaveLength(1));
    tab.fail(new ConnectError("gone", Code.NotFound));
    await waitFor(() => expect(tab.state()).toBe("stopped"));
    expect(lock.held.size).toBe(0);
    stop();
  });
});

test("slots are counted by name and come back once", async () => {
  const lock = createSlotLock();
  const slots = createStreamSlots({ lock, name: "a", count: 2 });
  const first = await slots.acquire();
  await slots.acquire();
  expect(await slots.acquire()).toBeUndefined();
  expect(await createStreamSlots({ lock, name: "b" }).acquire()).toBeTypeOf("function");
  first?.();
  expect(await slots.acquire()).toBeTypeOf("function");
});
