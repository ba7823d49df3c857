import { describe, expect, it } from "vitest";
import { AuthError } from "../../../../src/lib/core/index.ts";
import type { Lock, Store } from "../../../../src/lib/core/index.ts";
import type { TokenResponse } from "../../../../src/lib/core/refresh-exchange.ts";
import { createTabWorld, lifetimeMs, signIn } from "../../../support/tab-world.ts";
import { settle } from "../../../support/virtual-clock.ts";

const used = () =>
  new AuthError("interaction-required", "used", { oauthError: "invalid_grant", status: 400 });

/** Several tabs renew at once. */
const noLock: Lock = { run: (_name, _limits, task) => task(false) };

describe("a storage that takes longer than a token lives", () => {
  it("does not become a storm of renewals", async () => {
    const world = createTabWorld();
    const store: Store = {
      read: () => world.store.read(),
      async replace(...change) {
        await new Promise<void>((resolve) => world.clock.after(2_500, resolve));
        return world.store.replace(...change);
      },
    };
    const page = world.openTab({ store });
    const signingIn = signIn(page, world);
    await world.clock.advance(3_000);
    await signingIn;
    await world.clock.advance(lifetimeMs);
    world.issuer.behave = async () => {
      const { accessToken, ...answer } = world.issuer.issue();
      return { ...answer, accessToken: { ...accessToken, expiresAt: world.clock.now() + 2_000 } };
    };
    const outcome = page.tab.getToken().catch((error: unknown) => AuthError.from(error).code);
    await world.clock.advance(600_000);
    expect(await outcome).toBe("unavailable");
    expect(world.issuer.requests.length).toBeLessThan(40);
  });
});

describe("a session that only a person can renew", () => {
  it("leaves lock, store and issuer alone until something changes, also when the page wakes", async () => {
    const world = createTabWorld();
    let locked = 0;
    const lock: Lock = {
      run(name, limits, task) {
        locked++;
        return world.lock.run(name, limits, task);
      },
    };
    const page = world.openTab({ lock });
    await signIn(page, world);
    world.issuer.valid = "revoked";
    await page.tab.getToken();
    await world.clock.advance(lifetimeMs);
    expect(page.tab.getSnapshot().state).toBe("interaction-required");
    const before = locked;
    await world.clock.advance(3_600_000);
    page.wake.wakeUp();
    await settle();
    expect(locked).toBe(before);
    await signIn(page, world);
    await page.tab.getToken();
    await world.clock.advance(lifetimeMs * 0.95);
    expect(world.issuer.requests.at(-1)?.refreshToken).not.toBe("revoked");
    expect(locked).toBe(before + 1);
  });

  it("is back when another tab's renewal was answered after all", async () => {
    const world = createTabWorld();
    const [a, b] = [world.openTab({ lock: noLock }), world.openTab({ lock: noLock })];
    await signIn(a, world);
    await b.tab.load();
    await world.clock.advance(lifetimeMs);
    const answer = Promise.withResolvers<TokenResponse>();
    world.issuer.behave = () => answer.promise;
    const token = a.tab.getToken();
    await settle();
    world.issuer.behave = () => Promise.reject(used());
    await expect(b.tab.getToken()).rejects.toMatchObject({ code: "interaction-required" });
    await settle();
    expect(a.tab.getSnapshot().state).toBe("interaction-required");
    world.issuer.behave = undefined;
    answer.resolve(world.issuer.issue());
    await token;
    await settle();
    for (const { tab } of [a, b]) expect(tab.getSnapshot().state).toBe("signed-in");
    expect((await b.tab.getToken()).value).toBe((await token).value);
  });
});
