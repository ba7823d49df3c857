import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFakeBrowser, signInNewTab } from "../../../support/browser/browser-tab.ts";
import type { FakeBrowser } from "../../../support/browser/browser-tab.ts";
import { createDeferred } from "../../../support/deferred.ts";
import { settle } from "../../../support/virtual-clock.ts";
import { waitFor } from "../../../support/wait-for.ts";

let browser: FakeBrowser;

beforeEach(() => {
  browser = createFakeBrowser();
});
afterEach(() => browser.close());

const revocations = () => browser.issuer.requests.filter((request) => request === "POST /revoke");

describe("a session that a new sign-in replaces", () => {
  test("is revoked when another person has signed in", async () => {
    await signInNewTab(browser);
    browser.issuer.claims = { sub: "sub-2" };
    const { session } = await signInNewTab(browser);
    await waitFor(() => expect(revocations()).toHaveLength(1));
    expect(browser.issuer.forms.at(-1)?.get("token")).toBe("refresh-1");
    expect((await session.getToken()).value).toBe("access-2");
  });

  test("is left to its end when the same person has, whose new session may be revoked with it", async () => {
    await signInNewTab(browser);
    const { session } = await signInNewTab(browser);
    await settle();
    expect(revocations()).toHaveLength(0);
    expect((await session.getToken()).value).toBe("access-2");
  });

  test("is not revoked by the refresh token that the new session has, too", async () => {
    browser.issuer.answer = { refresh_token: "the same" };
    await signInNewTab(browser);
    browser.issuer.claims = { sub: "sub-2" };
    await signInNewTab(browser);
    await settle();
    expect(revocations()).toHaveLength(0);
  });

  test("goes on in the other tabs when only this one knows of the new session", async () => {
    const ports = { sharesStore: () => false };
    await signInNewTab(browser);
    browser.issuer.claims = { sub: "sub-2" };
    await signInNewTab(browser, undefined, { ports });
    await settle();
    expect(revocations()).toHaveLength(0);
  });

  test.each([
    ["does not answer", () => createDeferred<Response>().promise],
    ["refuses", () => new Response("no", { status: 503 })],
    ["cannot be reached", () => Promise.reject(new TypeError("Failed to fetch"))],
  ])("holds nobody up when the revocation endpoint %s", async (_, answer) => {
    await signInNewTab(browser);
    browser.issuer.claims = { sub: "sub-2" };
    browser.issuer.instead.set("/revoke", answer);
    const { session, events } = await signInNewTab(browser);
    await waitFor(() => expect(revocations()).toHaveLength(1));
    expect(session.getSnapshot()).toMatchObject({ state: "signed-in", subject: "sub-2" });
    expect(events.map(({ type }) => type)).not.toContain("warning");
  });
});
