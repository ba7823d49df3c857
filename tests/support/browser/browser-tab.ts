import { createBrowserSession } from "../../../src/lib/browser/create-browser-session.ts";
import type {
  BrowserSession,
  BrowserSessionOptions,
} from "../../../src/lib/browser/create-browser-session.ts";
import { createBroadcastChannel } from "../../../src/lib/browser/broadcast-channel.ts";
import { createWebLock } from "../../../src/lib/browser/web-lock.ts";
import { createMemoryStore } from "../../../src/lib/core/memory-store.ts";
import type { SessionEvent } from "../../../src/lib/core/session-event.ts";
import { createManualClock } from "../server/manual-clock.ts";
import type { ManualClock } from "../server/manual-clock.ts";
import { clientId, createFakeIssuer, issuer } from "./fake-issuer.ts";
import type { FakeIssuer } from "./fake-issuer.ts";
import { createFakePage } from "./fake-page.ts";
import type { FakePage } from "./fake-page.ts";

/** The origin of the fake app. */
export const app = "https://app.example";
/** Its callback. */
export const redirectUri = `${app}/lookup/callback`;

/** A browser with a clock, an issuer that it can reach, and what its tabs share. */
export interface FakeBrowser {
  readonly clock: ManualClock;
  readonly issuer: FakeIssuer;
  online: boolean;
  /** Opens a tab; `page` continues an earlier one after a reload. */
  openTab(href: string, options?: Partial<BrowserSessionOptions>, page?: FakePage): FakeTab;
  /** Ends all tabs. */
  close(): void;
}

/** One page load in one tab. */
export interface FakeTab {
  readonly page: FakePage;
  readonly session: BrowserSession;
  readonly events: readonly SessionEvent[];
  /** The page becomes visible, or comes back. */
  wake(): void;
}

let browsers = 0;

/** A browser whose tabs share one store and one channel. */
export function createFakeBrowser(): FakeBrowser {
  // The ID token's times are compared with the real clock.
  const clock = createManualClock(Date.now());
  const store = createMemoryStore();
  const channelName = `browser-${process.pid}-${browsers++}`;
  const sessions: BrowserSession[] = [];
  const browser: FakeBrowser = {
    clock,
    issuer: createFakeIssuer(clock),
    online: true,
    openTab(href, options = {}, page = createFakePage(href)) {
      page.arriveAt(href);
      const listeners = new Set<() => void>();
      const session = createBrowserSession({
        issuer,
        clientId,
        redirectUri,
        scopes: ["users.read"],
        resource: "urn:users",
        postLogoutRedirectUri: `${app}/lookup/`,
        ...options,
        ports: {
          clock,
          store,
          page,
          fetch: browser.issuer.fetch,
          lock: createWebLock(clock, null),
          channel: createBroadcastChannel(channelName),
          random: () => Math.random(),
          wake: {
            online: () => browser.online,
            subscribe(listener) {
              listeners.add(listener);
              return () => void listeners.delete(listener);
            },
          },
          ...options.ports,
        },
      });
      sessions.push(session);
      const events: SessionEvent[] = [];
      session.onEvent((event) => events.push(event));
      const wake = () => [...listeners].forEach((listener) => listener());
      return { page, session, events, wake };
    },
    close: () => sessions.forEach((session) => session.close()),
  };
  return browser;
}

/** Signs in by redirect in a new tab; the tab after the callback. */
export async function signInNewTab(
  browser: FakeBrowser,
  href = `${app}/lookup/users?q=ada#row-2`,
  options: Partial<BrowserSessionOptions> = {},
): Promise<FakeTab> {
  const before = browser.openTab(href, options);
  await before.session.ready();
  await before.session.signIn();
  const answer = browser.issuer.answerTo(before.page.lastDeparture());
  before.session.close();
  const after = browser.openTab(answer, options, before.page);
  await after.session.ready();
  return after;
}
