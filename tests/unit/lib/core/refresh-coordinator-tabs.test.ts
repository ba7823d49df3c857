import { describe, expect, it, vi } from "vitest";
import { AuthError } from "../../../../src/lib/core/index.ts";
import { deafChannel } from "../../../support/deaf-channel.ts";
import { createTabWorld, lifetimeMs, signIn } from "../../../support/tab-world.ts";
import { settle } from "../../../support/virtual-clock.ts";

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => "succeeded",
    (error: unknown) => AuthError.from(error).code,
  );

describe("a session in several tabs", () => {
  it("refreshes once for all of them", async () => {
    const world = createTabWorld();
    const tabs = [world.openTab(), world.openTab(), world.openTab()];
    const [first] = tabs;
    if (first !== undefined) await signIn(first, world);
    for (const { tab } of tabs) await tab.load();
    await world.clock.advance(lifetimeMs);
    const tokens = await Promise.all(
      tabs.flatMap(({ tab }) => Array.from({ length: 20 }, () => tab.getToken())),
    );
    expect(new Set(tokens.map(({ value }) => value))).toEqual(new Set(["access-2"]));
    expect(world.issuer.requests).toHaveLength(1);
  });

  it("takes over what another tab has renewed, and says so", async () => {
    const world = createTabWorld();
    const a = world.openTab();
    const b = world.openTab();
    await signIn(a, world);
    await b.tab.load();
    await world.clock.advance(lifetimeMs);
    await a.tab.getToken();
    await settle();
    expect(b.events.map(({ type }) => type)).toContain("adopted");
    expect((await b.tab.getToken()).value).toBe("access-2");
  });

  it("is signed in everywhere after a sign-in in one", async () => {
    const world = createTabWorld();
    const a = world.openTab();
    const b = world.openTab();
    await b.tab.load();
    await signIn(a, world);
    expect(b.tab.getSnapshot()).toMatchObject({ state: "signed-in", subject: "ada" });
  });

  it("goes on where the person was after the same person signs in again", async () => {
    const world = createTabWorld();
    const a = world.openTab();
    const b = world.openTab();
    await signIn(a, world);
    await b.tab.load();
    world.issuer.valid = "revoked";
    await world.clock.advance(lifetimeMs);
    expect(await code(b.tab.getToken())).toBe("interaction-required");
    const { ended } = b.tab;
    await signIn(a, world);
    expect(ended.aborted).toBe(false);
    expect((await b.tab.getToken()).value).toBe("access-2");
  });

  it("aborts everything of the first person when another signs in", async () => {
    const world = createTabWorld();
    const a = world.openTab();
    const b = world.openTab();
    await signIn(a, world);
    await b.tab.load();
    const { ended } = b.tab;
    await signIn(a, world, "grace");
    expect(ended.aborted).toBe(true);
    expect(b.tab.getSnapshot().subject).toBe("grace");
  });

  it("hears at once of what another tab has stored, also while it waits for the lock", async () => {
    const world = createTabWorld();
    const [waiting, other] = [world.openTab(), world.openTab()];
    await signIn(waiting, world);
    await world.clock.advance(lifetimeMs);
    void world.lock.run("test", { acquireTimeoutMs: 0 }, () => new Promise(() => undefined));
    const token = waiting.tab.getToken();
    await settle();
    await signIn(other, world);
    expect(waiting.events.at(-1)).toMatchObject({ type: "adopted" });
    expect((await token).value).toBe("access-2");
  });

  it("hears on waking what it missed while it slept", async () => {
    const world = createTabWorld();
    const a = world.openTab();
    const b = world.openTab({ channel: deafChannel });
    await signIn(a, world);
    await b.tab.load();
    a.tab.end();
    await a.tab.settled();
    expect(b.tab.getSnapshot().state).toBe("signed-in");
    b.wake.wakeUp();
    await settle();
    expect(b.tab.getSnapshot().state).toBe("signed-out");
  });

  it("looks for a sign-in that it has not heard of before it asks for a person", async () => {
    const world = createTabWorld();
    const a = world.openTab({ channel: deafChannel });
    await signIn(a, world);
    world.issuer.valid = "revoked";
    await world.clock.advance(lifetimeMs);
    expect(await code(a.tab.getToken())).toBe("interaction-required");
    await signIn(world.openTab({ random: () => 0.7 }), world);
    expect((await a.tab.getToken()).value).toBe("access-2");
  });

  it("ends that look with a sign-in of its own, however slow the store is", async () => {
    const world = createTabWorld();
    let slow = false;
    const read = () => (slow ? new Promise<undefined>(() => undefined) : world.store.read());
    const a = world.openTab({ store: { ...world.store, read } });
    await signIn(a, world);
    world.issuer.valid = "revoked";
    await world.clock.advance(lifetimeMs);
    expect(await code(a.tab.getToken())).toBe("interaction-required");
    slow = true;
    const call = a.tab.getToken();
    await settle();
    slow = false;
    await signIn(a, world);
    expect((await call).value).toBe("access-2");
  });

  it("looks once for all calls that ask meanwhile", async () => {
    const world = createTabWorld();
    const read = vi.fn(() => world.store.read());
    const a = world.openTab({ store: { ...world.store, read } });
    await signIn(a, world);
    world.issuer.valid = "revoked";
    await world.clock.advance(lifetimeMs);
    expect(await code(a.tab.getToken())).toBe("interaction-required");
    read.mockClear();
    const calls = Array.from({ length: 20 }, () => code(a.tab.getToken()));
    expect(new Set(await Promise.all(calls))).toEqual(new Set(["interaction-required"]));
    expect(read).toHaveBeenCalledOnce();
  });

  it("survives two tabs that renew at once without a lock, if the issuer forgives", async () => {
    const world = createTabWorld();
    const lock = {
      run: <T>(_: string, __: object, task: (held: boolean) => Promise<T>) => task(false),
    };
    const a = world.openTab({ lock });
    const b = world.openTab({ lock });
    await signIn(a, world);
    await b.tab.load();
    world.issuer.behave = async () => world.issuer.issue();
    await world.clock.advance(lifetimeMs);
    const [left, right] = await Promise.all([a.tab.getToken(), b.tab.getToken()]);
    await settle();
    expect(left.value).toBe((await a.tab.getToken()).value);
    expect((await a.tab.getToken()).value).toBe((await b.tab.getToken()).value);
    expect([left.value, right.value]).toContain((await a.tab.getToken()).value);
    expect(a.events).toContainEqual(expect.objectContaining({ type: "warning", about: "lock" }));
  });
});
