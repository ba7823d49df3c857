import { describe, expect, it } from "vitest";
import { Code, ConnectError } from "@connectrpc/connect";
import { createUserWatches } from "../../../../src/backend/users/user-watches.ts";
import type { UserWatches } from "../../../../src/backend/users/user-watches.ts";
import { codeOf } from "../../../support/failure.ts";
import { newUser, storeOf } from "../../../support/users.ts";

function createWorld() {
  const { store, database } = storeOf([newUser({ id: "1" }), newUser({ id: "2" })]);
  let now = 0;
  let tick: (() => void) | undefined;
  const watches = createUserWatches(store, {
    now: () => now,
    every(_, callback) {
      if (tick) throw new Error("there is a second timer");
      tick = callback;
      return () => (tick = undefined);
    },
  });
  return {
    watches,
    database,
    get isPolling() {
      return tick !== undefined;
    },
    pass(ms: number) {
      now += ms;
      tick?.();
    },
  };
}

function open(
  watches: UserWatches,
  options: { userId?: string; afterVersion?: bigint; principal?: string } = {},
) {
  const controller = new AbortController();
  const events = watches.watch({
    userId: "1",
    afterVersion: 0n,
    principal: "somebody",
    signal: controller.signal,
    ...options,
  });
  return { events, abort: (reason?: unknown) => controller.abort(reason) };
}

describe("watching a user", () => {
  it("tells the state first, and a heartbeat when it is known", async () => {
    const { watches } = createWorld();
    expect(await open(watches).events.next()).toMatchObject({
      value: { type: "user", user: { version: 1 } },
    });
    const known = open(watches, { afterVersion: 1n });
    expect(await known.events.next()).toEqual({ done: false, value: { type: "heartbeat" } });
  });

  it("tells each change, several in a row as one, and those of other users not at all", async () => {
    const { watches, database, pass } = createWorld();
    const { events } = open(watches);
    await events.next();
    const next = events.next();
    database.exec("UPDATE users SET status = 2 WHERE id = '2'");
    pass(250);
    database.exec("UPDATE users SET status = 2 WHERE id = '1'");
    database.exec("UPDATE users SET status = 3 WHERE id = '1'");
    pass(250);
    expect(await next).toMatchObject({ value: { type: "user", user: { version: 3, status: 3 } } });
  });

  it("tells a change that was made before the first look", async () => {
    const { watches, database, pass } = createWorld();
    const { events } = open(watches);
    await events.next();
    database.exec("UPDATE users SET status = 2 WHERE id = '1'");
    const next = events.next();
    pass(250);
    expect(await next).toMatchObject({ value: { user: { version: 2 } } });
  });

  it("tells a change and no heartbeat when both are due", async () => {
    const { watches, database, pass } = createWorld();
    const { events } = open(watches);
    await events.next();
    const next = events.next();
    database.exec("UPDATE users SET status = 2 WHERE id = '1'");
    pass(15_000);
    expect(await next).toMatchObject({ value: { type: "user", user: { version: 2 } } });
  });

  it("tells a change in place of a heartbeat that was due a moment before", async () => {
    const { watches, database, pass } = createWorld();
    const { events } = open(watches);
    await events.next();
    const first = events.next();
    pass(250);
    pass(15_000);
    database.exec("UPDATE users SET status = 2 WHERE id = '1'");
    expect(await first).toMatchObject({ value: { type: "user", user: { version: 2 } } });
  });

  it("sends a heartbeat after 15 seconds of silence, and not before", async () => {
    const { watches, pass } = createWorld();
    const { events } = open(watches);
    await events.next();
    const next = events.next();
    let hasCome = false;
    void next.then(() => (hasCome = true));
    pass(14_999);
    await Promise.resolve();
    expect(hasCome).toBe(false);
    pass(1);
    expect(await next).toEqual({ done: false, value: { type: "heartbeat" } });
  });

  it("ends when the user goes away", async () => {
    const { watches, database, pass } = createWorld();
    const { events } = open(watches);
    await events.next();
    const next = events.next();
    database.exec("DELETE FROM users WHERE id = '1'");
    pass(250);
    expect(await codeOf(next)).toBe(Code.NotFound);
    expect(watches.size).toBe(0);
  });

  it("knows no user that does not exist", async () => {
    const { watches } = createWorld();
    expect(await codeOf(open(watches, { userId: "3" }).events.next())).toBe(Code.NotFound);
    expect(watches.size).toBe(0);
  });

  it("polls only while somebody watches, with one timer for all", async () => {
    const world = createWorld();
    expect(world.isPolling).toBe(false);
    const first = open(world.watches);
    const second = open(world.watches, { userId: "2" });
    await first.events.next();
    await second.events.next();
    expect(world.isPolling).toBe(true);
    await first.events.return();
    expect(world.isPolling).toBe(true);
    second.abort();
    expect(world.isPolling).toBe(false);
    expect(world.watches.size).toBe(0);
  });

  it("forgets a watcher whose caller has gone, whether it waits or not", async () => {
    const { watches } = createWorld();
    const idle = open(watches);
    await idle.events.next();
    const waiting = open(watches);
    await waiting.events.next();
    const next = waiting.events.next();
    idle.abort();
    waiting.abort(new ConnectError("gone", Code.Canceled));
    expect(await codeOf(next)).toBe(Code.Canceled);
    expect(watches.size).toBe(0);
  });

  it("lets one principal watch 64 users at once, and others more", async () => {
    const { watches } = createWorld();
    const all = Array.from({ length: 64 }, () => open(watches));
    for (const { events } of all) await events.next();
    expect(await codeOf(open(watches).events.next())).toBe(Code.ResourceExhausted);
    const other = open(watches, { principal: "somebody else" });
    expect((await other.events.next()).done).toBe(false);
    await all[0]?.events.return();
    expect((await open(watches).events.next()).done).toBe(false);
  });

  it("ends with UNAVAILABLE when the server shuts down, and begins no more", async () => {
    const { watches } = createWorld();
    const { events } = open(watches);
    await events.next();
    const next = events.next();
    watches.close();
    expect(await codeOf(next)).toBe(Code.Unavailable);
    expect(watches.size).toBe(0);
    expect(await codeOf(open(watches).events.next())).toBe(Code.Unavailable);
  });

  it("ends with the error when the database fails", async () => {
    const { watches, database, pass } = createWorld();
    const { events } = open(watches);
    await events.next();
    const next = events.next();
    database.close();
    pass(250);
    await expect(next).rejects.toThrow("database is not open");
    expect(watches.size).toBe(0);
  });
});
