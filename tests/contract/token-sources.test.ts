import { InMemoryWebStorage, UserManager, WebStorageStateStore } from "oidc-client-ts";
import { afterEach, describe, vi } from "vitest";
import { createBroadcastChannel } from "../../src/lib/browser/broadcast-channel.ts";
import { sessionFromUserManager } from "../../src/lib/browser/session-from-user-manager.ts";
import { createWebLock } from "../../src/lib/browser/web-lock.ts";
import { createTokenSource } from "../../src/lib/core/index.ts";
import type { TokenSource } from "../../src/lib/core/index.ts";
import {
  clientCredentials,
  jwtBearer,
  refreshToken,
  tokenExchange,
} from "../../src/lib/grants/index.ts";
import { createFakeBrowser, redirectUri, signInNewTab } from "../support/browser/browser-tab.ts";
import { clientId, createFakeIssuer, issuer } from "../support/browser/fake-issuer.ts";
import type { FakeIssuer } from "../support/browser/fake-issuer.ts";
import { createFakePage } from "../support/browser/fake-page.ts";
import { createManualClock } from "../support/server/manual-clock.ts";
import type { ManualClock } from "../support/server/manual-clock.ts";
import { tokenSourceContract } from "./token-source.ts";
import type { SourceUnderTest } from "./token-source.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
  vi.unstubAllGlobals();
});

function surround(source: TokenSource, fake: FakeIssuer, clock: ManualClock): SourceUnderTest {
  return {
    source,
    requests: () => fake.requests.filter((request) => request === "POST /token").length,
    expire: () => clock.advance(3_600_000),
    now: () => clock.now(),
    advance: (byMs) => clock.advance(byMs),
    setDown(down) {
      if (down) fake.instead.set("/token", () => new Response("down", { status: 503 }));
      else fake.instead.delete("/token");
    },
  };
}

const grants = {
  clientCredentials,
  refreshToken: (client: Client) => refreshToken({ ...client, refreshToken: "first" }),
  jwtBearer: (client: Client) => jwtBearer({ ...client, assertion: () => "assertion" }),
  tokenExchange: (client: Client) => tokenExchange({ ...client, subjectToken: "caller" }),
};
type Client = Parameters<typeof clientCredentials>[0];

describe.each(Object.entries(grants))("a token source over %s", (_, grant) => {
  tokenSourceContract(async () => {
    const clock = createManualClock();
    const fake = createFakeIssuer(clock);
    const client = { issuer, clientId, scopes: ["users.read"], fetch: fake.fetch, clock };
    return surround(createTokenSource(grant(client), { clock }), fake, clock);
  });
});

describe("a browser session", () => {
  tokenSourceContract(async () => {
    const browser = createFakeBrowser();
    closing.push(() => browser.close());
    const { session } = await signInNewTab(browser);
    return surround(session, browser.issuer, browser.clock);
  });
});

describe("a session over an app's UserManager", () => {
  tokenSourceContract(async () => {
    const clock = createManualClock(Date.now());
    const fake = createFakeIssuer(clock);
    vi.stubGlobal("fetch", fake.fetch);
    const manager = await signInWithManager(fake);
    const session = sessionFromUserManager(manager, {
      ports: {
        clock,
        page: createFakePage(`${new URL(redirectUri).origin}/`),
        fetch: fake.fetch,
        lock: createWebLock(clock, null),
        channel: createBroadcastChannel(`contract-${process.pid}-${closing.length}`),
        wake: { online: () => true, subscribe: () => () => undefined },
      },
    });
    closing.push(() => session.close());
    await session.ready();
    return surround(session, fake, clock);
  });
});

async function signInWithManager(fake: FakeIssuer): Promise<UserManager> {
  const store = new InMemoryWebStorage();
  const manager = new UserManager({
    authority: issuer,
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: "openid offline_access users.read",
    automaticSilentRenew: false,
    userStore: new WebStorageStateStore({ store }),
    stateStore: new WebStorageStateStore({ store }),
  });
  let departure = "";
  Object.assign(manager, {
    _redirectNavigator: {
      prepare: async () => ({
        navigate: async ({ url }: { url: string }) => {
          departure = url;
        },
        close: () => undefined,
      }),
    },
  });
  await manager.signinRedirect({ nonce: "n" });
  await manager.signinRedirectCallback(fake.answerTo(new URL(departure)));
  return manager;
}
