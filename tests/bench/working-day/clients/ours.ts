import { createAuthInterceptor } from "../../../../src/lib/core/index.ts";
import { createMemoryStore } from "../../../../src/lib/core/memory-store.ts";
import { createBrowserSession } from "../../../../src/lib/browser/index.ts";
import { createFakePage } from "../../../support/browser/fake-page.ts";
import { apiOrigin } from "../api.ts";
import type { Browser, Client, ClientTab } from "../client.ts";
import { audience, clientId, issuer, redirectUri } from "../issuer.ts";
import { versionOf } from "../peers.ts";

/** This library: `createBrowserSession` and `createAuthInterceptor`, as in the README. */
export const ours: Client = {
  name: "connectrpc-oauth",
  version: versionOf("../../.."),
  configuration: "createBrowserSession, createAuthInterceptor",
  sharesSession: true,
  start(browser) {
    // Stands for IndexedDB: one record, replaced in one step, seen by all tabs.
    const store = createMemoryStore();
    return (holder) => openTab(browser, store, holder);
  },
};

async function openTab(
  browser: Browser,
  store: ReturnType<typeof createMemoryStore>,
  holder: string,
): Promise<ClientTab> {
  const page = createFakePage("https://app.example/");
  const load = () =>
    createBrowserSession({
      issuer,
      clientId,
      redirectUri,
      scopes: ["users.read"],
      resource: audience,
      ports: {
        store,
        page,
        sharesStore: () => true,
        wake: {
          online: () => browser.globals.online,
          subscribe(listener) {
            browser.online.addEventListener("online", listener);
            return () => browser.online.removeEventListener("online", listener);
          },
        },
      },
    });
  let session = load();
  const createInterceptor = () =>
    createAuthInterceptor({ tokenSource: session, origins: [apiOrigin] });
  let interceptor = createInterceptor();
  await session.ready();
  return {
    get interceptor() {
      return interceptor;
    },
    async signIn() {
      await session.signIn();
      session.close();
      page.arriveAt(browser.issuer.authorize(page.lastDeparture().href, holder));
      session = load();
      interceptor = createInterceptor();
      await session.ready();
    },
  };
}
