import { WebStorageStateStore } from "oidc-client-ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createManagerWorld } from "../../../support/browser/manager-world.ts";
import { createDeferred } from "../../../support/deferred.ts";

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
    await vi.waitFor(() => expect(fake.forms.at(-1)?.get("token")).toBe("refresh-1"));
  });
});
