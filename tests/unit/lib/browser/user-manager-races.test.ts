import { InMemoryWebStorage, WebStorageStateStore } from "oidc-client-ts";
import type { User } from "oidc-client-ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createManagerWorld } from "../../../support/browser/manager-world.ts";
import { createDeferred } from "../../../support/deferred.ts";
import { waitFor } from "../../../support/wait-for.ts";

let world = createManagerWorld();

beforeEach(() => {
  world = createManagerWorld();
  vi.stubGlobal("fetch", world.fake.fetch);
});
afterEach(() => {
  world.close();
  vi.unstubAllGlobals();
});

describe("a sign-in with the manager", () => {
  test("that a sign-out overtakes is forgotten, and its refresh token revoked", async () => {
    const { storage, fake, createTab, createManager, signIn } = world;
    const [reading, asked] = [createDeferred(), createDeferred()];
    let slow = false;
    const slowStorage = Object.assign(Object.create(storage) as Storage, {
      async getItem(key: string) {
        if (slow) {
          asked.resolve();
          await reading.promise;
        }
        return storage.getItem(key);
      },
    });
    const userStore = new WebStorageStateStore({ store: slowStorage });
    const { manager, session } = createTab(createManager({ userStore }));
    await session.ready();
    slow = true;
    const signingIn = signIn(manager);
    await asked.promise;
    const signingOut = session.signOut();
    reading.resolve();
    await Promise.all([signingIn, signingOut]);
    expect(session.getSnapshot().state).toBe("signed-out");
    expect(await manager.getUser()).toBeNull();
    await waitFor(() => expect(fake.forms.at(-1)?.get("token")).toBe("refresh-1"));
  });
});

/** What is true after some time, which passes in small steps. */
async function afterSomeTime<T>(outcome: Promise<T>): Promise<T> {
  let settled = false;
  const settle = () => void (settled = true);
  outcome.then(settle, settle);
  await waitFor(() => {
    if (settled) return;
    world.clock.advance(250);
    throw new Error("It is still under way.");
  });
  return outcome;
}

describe("a tab whose storage shows later than the lock what another tab has written", () => {
  async function openBoth() {
    const { storage, createTab, createManager, signIn } = world;
    const here = createTab();
    await here.session.ready();
    await signIn(here.manager);
    const shown = new InMemoryWebStorage();
    const reads = vi.spyOn(shown, "getItem");
    const catchUp = () => {
      for (let index = 0; index < storage.length; index++) {
        const key = storage.key(index) ?? "";
        shown.setItem(key, storage.getItem(key) ?? "");
      }
    };
    catchUp();
    const there = createTab(
      createManager({ userStore: new WebStorageStateStore({ store: shown }) }),
    );
    await there.session.ready();
    return { here, there, catchUp, reads };
  }

  test("waits for it, and asks for no person", async () => {
    const { here, there, catchUp, reads } = await openBoth();
    world.clock.advance(61_000);
    await here.session.getToken();
    reads.mockClear();
    const call = there.session.getToken();
    await waitFor(() => expect(reads).toHaveBeenCalled());
    catchUp();
    expect((await afterSomeTime(call)).value).toBe("access-2");
    expect(there.session.getSnapshot().state).toBe("signed-in");
    expect(there.events.map(({ type }) => type)).not.toContain("interaction-required");
    expect(world.fake.forms.filter((form) => form.has("refresh_token"))).toHaveLength(1);
  });

  test("is signed in again as soon as it shows it, however late", async () => {
    const { here, there, catchUp } = await openBoth();
    world.clock.advance(61_000);
    await here.session.getToken();
    await expect(afterSomeTime(there.session.getToken())).rejects.toMatchObject({
      code: "interaction-required",
    });
    catchUp();
    expect((await there.session.getToken()).value).toBe("access-2");
  });
});

describe("a duplicated tab, whose manager has a storage of its own", () => {
  async function duplicate() {
    const { createTab, createManager, signIn } = world;
    const here = createTab();
    await here.session.ready();
    await signIn(here.manager);
    const own = new WebStorageStateStore({ store: new InMemoryWebStorage() });
    const manager = createManager({ userStore: own });
    await manager.storeUser(await here.manager.getUser());
    const copy = createTab(manager);
    await copy.session.ready();
    return { here, copy };
  }
  const sent = () => world.fake.forms.flatMap((form) => form.get("refresh_token") ?? []);

  test("never sends the refresh token that the other one has used, which so keeps its session", async () => {
    const { here, copy } = await duplicate();
    world.clock.advance(50_000);
    expect((await here.session.getToken({ rejected: "access-1" })).value).toBe("access-2");
    expect((await copy.session.getToken()).value).toBe("access-1");
    world.clock.advance(11_000);
    await expect(afterSomeTime(copy.session.getToken())).rejects.toMatchObject({
      code: "interaction-required",
    });
    expect(copy.session.getSnapshot()).toMatchObject({ state: "interaction-required" });
    world.clock.advance(50_000);
    expect((await here.session.getToken()).value).toBe("access-3");
    expect(sent()).toEqual(["refresh-1", "refresh-2"]);
    expect(here.session.getSnapshot().state).toBe("signed-in");
  });

  test("is back after a sign-in of its own, and disturbs nobody with it", async () => {
    const { here, copy } = await duplicate();
    world.clock.advance(61_000);
    await here.session.getToken();
    await expect(afterSomeTime(copy.session.getToken())).rejects.toMatchObject({
      code: "interaction-required",
    });
    await world.signIn(copy.manager);
    world.clock.advance(61_000);
    const [mine, theirs] = await Promise.all([copy.session.getToken(), here.session.getToken()]);
    expect(mine.value).not.toBe(theirs.value);
    expect(new Set(sent()).size).toBe(sent().length);
  });

  test("goes on with its copy where refresh tokens are not replaced", async () => {
    world.fake.answer = { refresh_token: undefined };
    const { here, copy } = await duplicate();
    const user = await here.manager.getUser();
    for (const { manager } of [here, copy]) {
      await manager.storeUser(Object.assign(user ?? {}, { refresh_token: "lasting" }) as User);
    }
    world.clock.advance(61_000);
    await here.session.getToken();
    await copy.session.getToken();
    expect(sent()).toEqual(["lasting", "lasting"]);
  });
});
