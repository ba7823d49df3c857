import { InMemoryWebStorage, UserManager, WebStorageStateStore } from "oidc-client-ts";
import type { UserManagerSettings } from "oidc-client-ts";
import { createBroadcastChannel } from "../../../src/lib/browser/broadcast-channel.ts";
import { sessionFromUserManager } from "../../../src/lib/browser/session-from-user-manager.ts";
import type { UserManagerSession } from "../../../src/lib/browser/session-from-user-manager.ts";
import { createWebLock } from "../../../src/lib/browser/web-lock.ts";
import { createMemoryStore } from "../../../src/lib/core/memory-store.ts";
import type { Channel, Lock } from "../../../src/lib/core/ports.ts";
import type { SessionEvent } from "../../../src/lib/core/session-event.ts";
import { createManualClock } from "../server/manual-clock.ts";
import { app, redirectUri } from "./browser-tab.ts";
import { clientId, createFakeIssuer, issuer } from "./fake-issuer.ts";
import { createFakePage } from "./fake-page.ts";

const settings: UserManagerSettings = {
  authority: issuer,
  client_id: clientId,
  redirect_uri: redirectUri,
  post_logout_redirect_uri: `${app}/`,
  scope: "openid offline_access users.read",
  resource: "urn:users",
  automaticSilentRenew: false,
};

let worlds = 0;

/** Tabs of an app that signs in with oidc-client-ts, their storage and their issuer. */
export function createManagerWorld() {
  const storage = new InMemoryWebStorage();
  const clock = createManualClock(Date.now());
  const fake = createFakeIssuer(clock);
  const channelName = `managers-${process.pid}-${worlds++}`;
  const sessions: UserManagerSession[] = [];
  const store = createMemoryStore();

  function createManager(changes: Partial<UserManagerSettings> = {}): UserManager {
    const userStore = new WebStorageStateStore({ store: storage });
    const stateStore = new WebStorageStateStore({ store: storage });
    return new UserManager({ ...settings, userStore, stateStore, ...changes });
  }

  function createTab(
    manager = createManager(),
    ports: { readonly channel?: Channel; readonly lock?: Lock } = {},
  ) {
    const page = createFakePage(`${app}/lookup/users/7`);
    const session = sessionFromUserManager(manager, {
      ports: {
        clock,
        page,
        store,
        fetch: fake.fetch,
        lock: createWebLock(clock, null),
        channel: createBroadcastChannel(channelName),
        wake: { online: () => true, subscribe: () => () => undefined },
        ...ports,
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

  const close = () => sessions.forEach((session) => session.close());
  return { storage, clock, fake, createManager, createTab, signIn, close };
}
