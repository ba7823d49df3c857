import { describe, expect, it } from "vitest";
import type { Channel, ChannelMessage, Store } from "../../../../src/lib/core/index.ts";
import { createTabWorld, signIn } from "../../../support/tab-world.ts";
import { settle } from "../../../support/virtual-clock.ts";

describe("a session that somebody has signed out of", () => {
  it("does not come back with a store that had forgotten the sign-out", async () => {
    const world = createTabWorld();
    const page = world.openTab();
    await signIn(page, world);
    const before = await world.store.read();
    page.tab.end();
    await page.tab.settled();
    const removed = await world.store.read();
    await world.store.replace(removed?.revision, before?.value);
    page.wake.wakeUp();
    await settle();
    expect(page.tab.getSnapshot().state).toBe("signed-out");
  });

  it("does not come back with a read that began before the sign-out was announced", async () => {
    const world = createTabWorld();
    const a = world.openTab();
    await signIn(a, world);
    const slow = createSlowReads(world.store);
    const b = world.openTab({ store: slow.store });
    const loaded = b.tab.load();
    await settle();
    a.tab.end();
    await a.tab.settled();
    await settle();
    slow.release();
    expect((await loaded).state).toBe("signed-out");
  });

  it("is forgotten by the stores of the other tabs as well, at once", async () => {
    const world = createTabWorld();
    const a = world.openTab();
    let seen: string | undefined = "nothing";
    const b = world.openTab({
      store: {
        ...world.store,
        async read() {
          const found = await world.store.read();
          seen = found?.value;
          return found;
        },
      },
    });
    await signIn(a, world);
    await b.tab.load();
    await settle();
    expect(seen).toContain("refresh-1");
    a.tab.end();
    await settle();
    expect(seen).toBeUndefined();
  });

  it("takes the older one along whose place it took, in a tab that hears of both at once", async () => {
    const world = createTabWorld();
    const a = world.openTab({ store: cannotRemove(world.store), random: createNames() });
    const { channel, tell } = createPausedChannel();
    const b = world.openTab({ channel });
    await signIn(a, world);
    await b.tab.load();
    await world.clock.advance(1_000);
    await signIn(a, world);
    a.tab.end();
    await a.tab.settled();
    const { session } = JSON.parse((await world.store.read())?.value ?? "{}") as {
      session: string;
    };
    expect(b.tab.getSnapshot().state).toBe("signed-in");
    tell({ schema: 1, session, type: "signed-in" });
    tell({ schema: 1, session, type: "signed-out" });
    await settle();
    expect(b.tab.getSnapshot().state).toBe("signed-out");
    await expect(b.tab.getToken()).rejects.toMatchObject({ code: "signed-out" });
  });

  it("leaves a newer sign-in alone when a storage brings it back", async () => {
    const world = createTabWorld();
    const { tab, wake } = world.openTab({ random: createNames() });
    await signIn({ tab }, world);
    const before = await world.store.read();
    tab.end();
    await tab.settled();
    await world.clock.advance(1_000);
    await signIn({ tab }, world);
    const now = await world.store.read();
    await world.store.replace(now?.revision, before?.value);
    wake.wakeUp();
    await settle();
    expect(tab.getSnapshot().state).toBe("signed-in");
    expect((await tab.getToken()).value).toBe("access-2");
  });

  it("gives way to the next sign-in, also in a tab whose clock runs ahead", async () => {
    const world = createTabWorld();
    const [a, b] = [world.openTab(), world.openTab({ ...aheadOf(world), random: () => 0.7 })];
    await signIn(b, world);
    await a.tab.load();
    await signIn(a, world);
    expect((await b.tab.getToken()).value).toBe("access-2");
  });

  it("ends in tabs that saw a sign-in which the sign-out overtook", async () => {
    const world = createTabWorld();
    const a = world.openTab({ store: signsOutAfterWrite(world.store, () => a.tab.end()) });
    const b = world.openTab();
    await a.tab.load();
    const epoch = a.tab.epoch();
    const established = a.tab.establish(
      world.issuer.issue(),
      { subject: "ada", displayName: undefined },
      epoch,
    );
    await b.tab.load();
    expect(await established).toBe(false);
    await settle();
    expect(a.tab.getSnapshot().state).toBe("signed-out");
    expect(b.tab.getSnapshot().state).toBe("signed-out");
  });
});

function aheadOf({ clock }: ReturnType<typeof createTabWorld>) {
  return { clock: { ...clock, now: () => clock.now() + 10_000 } };
}

/** A store whose reads answer with what they found only when they are let go. */
function createSlowReads(store: Store) {
  const gate = Promise.withResolvers<void>();
  const slow: Store = {
    async read() {
      const found = await store.read();
      await gate.promise;
      return found;
    },
    replace: (...change) => store.replace(...change),
  };
  return { store: slow, release: () => gate.resolve() };
}

/** A store after whose first write somebody signs out, before the writer hears of it. */
function signsOutAfterWrite(store: Store, signOut: () => void): Store {
  let first = true;
  return {
    read: () => store.read(),
    async replace(expected, value) {
      const revision = await store.replace(expected, value);
      await settle();
      if (first) signOut();
      first = false;
      return revision;
    },
  };
}

/** Another name for each session. */
function createNames(): () => number {
  let drawn = 0;
  return () => 1 / ++drawn;
}

/** A storage that fails whenever a session is to be removed from it. */
function cannotRemove(store: Store): Store {
  return {
    read: () => store.read(),
    replace: async (expected, value) =>
      value === undefined ? "in memory" : store.replace(expected, value),
  };
}

/** The channel of a page that stood still: it hears everything at once. */
function createPausedChannel() {
  const listeners = new Set<(message: ChannelMessage) => void>();
  const channel: Channel = {
    post: () => undefined,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => listeners.clear(),
  };
  return {
    channel,
    tell: (message: ChannelMessage) => listeners.forEach((listener) => listener(message)),
  };
}
