import { describe, expect, it } from "vitest";
import { AuthError } from "../../../../src/lib/core/index.ts";
import type { Lock, Store } from "../../../../src/lib/core/index.ts";
import type { TokenResponse } from "../../../../src/lib/core/refresh-exchange.ts";
import { startBounds } from "../../../../src/lib/core/renewal-bounds.ts";
import { createTabWorld, lifetimeMs, signIn } from "../../../support/tab-world.ts";
import { createVirtualClock, settle } from "../../../support/virtual-clock.ts";

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "succeeded",
    (error: unknown) => AuthError.from(error).code,
  );

const stored = async (store: Store) => (await store.read())?.value ?? "";

describe("a renewal that a sign-in overtakes", () => {
  it("keeps its refresh token out of the new session's record", async () => {
    const world = createTabWorld();
    const a = world.openTab();
    // Other dice, so that the second session gets a name of its own.
    const b = world.openTab({ random: () => 0.7 });
    await signIn(a, world);
    const answer = Promise.withResolvers<TokenResponse>();
    world.issuer.behave = () => answer.promise;
    const token = a.tab.getToken({ scopes: ["users.contact"] });
    await settle();
    const old = world.issuer.issue();
    world.issuer.behave = undefined;
    await signIn(b, world);
    const fresh = world.issuer.valid;
    answer.resolve(old);
    await token;
    expect(world.issuer.requests.map(({ refreshToken }) => refreshToken)).toEqual([
      "refresh-1",
      fresh,
    ]);
    expect(await stored(world.store)).toContain(world.issuer.valid);
  });

  it("serves the sign-in's token, although its own was stored just before", async () => {
    const world = createTabWorld();
    const b = world.openTab({ random: () => 0.7 });
    let afterWrite: (() => Promise<void>) | undefined;
    const a = world.openTab({
      store: {
        read: () => world.store.read(),
        async replace(...change) {
          const revision = await world.store.replace(...change);
          await afterWrite?.();
          return revision;
        },
      },
    });
    await signIn(a, world);
    await world.clock.advance(lifetimeMs);
    afterWrite = () => {
      afterWrite = undefined;
      return signIn(b, world);
    };
    expect((await a.tab.getToken()).value).toBe("access-3");
    await settle();
    expect((await a.tab.getToken()).value).toBe("access-3");
  });

  it("lets its calls go on with the token of the sign-in, and may fail itself", async () => {
    const world = createTabWorld();
    const page = world.openTab();
    await signIn(page, world);
    await world.clock.advance(lifetimeMs);
    const answer = Promise.withResolvers<TokenResponse>();
    world.issuer.behave = () => answer.promise;
    const waiting = page.tab.getToken({ rejected: "access-1" });
    await settle();
    await signIn(page, world);
    expect((await waiting).value).toBe("access-2");
    answer.reject(new AuthError("unavailable", "busy", { status: 503 }));
    await settle();
    expect(page.tab.getSnapshot().refresh).toBe("idle");
  });

  it("goes on with the sign-in's refresh token, however often the one before was refused", async () => {
    const world = createTabWorld();
    const a = world.openTab();
    const b = world.openTab({ random: () => 0.7 });
    await signIn(a, world);
    const meanwhile = [() => rotate(world.store, "refresh-0"), () => signIn(b, world)];
    world.issuer.behave = async () => {
      await meanwhile.shift()?.();
      if (meanwhile.length === 0) world.issuer.behave = undefined;
      throw new AuthError("interaction-required", "revoked", { oauthError: "invalid_grant" });
    };
    const token = await a.tab.getToken({ scopes: ["users.contact"] });
    expect(token.value).toBe("access-3");
    expect(world.issuer.requests.map(({ refreshToken }) => refreshToken)).toEqual([
      "refresh-1",
      "refresh-0",
      "refresh-2",
    ]);
  });
});

/** Another tab, without the lock, has used the refresh token and stored the next. */
async function rotate(store: Store, next: string): Promise<void> {
  const found = await store.read();
  await store.replace(found?.revision, found?.value?.replace("refresh-1", next));
}

describe("a replay of a renewal without an answer", () => {
  it("is not made for a session that a sign-in has replaced meanwhile", async () => {
    const world = createTabWorld();
    const page = world.openTab();
    await signIn(page, world);
    await world.clock.advance(lifetimeMs);
    world.issuer.behave = async () => {
      world.issuer.behave = undefined;
      await signIn(page, world);
      throw new AuthError("unavailable", "no answer", { ambiguous: true });
    };
    expect((await page.tab.getToken()).value).toBe("access-2");
    expect(world.issuer.requests).toHaveLength(1);
  });
});

describe("a renewal and its bounds", () => {
  it("does not ask the issuer when the wait for the lock took the time", async () => {
    const world = createTabWorld();
    const turn = Promise.withResolvers<void>();
    const lock: Lock = { run: (_name, _limits, task) => turn.promise.then(() => task(true)) };
    const page = world.openTab({ lock });
    await signIn(page, world);
    await world.clock.advance(lifetimeMs);
    const token = codeOf(page.tab.getToken());
    await world.clock.advance(19_000);
    turn.resolve();
    await settle();
    expect(world.issuer.requests).toHaveLength(0);
    expect(await token).toBe("unavailable");
  });

  it.each([
    ["while the machine slept", 16_999, 3_000],
    ["in the first half of the time", 9_999, 10_000],
  ])("has time to store an answer that came %s, but no longer", async (_, afterMs, storingMs) => {
    const clock = createVirtualClock();
    const { signal, answered } = startBounds(clock, 20_000, new AbortController().signal);
    await clock.advance(afterMs);
    answered();
    await clock.advance(storingMs - 1);
    expect(signal.aborted).toBe(false);
    await clock.advance(1);
    expect(AuthError.from(signal.reason).code).toBe("unavailable");
  });

  it("holds the lock while a slow store keeps its answer, so that nobody uses the old one", async () => {
    const world = createTabWorld();
    const [a, b] = [world.openTab({ store: storesAfter(9_000) }), world.openTab()];
    await signIn(b, world);
    await a.tab.load();
    await world.clock.advance(lifetimeMs);
    const calls = [codeOf(a.tab.getToken()), codeOf(b.tab.getToken())];
    await world.clock.advance(9_000);
    expect(await Promise.all(calls)).toEqual(["succeeded", "succeeded"]);
    expect(world.issuer.requests).toHaveLength(1);

    function storesAfter(delayMs: number): Store {
      return {
        read: () => world.store.read(),
        replace: (...change) =>
          new Promise((resolve) => {
            world.clock.after(delayMs, () => resolve(world.store.replace(...change)));
          }),
      };
    }
  });

  it("waits for its turn again when it overslept the first", async () => {
    const world = createTabWorld();
    let attempts = 0;
    const lock: Lock = {
      run(_name, _limits, task) {
        attempts++;
        if (attempts === 1) world.clock.jump(3_600_000);
        return task(attempts > 1);
      },
    };
    const page = world.openTab({ lock });
    await signIn(page, world);
    await world.clock.advance(lifetimeMs);
    expect((await page.tab.getToken()).value).toBe("access-2");
    expect(attempts).toBe(2);
    expect(page.events.filter(({ type }) => type === "warning")).toEqual([]);
  });

  it("ends with the session: a sign-out aborts the request, and nothing is replayed", async () => {
    const world = createTabWorld();
    const page = world.openTab();
    await signIn(page, world);
    await world.clock.advance(lifetimeMs);
    world.issuer.behave = ({ signal }) =>
      new Promise((_, reject) => {
        const lost = new AuthError("unavailable", "no answer", { ambiguous: true });
        signal.addEventListener("abort", () => reject(lost));
      });
    const token = codeOf(page.tab.getToken());
    await settle();
    page.tab.end();
    await settle();
    expect(await token).toBe("signed-out");
    expect(world.issuer.requests).toHaveLength(1);
  });
});

describe("a renewal during which the clock is set", () => {
  it("serves no token that has expired by the new time", async () => {
    const world = createTabWorld();
    let jumpMs = 0;
    const store: Store = {
      read: () => world.store.read(),
      async replace(...change) {
        const revision = await world.store.replace(...change);
        world.clock.jump(jumpMs);
        jumpMs = 0;
        return revision;
      },
    };
    const page = world.openTab({ store });
    await signIn(page, world);
    await world.clock.advance(lifetimeMs);
    jumpMs = 3_600_000;
    const { expiresAt, value } = await page.tab.getToken();
    expect(expiresAt).toBeGreaterThan(world.clock.now());
    expect(value).toBe("access-3");
  });
});

describe("a refused refresh token that another tab has replaced meanwhile", () => {
  it("costs nobody the session, even between the last look and the write", async () => {
    const world = createTabWorld();
    const [a, b] = [world.openTab(), createLateTab(world)];
    await signIn(a, world);
    await b.page.tab.load();
    await world.clock.advance(lifetimeMs);
    world.issuer.behave = () =>
      Promise.reject(
        new AuthError("interaction-required", "used", { oauthError: "invalid_grant" }),
      );
    b.beforeWrite = async () => {
      world.issuer.behave = undefined;
      await a.tab.getToken();
    };
    expect((await b.page.tab.getToken()).value).toBe("access-2");
    expect(a.tab.getSnapshot().state).toBe("signed-in");
  });
});

/** A tab without the lock, whose next write can be overtaken. */
function createLateTab(world: ReturnType<typeof createTabWorld>) {
  const late = {
    beforeWrite: undefined as (() => Promise<void>) | undefined,
    page: world.openTab({
      lock: { run: (_name, _limits, task) => task(false) },
      store: {
        read: () => world.store.read(),
        async replace(expected, value) {
          const first = late.beforeWrite;
          late.beforeWrite = undefined;
          await first?.();
          return world.store.replace(expected, value);
        },
      },
    }),
  };
  return late;
}
