import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AuthError } from "../../../../src/lib/core/auth-error.ts";
import { createFakeBrowser, redirectUri } from "../../../support/browser/browser-tab.ts";
import type { FakeBrowser } from "../../../support/browser/browser-tab.ts";
import { clientId, issuer } from "../../../support/browser/fake-issuer.ts";
import { createFakePage } from "../../../support/browser/fake-page.ts";
import { depart, start } from "../../../support/browser/sign-in-steps.ts";
import { createDeferred } from "../../../support/deferred.ts";
import { waitFor } from "../../../support/wait-for.ts";

let browser: FakeBrowser;

beforeEach(() => {
  browser = createFakeBrowser();
});
afterEach(() => browser.close());

describe("leaving for the issuer", () => {
  test("asks for a code with PKCE, state, nonce, scopes and resource", async () => {
    const { departure } = await depart(browser);
    expect(departure.origin + departure.pathname).toBe(`${issuer}/authorize`);
    const asked = Object.fromEntries(departure.searchParams);
    expect(asked).toMatchObject({
      response_type: "code",
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: "openid offline_access users.read",
      resource: "urn:users",
      code_challenge_method: "S256",
    });
    expect(asked["code_challenge"]).toMatch(/^[\w-]{43}$/);
    expect(asked["state"]).toMatch(/^\w{32}$/);
    expect(asked["nonce"]).toMatch(/^[\w-]{43}$/);
    expect(asked["prompt"]).toBeUndefined();
  });

  test("uses another state, nonce and challenge each time", async () => {
    const { tab, departure } = await depart(browser);
    await tab.session.signIn();
    for (const name of ["state", "nonce", "code_challenge"]) {
      expect(tab.page.lastDeparture().searchParams.get(name)).not.toBe(
        departure.searchParams.get(name),
      );
    }
  });

  test("asks for more scopes, a context and an age when told to", async () => {
    const { departure } = await depart(browser, {
      scopes: ["users.contact"],
      acrValues: ["mfa", "pwd"],
      maxAgeSeconds: 300,
    });
    const asked = Object.fromEntries(departure.searchParams);
    expect(asked["scope"]).toBe("openid offline_access users.read users.contact");
    expect(asked["acr_values"]).toBe("mfa pwd");
    expect(asked["max_age"]).toBe("300");
  });

  test("leaves offline_access out for an issuer that lists its scopes without it", async () => {
    browser.issuer.metadata = { scopes_supported: ["openid"] };
    const { departure } = await depart(browser);
    expect(departure.searchParams.get("scope")).toBe("openid users.read");
  });

  test("leaves offline_access out when the app says so, though the issuer has it", async () => {
    browser.issuer.metadata = { scopes_supported: ["openid", "offline_access"] };
    const tab = browser.openTab(start, { offlineAccess: false });
    await tab.session.ready();
    await tab.session.signIn();
    const departure = tab.page.lastDeparture();
    expect(departure.searchParams.get("scope")).toBe("openid users.read");
  });

  test("keeps nothing but the one-time state of this tab", async () => {
    const { tab, departure } = await depart(browser);
    expect(tab.page.stateStorage.length).toBe(1);
    expect(tab.page.stateStorage.key(0)).toContain(departure.searchParams.get("state"));
  });

  test.each([
    ["its metadata names another issuer", { issuer: "https://evil.example" }, "misconfigured"],
    ["only the last slash differs", { issuer: `${issuer}/` }, "misconfigured"],
    ["it has no sign-in page", { authorization_endpoint: undefined }, "misconfigured"],
  ])("is refused in words when %s", async (_, metadata, code) => {
    browser.issuer.metadata = metadata;
    const tab = browser.openTab(start);
    await expect(tab.session.signIn()).rejects.toMatchObject({ name: "AuthError", code });
    expect(tab.page.log).toEqual([]);
  });

  test("says that the issuer does not answer, and works when it does again", async () => {
    const tab = browser.openTab(start);
    browser.issuer.instead.set("/.well-known/openid-configuration", () =>
      Promise.reject(new TypeError("offline")),
    );
    await expect(tab.session.signIn()).rejects.toMatchObject({ code: "unavailable" });
    browser.issuer.instead.clear();
    await tab.session.signIn();
    expect(tab.page.lastDeparture().origin).toBe(issuer);
  });

  test("ends after its time when the issuer stays silent", async () => {
    const tab = browser.openTab(start);
    browser.issuer.instead.set(
      "/.well-known/openid-configuration",
      () => createDeferred<Response>().promise,
    );
    const signingIn = tab.session.signIn();
    const outcome = expect(signingIn).rejects.toMatchObject({ code: "unavailable" });
    await waitFor(() => expect(browser.clock.timers).toBe(1));
    browser.clock.advance(10_000);
    await outcome;
  });

  test("says so when the app was opened at another origin than the callback's", async () => {
    const tab = browser.openTab("http://127.0.0.1:5173/");
    await expect(tab.session.signIn()).rejects.toThrow(/127\.0\.0\.1:5173.*app\.example/);
  });

  test("says so when the browser blocks site data", async () => {
    const blocked = createFakePage(start);
    Object.defineProperty(blocked, "stateStorage", {
      get: () => {
        throw new DOMException("blocked", "SecurityError");
      },
    });
    const tab = browser.openTab(start, {}, blocked);
    await expect(tab.session.signIn()).rejects.toMatchObject({ code: "sign-in-failed" });
    await expect(tab.session.signIn()).rejects.toThrow("Allow site data");
  });
});

describe("the options", () => {
  test.each([
    ["an issuer over plain http", { issuer: "http://issuer.example" }, /https/],
    ["an issuer that is no address", { issuer: "issuer" }, /https/],
    ["an issuer with a query", { issuer: "https://issuer.example/?a=b" }, /without query/],
    ["an empty client", { clientId: "" }, /clientId/],
    ["a callback that is only a path", { redirectUri: "/callback" }, /redirectUri/],
  ])("are refused when they cannot work: %s", (_, options, words) => {
    const open = () => browser.openTab(start, options);
    expect(open).toThrow(words);
    expect(open).toThrow(AuthError);
  });

  test("allow plain http on this machine", () => {
    expect(() => browser.openTab(start, { issuer: "http://localhost:8080" })).not.toThrow();
    expect(() => browser.openTab(start, { issuer: "http://[::1]:8080" })).not.toThrow();
  });
});
