import { describe, expect, it } from "vitest";
import { AuthError } from "../../../../src/lib/core/index.ts";
import {
  createBreakableStore,
  createTabWorld,
  lifetimeMs,
  signIn,
} from "../../../support/tab-world.ts";
import { settle } from "../../../support/virtual-clock.ts";

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => "succeeded",
    (error: unknown) => AuthError.from(error).code,
  );

describe("a session in one tab", () => {
  it("is signed out when nothing is stored", async () => {
    const { tab } = createTabWorld().openTab();
    expect((await tab.load()).state).toBe("signed-out");
    expect(await code(tab.getToken())).toBe("signed-out");
  });

  it("serves the token of the sign-in", async () => {
    const world = createTabWorld();
    const { tab } = world.openTab();
    await signIn({ tab }, world);
    expect(tab.getSnapshot()).toMatchObject({ state: "signed-in", subject: "ada" });
    expect((await tab.getToken()).value).toBe("access-1");
    expect(world.issuer.requests).toHaveLength(0);
  });

  it("survives a reload", async () => {
    const world = createTabWorld();
    await signIn(world.openTab(), world);
    const { tab } = world.openTab();
    expect((await tab.getToken()).value).toBe("access-1");
    expect(tab.getSnapshot().state).toBe("signed-in");
  });

  it("keeps the old refresh token when the answer brings none", async () => {
    const world = createTabWorld();
    const { tab } = world.openTab();
    await signIn({ tab }, world);
    world.issuer.behave = async () => ({ ...world.issuer.issue(), refreshToken: undefined });
    await world.clock.advance(lifetimeMs);
    await tab.getToken();
    await world.clock.advance(lifetimeMs);
    await tab.getToken();
    expect(world.issuer.requests.map((request) => request.refreshToken)).toEqual([
      "refresh-1",
      "refresh-1",
    ]);
  });

  it("needs a person when the refresh token is revoked, and says it once", async () => {
    const world = createTabWorld();
    const { tab, events } = world.openTab();
    await signIn({ tab }, world);
    world.issuer.valid = "revoked";
    await world.clock.advance(lifetimeMs);
    expect(await code(tab.getToken())).toBe("interaction-required");
    expect(await code(tab.getToken())).toBe("interaction-required");
    expect(tab.getSnapshot()).toMatchObject({ state: "interaction-required", subject: "ada" });
    expect(events.filter(({ type }) => type === "interaction-required")).toHaveLength(1);
    expect(world.issuer.requests).toHaveLength(1);
  });

  it("goes on serving a valid token although the refresh token is revoked", async () => {
    const world = createTabWorld();
    const { tab } = world.openTab();
    await signIn({ tab }, world);
    world.issuer.valid = "revoked";
    await world.clock.advance(lifetimeMs - 5_000);
    await tab.getToken();
    await settle();
    expect(tab.getSnapshot().state).toBe("interaction-required");
    expect((await tab.getToken()).value).toBe("access-1");
  });

  it("signs nobody out when the issuer is down for an hour", async () => {
    const world = createTabWorld();
    const { tab } = world.openTab();
    await signIn({ tab }, world);
    world.issuer.behave = async () => {
      throw new AuthError("unavailable", "503", { status: 503 });
    };
    await world.clock.advance(lifetimeMs);
    for (let minute = 0; minute < 60; minute++) {
      const call = code(tab.getToken());
      await world.clock.advance(60_000);
      expect(await call).toBe("unavailable");
    }
    expect(world.issuer.requests.length).toBeLessThan(300);
    world.issuer.behave = undefined;
    const call = code(tab.getToken());
    await world.clock.advance(60_000);
    await call;
    expect((await tab.getToken()).expiresAt).toBeGreaterThan(world.clock.now());
    expect(tab.getSnapshot().state).toBe("signed-in");
  });

  it("replays a request once when no answer came, and keeps the session", async () => {
    const world = createTabWorld();
    const { tab } = world.openTab();
    await signIn({ tab }, world);
    let lost = 0;
    world.issuer.behave = async () => {
      if (lost++ === 0) throw new AuthError("unavailable", "lost", { ambiguous: true });
      return world.issuer.issue();
    };
    await world.clock.advance(lifetimeMs);
    expect((await tab.getToken()).value).toBe("access-2");
    expect(world.issuer.requests.map((request) => request.refreshToken)).toEqual([
      "refresh-1",
      "refresh-1",
    ]);
  });

  it("keeps the new refresh token even if its access token came too late", async () => {
    const world = createTabWorld();
    const { tab } = world.openTab();
    await signIn({ tab }, world);
    await world.clock.advance(lifetimeMs);
    world.issuer.behave = async () => {
      world.issuer.behave = undefined;
      const late = world.issuer.issue();
      return { ...late, accessToken: { ...late.accessToken, expiresAt: world.clock.now() - 1 } };
    };
    const call = tab.getToken();
    await world.clock.advance(5_000);
    await call;
    expect(world.issuer.requests.map((request) => request.refreshToken)).toEqual([
      "refresh-1",
      "refresh-2",
    ]);
  });

  it("tells why and how long it renewed, without a token", async () => {
    const world = createTabWorld();
    const { tab, events } = world.openTab();
    await signIn({ tab }, world);
    await world.clock.advance(lifetimeMs - 5_000);
    await tab.getToken();
    await settle();
    expect(events.at(-1)).toMatchObject({ type: "renewed", reason: "expiring", waiting: 0 });
    expect(JSON.stringify(events)).not.toMatch(/access-|refresh-/);
  });

  it("goes on when a listener throws, and says so", async () => {
    const world = createTabWorld();
    const { tab, events } = world.openTab();
    tab.onEvent(() => {
      throw new Error("bad listener");
    });
    tab.subscribe(() => {
      throw new Error("bad subscriber");
    });
    await signIn({ tab }, world);
    expect((await tab.getToken()).value).toBe("access-1");
    expect(events).toContainEqual(expect.objectContaining({ type: "warning", about: "listener" }));
  });

  it("lives in memory when the store fails, and warns once", async () => {
    const world = createTabWorld();
    const store = createBreakableStore();
    store.broken = true;
    const { tab, events } = world.openTab({ store });
    await signIn({ tab }, world);
    for (let round = 0; round < 3; round++) {
      await world.clock.advance(lifetimeMs);
      await tab.getToken();
    }
    expect(tab.getSnapshot().state).toBe("signed-in");
    const warnings = events.filter((event) => event.type === "warning");
    expect(warnings.length).toBeGreaterThan(0);
    expect(
      new Set(warnings.map((event) => JSON.stringify(event.type === "warning" && event.message)))
        .size,
    ).toBe(warnings.length);
  });

  it("neither reads nor overwrites what another version has stored", async () => {
    const world = createTabWorld();
    await world.store.replace(undefined, JSON.stringify({ schema: 99, tokens: {} }));
    const { tab } = world.openTab();
    await signIn({ tab }, world);
    expect((await tab.getToken()).value).toBe("access-1");
    expect((await world.store.read())?.value).toContain('"schema":99');
  });
});

describe("sign-out", () => {
  it("binds its own tab at once", async () => {
    const world = createTabWorld();
    const { tab } = world.openTab();
    await signIn({ tab }, world);
    const { ended } = tab;
    tab.end();
    expect(ended.aborted).toBe(true);
    expect(tab.getSnapshot().state).toBe("signed-out");
    expect(await code(tab.getToken())).toBe("signed-out");
    await tab.settled();
    expect((await world.store.read())?.value).toBeUndefined();
  });

  it("is not undone by a refresh that began before it", async () => {
    const world = createTabWorld();
    const { tab } = world.openTab();
    await signIn({ tab }, world);
    let answer: (() => void) | undefined;
    world.issuer.behave = () =>
      new Promise((resolve) => {
        answer = () => resolve(world.issuer.issue());
      });
    await world.clock.advance(lifetimeMs);
    const call = code(tab.getToken());
    await settle();
    tab.end();
    answer?.();
    await settle();
    expect(await call).toBe("signed-out");
    expect(tab.getSnapshot().state).toBe("signed-out");
    expect((await world.store.read())?.value).toBeUndefined();
  });

  it("reaches the other tabs", async () => {
    const world = createTabWorld();
    const a = world.openTab();
    const b = world.openTab();
    await signIn(a, world);
    await b.tab.load();
    const { ended } = b.tab;
    a.tab.end();
    await a.tab.settled();
    await settle();
    expect(b.tab.getSnapshot().state).toBe("signed-out");
    expect(ended.aborted).toBe(true);
  });

  it("is not resurrected by a sign-in that it overtook", async () => {
    const world = createTabWorld();
    const { tab } = world.openTab();
    await tab.load();
    const epoch = tab.epoch();
    tab.end();
    const identity = { subject: "ada", displayName: undefined };
    expect(await tab.establish(world.issuer.issue(), identity, epoch)).toBe(false);
    expect((await world.store.read())?.value).toBeUndefined();
    expect(tab.getSnapshot().state).toBe("signed-out");
  });

  it("hands back what revocation and the issuer's logout need", async () => {
    const world = createTabWorld();
    const { tab } = world.openTab();
    await signIn({ tab }, world);
    expect(tab.end().refreshToken).toBe("refresh-1");
  });
});
