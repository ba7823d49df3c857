import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  app,
  createFakeBrowser,
  redirectUri,
  signInNewTab,
} from "../../../support/browser/browser-tab.ts";
import type { FakeBrowser } from "../../../support/browser/browser-tab.ts";
import { clientId } from "../../../support/browser/fake-issuer.ts";
import { comeBack, depart, failure, start } from "../../../support/browser/sign-in-steps.ts";
import { waitFor } from "../../../support/wait-for.ts";

let browser: FakeBrowser;

beforeEach(() => {
  browser = createFakeBrowser();
});
afterEach(() => browser.close());

describe("coming back from the issuer", () => {
  test("signs in and returns to where the person was", async () => {
    const tab = await signInNewTab(browser, start);
    expect(tab.session.getSnapshot()).toMatchObject({
      state: "signed-in",
      subject: "sub-1",
      displayName: "Ada",
      scopes: ["openid", "offline_access", "users.read"],
      expiresAt: browser.clock.now() + 60_000,
    });
    expect(tab.session.signInOutcome()).toEqual({ type: "finished", inTab: false });
    expect(tab.page.href()).toBe(start);
    expect((await tab.session.getToken()).value).toBe("access-1");
    expect(tab.events.at(-1)).toMatchObject({ type: "signed-in", by: "this-tab" });
  });

  test("sends code, verifier, callback, client and resource to the token endpoint", async () => {
    await signInNewTab(browser);
    const form = Object.fromEntries(browser.issuer.forms[0] ?? []);
    expect(form).toMatchObject({
      grant_type: "authorization_code",
      code: "the-code",
      redirect_uri: redirectUri,
      client_id: clientId,
      resource: "urn:users",
    });
    expect(form["code_verifier"]).toMatch(/^[\w-]{43,128}$/);
  });

  test("takes the code out of the address before anything is awaited", async () => {
    const { tab, departure } = await depart(browser);
    const answer = browser.issuer.answerTo(departure);
    tab.session.close();
    const back = browser.openTab(answer, {}, tab.page);
    const ready = back.session.ready();
    expect(back.page.href()).toBe(redirectUri);
    await ready;
    expect(back.page.log.join("\n")).not.toContain("the-code");
  });

  test("is finished once, however often ready() is called", async () => {
    const { tab, departure } = await depart(browser);
    const answer = browser.issuer.answerTo(departure);
    tab.session.close();
    const back = browser.openTab(answer, {}, tab.page);
    const [one, two] = await Promise.all([back.session.ready(), back.session.ready()]);
    expect(one).toBe(two);
    expect(one.state).toBe("signed-in");
    expect(browser.issuer.requests.filter((request) => request === "POST /token")).toHaveLength(1);
  });

  test("shows nobody a state in between", async () => {
    const { tab, departure } = await depart(browser);
    tab.session.close();
    const back = browser.openTab(browser.issuer.answerTo(departure), {}, tab.page);
    const seen: string[] = [];
    const look = () => seen.push(back.session.getSnapshot().state);
    back.session.onEvent(look);
    back.session.subscribe(look);
    expect(back.session.getSnapshot().state).toBe("loading");
    await back.session.ready();
    await waitFor(() => expect(seen).toContain("signed-in"));
    expect(seen[0]).toBe("loading");
    expect(seen).not.toContain("signed-out");
  });

  test("lets a call wait for the sign-in", async () => {
    const { tab, departure } = await depart(browser);
    tab.session.close();
    const back = browser.openTab(browser.issuer.answerTo(departure), {}, tab.page);
    expect((await back.session.getToken()).value).toBe("access-1");
  });

  test("counts the token's life from the moment of the request", async () => {
    const { tab, departure } = await depart(browser);
    const sentAt = browser.clock.now();
    const answer = browser.issuer.answerTo(departure);
    const { fetch } = browser.issuer;
    tab.session.close();
    const back = browser.openTab(
      answer,
      {
        ports: {
          fetch: async (input, init) => {
            const response = await fetch(input, init);
            if (String(input).endsWith("/token")) browser.clock.advance(7_000);
            return response;
          },
        },
      },
      tab.page,
    );
    expect((await back.session.ready()).expiresAt).toBe(sentAt + 60_000);
  });

  test("takes the scopes that were asked for when the answer names none", async () => {
    browser.issuer.answer = { scope: undefined };
    const tab = await signInNewTab(browser);
    expect(tab.session.getSnapshot().scopes).toEqual(["openid", "offline_access", "users.read"]);
  });

  test("keeps the session over a reload", async () => {
    const tab = await signInNewTab(browser);
    tab.session.close();
    const again = browser.openTab(start);
    expect((await again.session.ready()).state).toBe("signed-in");
    expect((await again.session.getToken()).value).toBe("access-1");
  });

  test("refreshes with the refresh token of the sign-in", async () => {
    const tab = await signInNewTab(browser);
    browser.clock.advance(61_000);
    expect((await tab.session.getToken()).value).toBe("access-2");
    expect(Object.fromEntries(browser.issuer.forms[1] ?? [])).toMatchObject({
      grant_type: "refresh_token",
      refresh_token: "refresh-1",
      client_id: clientId,
      resource: "urn:users",
    });
  });
});

describe("a callback that is opened again", () => {
  test("does not use its answer twice, and does not disturb the session", async () => {
    const { tab, departure } = await depart(browser);
    const answer = browser.issuer.answerTo(departure);
    const back = await comeBack(browser, tab, answer);
    const again = await comeBack(browser, back, answer);
    expect(again.session.getSnapshot().state).toBe("signed-in");
    expect(again.session.signInOutcome()).toEqual({ type: "none" });
    expect(again.page.href()).toBe(`${app}/lookup/`);
    expect(browser.issuer.requests.filter((request) => request === "POST /token")).toHaveLength(1);
  });

  test("in another tab, or forged, signs nobody in and offers to begin again", async () => {
    const { departure } = await depart(browser);
    const stranger = browser.openTab(browser.issuer.answerTo(departure));
    expect((await stranger.session.ready()).state).toBe("signed-out");
    expect(failure(stranger).message).toContain("Sign in again");
    expect(browser.issuer.requests).not.toContain("POST /token");
    await stranger.session.signIn();
    expect(stranger.page.lastDeparture().pathname).toBe("/authorize");
  });

  test.each(["%E0%A4%A", "__proto__", ""])("survives a damaged state: %j", async (state) => {
    const tab = browser.openTab(`${redirectUri}?code=x&state=${state}`);
    expect((await tab.session.ready()).state).toBe("signed-out");
    expect(tab.page.href()).toBe(`${app}/lookup/`);
  });

  test("without an answer leads to the start page", async () => {
    const tab = browser.openTab(redirectUri);
    await tab.session.ready();
    expect(tab.page.href()).toBe(`${app}/lookup/`);
    expect(tab.session.signInOutcome()).toEqual({ type: "none" });
  });

  test("is nothing to a page that is not the callback", async () => {
    const tab = browser.openTab(`${app}/lookup/users?code=1&state=2`);
    await tab.session.ready();
    expect(tab.page.log).toEqual([]);
  });
});

describe("the way back", () => {
  test.each([
    ["a path", "/lookup/users/7?tab=log#end", `${app}/lookup/users/7?tab=log#end`],
    ["an address of this origin", `${app}/lookup/users/8`, `${app}/lookup/users/8`],
    ["another site", "https://evil.example/", `${app}/lookup/`],
    ["another site without a scheme", "//evil.example/", `${app}/lookup/`],
    ["another site with backslashes", "/\\evil.example", `${app}/lookup/`],
    ["another site behind our name", `${app}@evil.example/`, `${app}/lookup/`],
    ["a script", "javascript:alert(1)", `${app}/lookup/`],
    ["a blob of this origin", `blob:${app}/x`, `${app}/lookup/`],
    ["a name in front of ours", "https://evil@app.example/lookup/a", `${app}/lookup/a`],
    ["a path of two slashes", `${app}//evil.example/`, `${app}//evil.example/`],
    ["the callback itself", `${redirectUri}?code=1&state=2`, `${app}/lookup/`],
    ["no address at all", "https://", `${app}/lookup/`],
  ])("leads to %s: %s", async (_, returnTo, expected) => {
    const { tab, departure } = await depart(browser, { returnTo });
    const back = await comeBack(browser, tab, browser.issuer.answerTo(departure));
    expect(back.page.href()).toBe(expected);
  });

  test("does not trust what it remembered either", async () => {
    const { tab, departure } = await depart(browser);
    const key = tab.page.stateStorage.key(0) ?? "";
    const remembered = tab.page.stateStorage.getItem(key) ?? "";
    tab.page.stateStorage.setItem(key, remembered.replace(start, "https://evil.example/"));
    const back = await comeBack(browser, tab, browser.issuer.answerTo(departure));
    expect(back.page.href()).toBe(`${app}/lookup/`);
  });
});
