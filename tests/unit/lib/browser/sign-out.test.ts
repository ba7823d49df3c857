import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { app, createFakeBrowser, signInNewTab } from "../../../support/browser/browser-tab.ts";
import type { FakeBrowser } from "../../../support/browser/browser-tab.ts";
import { issuer } from "../../../support/browser/fake-issuer.ts";
import { createDeferred } from "../../../support/deferred.ts";
import { waitFor } from "../../../support/wait-for.ts";

let browser: FakeBrowser;

beforeEach(() => {
  browser = createFakeBrowser();
});
afterEach(() => browser.close());

describe("signing out", () => {
  test("takes the token away at once, before anything is awaited", async () => {
    const { session } = await signInNewTab(browser);
    const { ended } = session;
    const signingOut = session.signOut();
    expect(session.getSnapshot().state).toBe("signed-out");
    expect(ended?.aborted).toBe(true);
    await expect(session.getToken()).rejects.toMatchObject({ code: "signed-out" });
    await signingOut;
  });

  test("revokes the refresh token, then ends the issuer's session and comes back", async () => {
    const { session, page } = await signInNewTab(browser);
    await session.signOut();
    expect(browser.issuer.requests.at(-1)).toBe("POST /revoke");
    expect(Object.fromEntries(browser.issuer.forms.at(-1) ?? [])).toEqual({
      token: "refresh-1",
      token_type_hint: "refresh_token",
      client_id: "app",
    });
    const departure = page.lastDeparture();
    expect(departure.origin + departure.pathname).toBe(`${issuer}/logout`);
    expect(departure.searchParams.get("post_logout_redirect_uri")).toBe(`${app}/lookup/`);
    expect(departure.searchParams.get("client_id")).toBe("app");
    expect(departure.href).not.toContain("eyJ");
  });

  test("puts the ID token into the address only when it is told to", async () => {
    const { session, page } = await signInNewTab(browser, undefined, { idTokenHint: true });
    await session.signOut();
    expect(page.lastDeparture().searchParams.get("id_token_hint")).toMatch(/^eyJ/);
  });

  test("is remembered over a reload", async () => {
    const { session } = await signInNewTab(browser);
    await session.signOut();
    const again = browser.openTab(`${app}/lookup/`);
    expect((await again.session.ready()).state).toBe("signed-out");
  });

  test("reaches the other tabs", async () => {
    const here = await signInNewTab(browser);
    const there = browser.openTab(`${app}/lookup/`);
    expect((await there.session.ready()).state).toBe("signed-in");
    await here.session.signOut();
    await waitFor(() => expect(there.session.getSnapshot().state).toBe("signed-out"));
    await expect(there.session.getToken()).rejects.toMatchObject({ code: "signed-out" });
  });

  test("stays on the page when the issuer has no sign-out of its own", async () => {
    const { session, page } = await signInNewTab(browser);
    browser.issuer.metadata = { end_session_endpoint: undefined };
    const tab = browser.openTab(`${app}/lookup/`, {}, page);
    await tab.session.ready();
    const before = page.log.length;
    await tab.session.signOut();
    expect(page.log).toHaveLength(before);
    session.close();
  });

  test("works offline, and does not leave the page for an error of the browser", async () => {
    const { session, page } = await signInNewTab(browser);
    browser.online = false;
    const before = { log: page.log.length, requests: browser.issuer.requests.length };
    await session.signOut();
    expect(session.getSnapshot().state).toBe("signed-out");
    expect(page.log).toHaveLength(before.log);
    expect(browser.issuer.requests).toHaveLength(before.requests);
  });

  test("stays on the page when the issuer cannot be reached", async () => {
    const { session, page } = await signInNewTab(browser);
    session.close();
    browser.issuer.instead.set("/.well-known/openid-configuration", () =>
      Promise.reject(new TypeError("offline")),
    );
    const tab = browser.openTab(`${app}/lookup/`, {}, page);
    await tab.session.ready();
    const before = page.log.length;
    await tab.session.signOut();
    expect(tab.session.getSnapshot().state).toBe("signed-out");
    expect(page.log).toHaveLength(before);
  });

  test.each([
    ["is refused", () => new Response("no", { status: 503 })],
    ["is hidden by CORS", () => Promise.reject(new TypeError("Failed to fetch"))],
    ["is a redirect", () => new Response(null, { status: 302, headers: { location: "/" } })],
  ])("ends the issuer's session although the revocation %s", async (_, answer) => {
    const { session, page } = await signInNewTab(browser);
    browser.issuer.instead.set("/revoke", answer);
    await session.signOut();
    expect(page.lastDeparture().pathname).toBe("/logout");
  });

  test("does not wait longer than three seconds for the revocation", async () => {
    const { session, page } = await signInNewTab(browser);
    browser.issuer.instead.set("/revoke", () => createDeferred<Response>().promise);
    const signingOut = session.signOut();
    await waitFor(() => expect(browser.issuer.requests).toContain("POST /revoke"));
    browser.clock.advance(3_000);
    await signingOut;
    expect(page.lastDeparture().pathname).toBe("/logout");
  });

  test("does nothing at the issuer when nobody was signed in", async () => {
    const { session, page } = browser.openTab(`${app}/lookup/`);
    await session.ready();
    await session.signOut();
    expect(page.log).toEqual([]);
    expect(browser.issuer.requests).toEqual([]);
  });

  test("during a sign-in wins, and no token of it is used", async () => {
    const tab = browser.openTab(`${app}/lookup/`);
    await tab.session.signIn();
    const answer = browser.issuer.answerTo(tab.page.lastDeparture());
    const token = createDeferred();
    browser.issuer.instead.set("/token", async () => {
      await token.promise;
      browser.issuer.instead.delete("/token");
      return browser.issuer.fetch(`${issuer}/token`);
    });
    const back = browser.openTab(answer, {}, tab.page);
    const ready = back.session.ready();
    await waitFor(() => expect(browser.issuer.requests).toContain("POST /token"));
    const signingOut = back.session.signOut();
    token.resolve();
    expect((await ready).state).toBe("signed-out");
    await signingOut;
    expect(back.session.signInOutcome()).toMatchObject({ type: "failed" });
    const again = browser.openTab(`${app}/lookup/`);
    expect((await again.session.ready()).state).toBe("signed-out");
    await waitFor(() => expect(browser.issuer.requests.at(-1)).toBe("POST /revoke"));
    expect(browser.issuer.forms.at(-1)?.get("token")).toBe("refresh-1");
  });
});
