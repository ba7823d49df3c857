import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AuthError } from "../../../../src/lib/core/auth-error.ts";
import { createFakeBrowser, signInNewTab } from "../../../support/browser/browser-tab.ts";
import type { FakeBrowser } from "../../../support/browser/browser-tab.ts";
import { clientId } from "../../../support/browser/fake-issuer.ts";
import { comeBack, depart, failure, start } from "../../../support/browser/sign-in-steps.ts";

let browser: FakeBrowser;

beforeEach(() => {
  browser = createFakeBrowser();
});
afterEach(() => browser.close());

describe("an answer that cannot be trusted", () => {
  test.each([
    ["names another issuer", { iss: "https://evil.example" }],
    ["does not name the issuer although it always does", { iss: undefined }],
  ])("is refused before the code is sent anywhere: it %s", async (_, parameters) => {
    const { tab, departure } = await depart(browser);
    const back = await comeBack(browser, tab, browser.issuer.answerTo(departure, parameters));
    expect(failure(back)).toMatchObject({ code: "sign-in-failed" });
    expect(back.session.getSnapshot().state).toBe("signed-out");
    expect(browser.issuer.requests).not.toContain("POST /token");
    expect(back.page.href()).toBe(start);
  });

  test("may leave the issuer out when it never names it", async () => {
    browser.issuer.metadata = { authorization_response_iss_parameter_supported: undefined };
    const { tab, departure } = await depart(browser);
    const back = await comeBack(
      browser,
      tab,
      browser.issuer.answerTo(departure, { iss: undefined }),
    );
    expect(back.session.getSnapshot().state).toBe("signed-in");
  });

  test("is refused when its state is ours with something added", async () => {
    const { tab, departure } = await depart(browser);
    const state = `${departure.searchParams.get("state")};more`;
    const back = await comeBack(browser, tab, browser.issuer.answerTo(departure, { state }));
    expect(failure(back)).toMatchObject({ code: "sign-in-failed" });
    expect(browser.issuer.requests).not.toContain("POST /token");
  });

  const now = Math.floor(Date.now() / 1000);
  test.each([
    ["another issuer", { claims: { iss: "https://evil.example" } }],
    ["another audience", { claims: { aud: "other-app" } }],
    ["several audiences without azp", { claims: { aud: [clientId, "other-app"] } }],
    ["several audiences and another azp", { claims: { aud: [clientId, "b"], azp: "b" } }],
    ["another azp", { claims: { azp: "other-app" } }],
    ["an expiry in the past", { claims: { exp: now - 3600 } }],
    ["no expiry", { claims: { exp: undefined } }],
    ["no time of issue", { claims: { iat: undefined } }],
    ["no subject", { claims: { sub: undefined } }],
    ["another nonce", { claims: { nonce: "replayed" } }],
    ["no nonce", { claims: { nonce: undefined } }],
    ["alg none", { header: { alg: "none" } }],
    [
      "alg none, which the issuer lists",
      {
        header: { alg: "none" },
        metadata: { id_token_signing_alg_values_supported: ["RS256", "none"] },
      },
    ],
    ["an algorithm that the issuer does not use", { header: { alg: "HS256" } }],
    ["a header that must be understood", { header: { crit: ["exp"] } }],
  ])("is refused: an ID token with %s", async (_, change) => {
    const { tab, departure } = await depart(browser);
    Object.assign(browser.issuer, change);
    const back = await comeBack(browser, tab, browser.issuer.answerTo(departure));
    expect(failure(back)).toMatchObject({ code: "sign-in-failed" });
    expect(back.session.getSnapshot().state).toBe("signed-out");
    await expect(back.session.getToken()).rejects.toMatchObject({ code: "signed-out" });
  });

  test.each([
    ["no ID token", { id_token: undefined }],
    ["an ID token that is no JWT", { id_token: "rubbish" }],
    ["no access token", { access_token: undefined }],
    ["a token of another type", { token_type: "mac" }],
    ["a DPoP token that nobody asked for", { token_type: "DPoP" }],
    ["a lifetime that is no number", { expires_in: "soon" }],
  ])("is refused: %s", async (_, answer) => {
    browser.issuer.answer = answer;
    const { tab, departure } = await depart(browser);
    const back = await comeBack(browser, tab, browser.issuer.answerTo(departure));
    expect(failure(back)).toBeInstanceOf(AuthError);
    expect(back.session.getSnapshot().state).toBe("signed-out");
  });

  test("is accepted with several audiences and our azp", async () => {
    browser.issuer.claims = { aud: [clientId, "other-app"], azp: clientId };
    const tab = await signInNewTab(browser);
    expect(tab.session.getSnapshot().state).toBe("signed-in");
  });

  test("is refused when the sign-in is older than was asked for", async () => {
    const { tab, departure } = await depart(browser, { maxAgeSeconds: 300 });
    browser.issuer.claims = { auth_time: now - 3600 };
    const back = await comeBack(browser, tab, browser.issuer.answerTo(departure));
    expect(failure(back)).toMatchObject({ code: "sign-in-failed" });
  });

  test("names no secret in its error", async () => {
    browser.issuer.claims = { nonce: "replayed" };
    const { tab, departure } = await depart(browser);
    const back = await comeBack(browser, tab, browser.issuer.answerTo(departure));
    const error = failure(back);
    const told = JSON.stringify([error, error.message, String(error.cause), error.stack]);
    for (const secret of ["the-code", "access-1", "refresh-1", "eyJ"]) {
      expect(told).not.toContain(secret);
    }
    expect(error.cause).toBeUndefined();
  });
});

describe("an answer that is an error", () => {
  test.each([
    ["access_denied", /cancelled or not allowed/],
    ["login_required", /sign in yourself/],
    ["temporarily_unavailable", /Try again in a while/],
    ["invalid_scope", /refused the sign-in: invalid_scope \(no such scope\)/],
  ])("is told in words: %s", async (error, words) => {
    const { tab, departure } = await depart(browser);
    const parameters = { code: undefined, error, error_description: 'no such "scope"\n' };
    const back = await comeBack(browser, tab, browser.issuer.answerTo(departure, parameters));
    expect(failure(back)).toMatchObject({ code: "sign-in-failed", details: { oauthError: error } });
    expect(failure(back).message).toMatch(words);
    expect(back.page.href()).toBe(start);
    await back.session.signIn();
    expect(back.page.lastDeparture().pathname).toBe("/authorize");
  });

  test("of the token endpoint says what helps", async () => {
    const refuse = (status: number, body: object) => () => Response.json(body, { status });
    const answers: [() => Response | Promise<Response>, string][] = [
      [refuse(400, { error: "invalid_grant" }), "sign-in-failed"],
      [refuse(401, { error: "invalid_client" }), "misconfigured"],
      [refuse(503, { error: "temporarily_unavailable" }), "unavailable"],
      [() => new Response("<h1>Bad gateway</h1>", { status: 502 }), "unavailable"],
      [() => new Response("<h1>Welcome to our network</h1>"), "unavailable"],
      [() => Promise.reject(new TypeError("Failed to fetch")), "unavailable"],
    ];
    for (const [answer, code] of answers) {
      browser.issuer.instead.set("/token", answer);
      const { tab, departure } = await depart(browser);
      const back = await comeBack(browser, tab, browser.issuer.answerTo(departure));
      expect(failure(back).code).toBe(code);
      expect(back.session.getSnapshot().state).toBe("signed-out");
    }
  });
});
