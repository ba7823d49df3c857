import { InMemoryWebStorage, UserManager, WebStorageStateStore } from "oidc-client-ts";
import type { UserManagerSettings } from "oidc-client-ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createBroadcastChannel } from "../../../../src/lib/browser/broadcast-channel.ts";
import { sessionFromUserManager } from "../../../../src/lib/browser/session-from-user-manager.ts";
import type { UserManagerSession } from "../../../../src/lib/browser/session-from-user-manager.ts";
import { createWebLock } from "../../../../src/lib/browser/web-lock.ts";
import type { Channel } from "../../../../src/lib/core/ports.ts";
import type { SessionEvent } from "../../../../src/lib/core/session-event.ts";
import { app, redirectUri } from "../../../support/browser/browser-tab.ts";
import { clientId, createFakeIssuer, issuer } from "../../../support/browser/fake-issuer.ts";
import { createFakePage } from "../../../support/browser/fake-page.ts";
import { createDeferred } from "../../../support/deferred.ts";
import { createManualClock } from "../../../support/server/manual-clock.ts";

/** The storage that an app gives to the managers of its tabs. */
let storage = new InMemoryWebStorage();
let clock = createManualClock(Date.now());
let fake = createFakeIssuer(clock);
const sessions: UserManagerSession[] = [];
let channels = 0;

beforeEach(() => {
  storage = new InMemoryWebStorage();
  clock = createManualClock(Date.now());
  fake = createFakeIssuer(clock);
  channels += 1;
  vi.stubGlobal("fetch", fake.fetch);
});
afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
  vi.unstubAllGlobals();
});

const settings: UserManagerSettings = {
  authority: issuer,
  client_id: clientId,
  redirect_uri: redirectUri,
  post_logout_redirect_uri: `${app}/`,
  scope: "openid offline_access users.read",
  resource: "urn:users",
  automaticSilentRenew: false,
};

function createManager(changes: Partial<UserManagerSettings> = {}): UserManager {
  const userStore = new WebStorageStateStore({ store: storage });
  const stateStore = new WebStorageStateStore({ store: storage });
  return new UserManager({ ...settings, userStore, stateStore, ...changes });
}

function createTab(manager = createManager(), channel?: Channel) {
  const page = createFakePage(`${app}/lookup/users/7`);
  const session = sessionFromUserManager(manager, {
    ports: {
      clock,
      page,
      fetch: fake.fetch,
      lock: createWebLock(clock, null),
      channel: channel ?? createBroadcastChannel(`managers-${process.pid}-${channels}`),
      wake: { online: () => true, subscribe: () => () => undefined },
    },
  });
  sessions.push(session);
  const events: SessionEvent[] = [];
  session.onEvent((event) => events.push(event));
  return { manager, session, page, events };
}

/** The app signs in with its manager, as react-oidc-context does. */
async function signIn(manager: UserManager) {
  let departure: URL | undefined;
  Object.assign(manager, {
    _redirectNavigator: {
      prepare: () =>
        Promise.resolve({
          navigate: ({ url }: { url: string }) => {
            departure = new URL(url);
            return Promise.resolve();
          },
          close: () => undefined,
        }),
    },
  });
  await manager.signinRedirect({ nonce: "n" });
  if (departure === undefined) throw new Error("The manager did not leave the page.");
  return manager.signinRedirectCallback(fake.answerTo(departure));
}

/** Why a call gets no token, after all the time it is willing to wait. */
async function failureOf(session: UserManagerSession): Promise<unknown> {
  let failure: unknown;
  void session.getToken().catch((error: unknown) => (failure = error));
  await vi.waitFor(() => {
    clock.advance(1_000);
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
    await vi.waitFor(() => expect(session.getSnapshot().state).toBe("signed-in"));
    expect((await session.getToken()).value).toBe("access-1");
    expect(events.at(-1)).toMatchObject({ type: "signed-in", by: "this-tab" });
  });

  test("refreshes once for many calls, and gives the app the new user", async () => {
    const { manager, session } = createTab();
    await session.ready();
    await signIn(manager);
    await vi.waitFor(() => expect(session.getSnapshot().state).toBe("signed-in"));
    const loaded = vi.fn();
    manager.events.addUserLoaded((user) => loaded(user.access_token));
    clock.advance(61_000);
    const tokens = await Promise.all([1, 2, 3, 4, 5].map(() => session.getToken()));
    expect(new Set(tokens.map((token) => token.value))).toEqual(new Set(["access-2"]));
    expect(Object.fromEntries(fake.forms.at(-1) ?? [])).toMatchObject({
      grant_type: "refresh_token",
      refresh_token: "refresh-1",
      resource: "urn:users",
    });
    expect(fake.requests.filter((request) => request === "POST /token")).toHaveLength(2);
    await vi.waitFor(() => expect(loaded).toHaveBeenCalledWith("access-2"));
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
    await vi.waitFor(() => expect(here.session.getSnapshot().state).toBe("signed-in"));
    const there = createTab();
    await there.session.ready();
    clock.advance(61_000);
    expect((await here.session.getToken()).value).toBe("access-2");
    expect((await there.session.getToken()).value).toBe("access-2");
    expect(fake.requests.filter((request) => request === "POST /token")).toHaveLength(2);
  });

  test("keeps the session when the issuer does not answer, and the app's user", async () => {
    const { manager, session } = createTab();
    await signIn(manager);
    await session.ready();
    fake.instead.set("/token", () => new Response("no", { status: 503 }));
    clock.advance(61_000);
    expect(await failureOf(session)).toMatchObject({ code: "unavailable" });
    expect(session.getSnapshot().state).toBe("signed-in");
    expect(await manager.getUser()).not.toBeNull();
  });

  test("remembers over a reload that a person must act", async () => {
    const { manager, session } = createTab();
    await session.ready();
    await signIn(manager);
    await vi.waitFor(() => expect(session.getSnapshot().state).toBe("signed-in"));
    fake.instead.set("/token", () => Response.json({ error: "invalid_grant" }, { status: 400 }));
    clock.advance(61_000);
    await expect(session.getToken()).rejects.toMatchObject({ code: "interaction-required" });
    expect(session.getSnapshot().state).toBe("interaction-required");
    session.close();
    expect((await createTab().session.ready()).state).toBe("interaction-required");
  });

  test("signs out: at once, in the app's manager, and at the issuer", async () => {
    const { manager, session, page } = createTab();
    await session.ready();
    await signIn(manager);
    await vi.waitFor(() => expect(session.getSnapshot().state).toBe("signed-in"));
    const unloaded = vi.fn();
    manager.events.addUserUnloaded(unloaded);
    const signingOut = session.signOut();
    expect(session.getSnapshot().state).toBe("signed-out");
    await signingOut;
    expect(await manager.getUser()).toBeNull();
    await vi.waitFor(() => expect(unloaded).toHaveBeenCalledOnce());
    expect(fake.forms.at(-1)?.get("token")).toBe("refresh-1");
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
    const unloaded = vi.fn();
    there.manager.events.addUserUnloaded(unloaded);
    await here.manager.removeUser();
    await vi.waitFor(() => expect(unloaded).toHaveBeenCalledOnce());
    expect(there.session.getSnapshot().state).toBe("signed-out");
    expect(await there.manager.getUser()).toBeNull();
  });

  test("forgets and revokes a sign-in that a sign-out overtakes", async () => {
    const reading = createDeferred();
    let slow = false;
    const slowStorage = Object.assign(Object.create(storage) as Storage, {
      async getItem(key: string) {
        if (slow) await reading.promise;
        return storage.getItem(key);
      },
    });
    const userStore = new WebStorageStateStore({ store: slowStorage });
    const { manager, session } = createTab(createManager({ userStore }));
    await session.ready();
    slow = true;
    const signingIn = signIn(manager);
    await vi.waitFor(() => expect(storage.key(0)).toContain("user:"));
    const signingOut = session.signOut();
    reading.resolve();
    await Promise.all([signingIn, signingOut]);
    expect(session.getSnapshot().state).toBe("signed-out");
    expect(await manager.getUser()).toBeNull();
    await vi.waitFor(() => expect(fake.forms.at(-1)?.get("token")).toBe("refresh-1"));
  });

  test("does not bring a session back whose end it has not heard of", async () => {
    const deaf: Channel = {
      post: () => undefined,
      subscribe: () => () => undefined,
      close: () => undefined,
    };
    const here = createTab();
    await here.session.ready();
    await signIn(here.manager);
    const there = createTab(createManager(), deaf);
    await there.session.ready();
    await here.manager.removeUser();
    clock.advance(61_000);
    await expect(there.session.getToken()).rejects.toMatchObject({ code: "signed-out" });
    expect(await here.manager.getUser()).toBeNull();
    expect(fake.requests.filter((request) => request === "POST /token")).toHaveLength(1);
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
    clock.advance(61_000);
    expect(await failureOf(fresh.session)).toMatchObject({ code: "unavailable" });
  });
});
