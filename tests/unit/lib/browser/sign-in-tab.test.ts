import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createMemoryStore } from "../../../../src/lib/core/memory-store.ts";
import {
  app,
  createFakeBrowser,
  redirectUri,
  signInNewTab,
} from "../../../support/browser/browser-tab.ts";
import type { FakeBrowser, FakeTab } from "../../../support/browser/browser-tab.ts";
import { createDeferred } from "../../../support/deferred.ts";
import { waitFor } from "../../../support/wait-for.ts";

let browser: FakeBrowser;
const start = `${app}/lookup/users/7`;

beforeEach(() => {
  browser = createFakeBrowser();
});
afterEach(() => browser.close());

function openedAddress({ page }: FakeTab): string {
  const line = page.log.find((entry) => entry.startsWith("open "));
  if (line === undefined) throw new Error("No tab was opened.");
  return line.slice("open ".length);
}

/** The whole sign-in in the tab that was opened; the tab after its callback. */
async function signInThere(address: string): Promise<FakeTab> {
  const fresh = browser.openTab(address);
  void fresh.session.ready();
  const departure = await waitFor(() => fresh.page.lastDeparture());
  fresh.session.close();
  const back = browser.openTab(browser.issuer.answerTo(departure), {}, fresh.page);
  await back.session.ready();
  return back;
}

describe("signing in in another tab", () => {
  test("opens it in the click itself, at the callback, and leaves this page alone", () => {
    const tab = browser.openTab(start);
    const controller = new AbortController();
    const signingIn = tab.session.signIn({ mode: "tab", signal: controller.signal });
    expect(new URL(openedAddress(tab)).pathname).toBe(new URL(redirectUri).pathname);
    expect(tab.page.href()).toBe(start);
    controller.abort(new Error("left"));
    return expect(signingIn).rejects.toThrow("left");
  });

  test("brings this tab back to life, and the other one is closed", async () => {
    const tab = browser.openTab(start);
    await tab.session.ready();
    const signingIn = tab.session.signIn({ mode: "tab" });
    const other = await signInThere(openedAddress(tab));
    await signingIn;
    expect(tab.session.getSnapshot()).toMatchObject({ state: "signed-in", subject: "sub-1" });
    expect((await tab.session.getToken()).value).toBe("access-1");
    expect(tab.page.href()).toBe(start);
    expect(tab.events.at(-1)).toMatchObject({ type: "signed-in", by: "another-tab" });
    expect(other.session.signInOutcome()).toEqual({ type: "finished", inTab: true });
    expect(other.page.log).toContain("close");
    expect(other.page.href()).toBe(`${app}/lookup/`);
  });

  test("asks there for what was wanted here", async () => {
    const tab = await signInNewTab(browser, start);
    const signingIn = tab.session.signIn({
      mode: "tab",
      scopes: ["users.contact"],
      acrValues: ["mfa"],
      maxAgeSeconds: 0,
    });
    const fresh = browser.openTab(openedAddress(tab));
    void fresh.session.ready();
    const departure = await waitFor(() => fresh.page.lastDeparture());
    expect(Object.fromEntries(departure.searchParams)).toMatchObject({
      scope: "openid offline_access users.read users.contact",
      acr_values: "mfa",
      max_age: "0",
    });
    fresh.session.close();
    browser.issuer.claims = { auth_time: Math.floor(browser.clock.now() / 1000) };
    await browser.openTab(browser.issuer.answerTo(departure), {}, fresh.page).session.ready();
    await signingIn;
  });

  test("aborts the calls of this tab when another person signs in there", async () => {
    const tab = await signInNewTab(browser, start);
    const { ended } = tab.session;
    browser.issuer.claims = { sub: "sub-2", name: "Bob" };
    const signingIn = tab.session.signIn({ mode: "tab" });
    await signInThere(openedAddress(tab));
    await signingIn;
    expect(ended?.aborted).toBe(true);
    expect(tab.session.getSnapshot()).toMatchObject({ subject: "sub-2", displayName: "Bob" });
    expect((await tab.session.getToken()).value).toBe("access-2");
  });

  test("does not take the session of before for the new one", async () => {
    await signInNewTab(browser, start);
    const tab = browser.openTab(start);
    const signingIn = tab.session.signIn({ mode: "tab" });
    await tab.session.ready();
    expect(tab.events.at(-1)).toMatchObject({ type: "signed-in", by: "restored" });
    const soon = new Promise((resolve) => setImmediate(() => resolve("waits")));
    expect(await Promise.race([signingIn, soon])).toBe("waits");
    await signInThere(openedAddress(tab));
    await signingIn;
    expect((await tab.session.getToken()).value).toBe("access-2");
  });

  test("says so when the browser blocks the tab", async () => {
    const tab = browser.openTab(start);
    tab.page.allowsTabs = false;
    await expect(tab.session.signIn({ mode: "tab" })).rejects.toMatchObject({
      code: "sign-in-failed",
      message: expect.stringContaining("button"),
    });
  });

  test("opens nothing when the signal has aborted before", async () => {
    const tab = browser.openTab(start);
    const signal = AbortSignal.abort(new Error("left"));
    await expect(tab.session.signIn({ mode: "tab", signal })).rejects.toThrow("left");
    expect(tab.page.log).toEqual([]);
  });

  test("leaves the page instead, in words, when tabs share no store", async () => {
    const tab = browser.openTab(start, { store: "memory", ports: { store: createMemoryStore() } });
    await tab.session.ready();
    await tab.session.signIn({ mode: "tab" });
    expect(tab.page.lastDeparture().pathname).toBe("/authorize");
    expect(tab.events.at(-1)).toMatchObject({
      type: "warning",
      about: "store",
      message: expect.stringContaining("This page was left"),
    });
  });

  test("tells in the new tab why it cannot begin", async () => {
    browser.issuer.instead.set("/.well-known/openid-configuration", () =>
      Promise.reject(new TypeError("offline")),
    );
    const fresh = browser.openTab(`${redirectUri}?connectrpc_oauth=sign-in`);
    expect((await fresh.session.ready()).state).toBe("signed-out");
    expect(fresh.session.signInOutcome()).toMatchObject({
      type: "failed",
      error: { code: "unavailable" },
    });
  });

  test("shows the app when the person comes back with Back", async () => {
    const fresh = browser.openTab(`${redirectUri}?connectrpc_oauth=sign-in`);
    const back = createDeferred();
    fresh.page.back = back.promise;
    const ready = fresh.session.ready();
    await waitFor(() => fresh.page.lastDeparture());
    expect(fresh.session.getSnapshot().state).toBe("loading");
    back.resolve();
    expect((await ready).state).toBe("signed-out");
  });
});
