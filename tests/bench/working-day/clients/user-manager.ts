import { Code, ConnectError } from "@connectrpc/connect";
import type { Interceptor } from "@connectrpc/connect";
import type * as Oidc from "oidc-client-ts";
import { createStorage } from "../browser-globals.ts";
import { attach } from "../client.ts";
import type { Browser, Client, ClientTab } from "../client.ts";
import { clientId, issuer, redirectUri } from "../issuer.ts";
import { loadPeer, versionOf } from "../peers.ts";

type Renewal = "automaticSilentRenew" | "signinSilent per 401";
type StorageName = "localStorage" | "sessionStorage";

/**
 * `UserManager` of oidc-client-ts. With automaticSilentRenew the app keeps the
 * user of the manager's events, as react-oidc-context does: `getUser()` every
 * second would set the timer of the renewal anew each time, before it is due.
 */
export function userManager(renewal: Renewal, storage: StorageName): Client {
  return {
    name: "oidc-client-ts",
    version: versionOf("oidc-client-ts"),
    configuration: `UserManager, ${renewal}, ${storage}`,
    sharesSession: storage === "localStorage",
    start: (browser) => {
      let tabs = 0;
      return (holder) => openTab(browser, renewal, storage, `${holder}-${++tabs}`, holder);
    },
  };
}

async function openTab(
  browser: Browser,
  renewal: Renewal,
  storage: StorageName,
  instance: string,
  holder: string,
): Promise<ClientTab> {
  const file = "dist/esm/oidc-client-ts.js";
  const library = await loadPeer<typeof Oidc>("oidc-client-ts", file, instance);
  const store = storage === "localStorage" ? browser.globals.localStorage : createStorage();
  const states = createStorage();
  const departures: string[] = [];
  const load = () =>
    new library.UserManager(
      {
        authority: issuer,
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: "openid offline_access users.read",
        automaticSilentRenew: renewal === "automaticSilentRenew",
        userStore: new library.WebStorageStateStore({ store }),
        stateStore: new library.WebStorageStateStore({ store: states }),
      },
      leaveBy((href) => departures.push(href)),
    );
  let manager = load();
  let user = await manager.getUser();
  const follow = () => manager.events.addUserLoaded((loaded) => void (user = loaded));
  follow();
  const accessToken = async () =>
    renewal === "automaticSilentRenew"
      ? user?.access_token
      : (await manager.getUser())?.access_token;
  return {
    interceptor:
      renewal === "automaticSilentRenew"
        ? attach(accessToken)
        : renewWhenRefused(accessToken, () => manager),
    async signIn() {
      await manager.signinRedirect();
      // The page is loaded anew, so its timers are gone.
      manager.stopSilentRenew();
      await manager.events.unload();
      manager = load();
      follow();
      const href = departures.at(-1) ?? "";
      await manager.signinRedirectCallback(browser.issuer.authorize(href, holder));
    },
  };
}

function renewWhenRefused(
  accessToken: () => Promise<string | undefined>,
  manager: () => Oidc.UserManager,
): Interceptor {
  return (next) => async (request) => {
    request.header.set("Authorization", `Bearer ${await accessToken()}`);
    try {
      return await next(request);
    } catch (error) {
      if (ConnectError.from(error).code !== Code.Unauthenticated) throw error;
      const user = await manager().signinSilent();
      request.header.set("Authorization", `Bearer ${user?.access_token}`);
      return next(request);
    }
  };
}

/** In place of `location.assign`. */
function leaveBy(leave: (href: string) => void): Oidc.INavigator {
  return {
    prepare: async () => ({
      async navigate({ url }) {
        leave(url);
        return { url };
      },
      close: () => undefined,
    }),
    callback: async () => undefined,
  };
}
