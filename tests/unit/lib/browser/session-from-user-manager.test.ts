import { InMemoryWebStorage, WebStorageStateStore } from "oidc-client-ts";
import type { UserManager, UserManagerSettings } from "oidc-client-ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { UserManagerSession } from "../../../../src/lib/browser/session-from-user-manager.ts";
import type { Channel } from "../../../../src/lib/core/ports.ts";
import { app } from "../../../support/browser/browser-tab.ts";
import { createManagerWorld } from "../../../support/browser/manager-world.ts";
import { deafChannel } from "../../../support/deaf-channel.ts";
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

const createManager = (changes?: Partial<UserManagerSettings>) => world.createManager(changes);
const createTab = (manager?: UserManager, channel?: Channel) =>
  world.createTab(manager, channel === undefined ? {} : { channel });
const signIn = (manager: UserManager) => world.signIn(manager);

/** Why a call gets no token, after all the time it is willing to wait. */
async function failureOf(session: UserManagerSession): Promise<unknown> {
  let failure: unknown;
  void session.getToken().catch((error: unknown) => (failure = error));
  await waitFor(() => {
    world.clock.advance(1_000);
    expect(failure).toBeDefined();
  });
  return failure;
}

describe("a session over an app's UserManager", () => {
  test("is refused while the manager renews by itself", () => {
    const open = () => createTab(createManager({ automaticSilentRenew: true }));
    expect(open).toThrow("automaticSilentRenew: false");
  });

  test("takes over a person who is signed in already", async () => {
    const manager = createManager();
    await signIn(manager);
    const { session } = createTab();
    expect(await session.ready()).toMatchObject({
      state: "signed-in",
      subject: "sub-1",
      displayName: "Ada",
      scopes: ["openid", "offline_access", "users.read"],
    });
    expect((await session.getToken()).value).toBe("access-1");
  });

  test("hears of a sign-in through the manager", async () => {
    const { manager, session, events } = createTab();
    expect((await session.ready()).state).toBe("signed-out");
    await signIn(manager);
    await waitFor(() => expect(session.getSnapshot().state).toBe("signed-in"));
    expect((await session.getToken()).value).toBe("access-1");
    expect(events.at(-1)).toMatchObject({ type: "signed-in", by: "this-tab" });
  });

  test("refreshes once for many calls, and gives the app the new user", async () => {
    const { manager, session } = createTab();
    await session.ready();
    await signIn(manager);
    await waitFor(() => expect(session.getSnapshot().state).toBe("signed-in"));
    const loaded = vi.fn();
    manager.events.addUserLoaded((user) => loaded(user.access_token));
    world.clock.advance(61_000);
    const tokens = await Promise.all([1, 2, 3, 4, 5].map(() => session.getToken()));
    expect(new Set(tokens.map((token) => token.value))).toEqual(new Set(["access-2"]));
    expect(Object.fromEntries(world.fake.forms.at(-1) ?? [])).toMatchObject({
      grant_type: "refresh_token",
      refresh_token: "refresh-1",
      resource: "urn:users",
    });
    expect(world.fake.requests.filter((request) => request === "POST /token")).toHaveLength(2);
    await waitFor(() => expect(loaded).toHaveBeenCalledWith("access-2"));
    expect(await manager.getUser()).toMatchObject({
      access_token: "access-2",
      refresh_token: "refresh-2",
      profile: { sub: "sub-1", name: "Ada" },
    });
  });

  test("refreshes once for two tabs", async () => {
    const here = createTab();
    await here.session.ready();
    await signIn(here.manager);
    await waitFor(() => expect(here.session.getSnapshot().state).toBe("signed-in"));
    const there = createTab();
    await there.session.ready();
    world.clock.advance(61_000);
    expect((await here.session.getToken()).value).toBe("access-2");
    expect((await there.session.getToken()).value).toBe("access-2");
    expect(world.fake.requests.filter((request) => request === "POST /token")).toHaveLength(2);
  });

  test("keeps the session when the issuer does not answer, and the app's user", async () => {
    const { manager, session } = createTab();
    await signIn(manager);
    await session.ready();
    world.fake.instead.set("/token", () => new Response("no", { status: 503 }));
    world.clock.advance(61_000);
    expect(await failureOf(session)).toMatchObject({ code: "unavailable" });
    expect(session.getSnapshot().state).toBe("signed-in");
    expect(await manager.getUser()).not.toBeNull();
  });

  test("remembers over a reload that a person must act", async () => {
    const { manager, session } = createTab();
    await session.ready();
    await signIn(manager);
    await waitFor(() => expect(session.getSnapshot().state).toBe("signed-in"));
    world.fake.instead.set("/token", () =>
      Response.json({ error: "invalid_grant" }, { status: 400 }),
    );
    world.clock.advance(61_000);
    await expect(session.getToken()).rejects.toMatchObject({ code: "interaction-required" });
    expect(session.getSnapshot().state).toBe("interaction-required");
    session.close();
    expect((await createTab().session.ready()).state).toBe("interaction-required");
  });

  test("signs out: at once, in the app's manager, and at the issuer", async () => {
    const { manager, session, page } = createTab();
    await session.ready();
    await signIn(manager);
    await waitFor(() => expect(session.getSnapshot().state).toBe("signed-in"));
    const unloaded = vi.fn();
    manager.events.addUserUnloaded(unloaded);
    const signingOut = session.signOut();
    expect(session.getSnapshot().state).toBe("signed-out");
    await signingOut;
    expect(await manager.getUser()).toBeNull();
    await waitFor(() => expect(unloaded).toHaveBeenCalledOnce());
    expect(world.fake.forms.at(-1)?.get("token")).toBe("refresh-1");
    expect(page.lastDeparture().pathname).toBe("/logout");
  });

  test("ends when the app removes its user", async () => {
    const { manager, session } = createTab();
    await signIn(manager);
    await session.ready();
    const { ended } = session;
    await manager.removeUser();
    expect(ended?.aborted).toBe(true);
    expect(session.getSnapshot().state).toBe("signed-out");
  });

  test("is signed in before the manager says so, for a call in the same moment", async () => {
    const { manager, session } = createTab();
    await session.ready();
    let token: Promise<unknown> | undefined;
    manager.events.addUserLoaded(() => void (token ??= session.getToken()));
    await signIn(manager);
    expect(session.getSnapshot().state).toBe("signed-in");
    await expect(token).resolves.toMatchObject({ value: "access-1" });
  });

  test.each([
    ["one storage", undefined],
    ["a storage of its own", new InMemoryWebStorage()],
  ])("tells the app of a tab with %s when another one signs out", async (_which, own) => {
    const here = createTab();
    await here.session.ready();
    await signIn(here.manager);
    const userStore = own && new WebStorageStateStore({ store: own });
    const there = createTab(createManager(userStore && { userStore }));
    // As a duplicated tab has it.
    await there.manager.storeUser(await here.manager.getUser());
    await there.session.ready();
    const [loaded, unloaded, digest] = [vi.fn(), vi.fn(), vi.spyOn(crypto.subtle, "digest")];
    there.manager.events.addUserLoaded(loaded);
    there.manager.events.addUserUnloaded(unloaded);
    await here.manager.removeUser();
    await waitFor(() => expect(unloaded).toHaveBeenCalledOnce());
    // What was read of the user before is known by now, and was not told.
    await Promise.all(digest.mock.results.map(({ value }) => value as Promise<ArrayBuffer>));
    for (const _ of ["read", "told"]) await new Promise((resolve) => setTimeout(resolve));
    expect(loaded).not.toHaveBeenCalled();
    expect(there.session.getSnapshot().state).toBe("signed-out");
    expect(await there.manager.getUser()).toBeNull();
  });

  test("does not bring a session back whose end it has not heard of", async () => {
    const here = createTab();
    await here.session.ready();
    await signIn(here.manager);
    const there = createTab(createManager(), deafChannel);
    await there.session.ready();
    await here.manager.removeUser();
    world.clock.advance(61_000);
    await expect(there.session.getToken()).rejects.toMatchObject({ code: "signed-out" });
    expect(await here.manager.getUser()).toBeNull();
    expect(world.fake.requests.filter((request) => request === "POST /token")).toHaveLength(1);
  });

  test("begins a sign-in with the manager, always with a nonce", async () => {
    const { manager, session } = createTab();
    const redirect = vi.spyOn(manager, "signinRedirect").mockResolvedValue();
    await session.signIn({ scopes: ["users.contact"], acrValues: ["mfa"], maxAgeSeconds: 0 });
    expect(redirect).toHaveBeenCalledWith({
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      state: { returnTo: `${app}/lookup/users/7` },
      scope: "openid offline_access users.read users.contact",
      acr_values: "mfa",
      max_age: 0,
    });
    await expect(session.signIn({ mode: "tab" })).rejects.toMatchObject({ code: "misconfigured" });
  });

  test("says in words that the metadata cannot be had", async () => {
    const { manager, session } = createTab();
    await signIn(manager);
    await session.ready();
    const fresh = createTab();
    await fresh.session.ready();
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
    world.clock.advance(61_000);
    expect(await failureOf(fresh.session)).toMatchObject({ code: "unavailable" });
  });
});
