import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  app,
  createFakeBrowser,
  redirectUri,
  signInNewTab,
} from "../../../support/browser/browser-tab.ts";
import type { FakeBrowser } from "../../../support/browser/browser-tab.ts";
import { createDeferred } from "../../../support/deferred.ts";
import { waitFor } from "../../../support/wait-for.ts";

let browser: FakeBrowser;

beforeEach(() => {
  browser = createFakeBrowser();
});
afterEach(() => browser.close());

/** Somebody who has clicked on "Sign out" at an issuer that does not answer the revocation yet. */
async function signOutSlowly() {
  const tab = await signInNewTab(browser);
  const revocation = createDeferred<Response>();
  browser.issuer.instead.set("/revoke", () => revocation.promise);
  const before = tab.page.log.length;
  const signingOut = tab.session.signOut();
  await waitFor(() => expect(browser.issuer.requests).toContain("POST /revoke"));
  return {
    ...tab,
    signingOut,
    answer: () => revocation.resolve(new Response(null)),
    /** Where the page was to go since then. */
    departures: () =>
      tab.page.log
        .slice(before)
        .filter((line) => line.startsWith("leave for "))
        .map((line) => new URL(line.slice("leave for ".length)).pathname),
  };
}

/** Whether a promise is settled once everything that can happen has happened. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const soon = new Promise((resolve) => setImmediate(() => setImmediate(() => resolve("waits"))));
  return (await Promise.race([promise, soon])) !== "waits";
}

describe("a sign-in that is begun during a sign-out", () => {
  test("does not take its place: the page leaves for the end of the issuer's session", async () => {
    const { session, page, answer, departures } = await signOutSlowly();
    page.back = createDeferred().promise;
    const signingIn = session.signIn();
    expect(await isSettled(signingIn)).toBe(false);
    expect(departures()).toEqual([]);
    answer();
    await waitFor(() => expect(departures()).toEqual(["/logout"]));
    expect(await isSettled(signingIn)).toBe(false);
    expect(departures()).toEqual(["/logout"]);
  });

  test("goes on when the issuer has no session to end", async () => {
    browser.issuer.metadata = { end_session_endpoint: undefined };
    const { session, answer, departures } = await signOutSlowly();
    const signingIn = session.signIn();
    expect(await isSettled(signingIn)).toBe(false);
    answer();
    await signingIn;
    expect(departures()).toEqual(["/authorize"]);
  });

  test("goes on when Back brings the page here again", async () => {
    const { session, page, answer, departures } = await signOutSlowly();
    const back = createDeferred();
    page.back = back.promise;
    const signingIn = session.signIn();
    answer();
    await waitFor(() => expect(departures()).toEqual(["/logout"]));
    back.resolve();
    await signingIn;
    expect(departures()).toEqual(["/logout", "/authorize"]);
  });

  test("can be given up meanwhile, and then never begins", async () => {
    const { session, answer, departures, signingOut } = await signOutSlowly();
    const controller = new AbortController();
    const signingIn = session.signIn({ signal: controller.signal });
    controller.abort(new Error("left"));
    await expect(signingIn).rejects.toThrow("left");
    answer();
    await signingOut;
    expect(departures()).toEqual(["/logout"]);
  });

  test("waits for the last of several sign-outs", async () => {
    const { session, page, answer, departures } = await signOutSlowly();
    page.back = createDeferred().promise;
    const again = session.signOut();
    expect(await isSettled(again)).toBe(false);
    answer();
    await waitFor(() => expect(departures()).toEqual(["/logout"]));
    expect(await isSettled(again)).toBe(false);
  });
});

describe("a page that is left", () => {
  test("is not left for the end of a session that somebody has begun in another tab", async () => {
    const { session, answer, departures, signingOut } = await signOutSlowly();
    const there = browser.openTab(`${app}/lookup/`);
    await there.session.ready();
    await there.session.signIn();
    const callback = browser.issuer.answerTo(there.page.lastDeparture());
    there.session.close();
    await browser.openTab(callback, {}, there.page).session.ready();
    await waitFor(() => expect(session.getSnapshot().state).toBe("signed-in"));
    answer();
    await signingOut;
    expect(departures()).toEqual([]);
    expect((await session.getToken()).value).toBe("access-2");
  });

  test("keeps a sign-out waiting for ten seconds at most, when the browser goes nowhere", async () => {
    const { page, answer, departures, signingOut } = await signOutSlowly();
    page.back = createDeferred().promise;
    answer();
    await waitFor(() => expect(departures()).toEqual(["/logout"]));
    browser.clock.advance(9_999);
    expect(await isSettled(signingOut)).toBe(false);
    browser.clock.advance(1);
    await signingOut;
  });

  test("keeps a sign-in waiting in the same way", async () => {
    const { session, page } = browser.openTab(`${app}/lookup/`);
    page.back = createDeferred().promise;
    const signingIn = session.signIn();
    await waitFor(() => page.lastDeparture());
    expect(await isSettled(signingIn)).toBe(false);
    browser.clock.advance(10_000);
    await signingIn;
  });

  test("says so when the browser refuses to go there; a sign-out has done its part", async () => {
    const { session, page } = await signInNewTab(browser);
    page.leaveFor = () => Promise.reject(new DOMException("no", "SyntaxError"));
    await expect(session.signIn()).rejects.toMatchObject({ code: "unavailable" });
    await expect(session.signOut()).resolves.toBeUndefined();
  });

  test("was asked for in the click itself, when a tab shall sign in", async () => {
    const { session, page } = await signInNewTab(browser);
    const controller = new AbortController();
    const signingIn = session.signIn({ mode: "tab", signal: controller.signal });
    expect(page.log.at(-1)).toContain(`open ${redirectUri}`);
    controller.abort(new Error("left"));
    await expect(signingIn).rejects.toThrow("left");
  });
});
