import { decodeJwt, createLocalJWKSet, jwtVerify } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createIssuerBrowser, redeem, redirectUri, refresh } from "../support/issuer-browser.ts";
import { apiResource, startIssuer } from "../support/issuer-server.ts";
import type { IssuerServer } from "../support/issuer-server.ts";

describe("signing in", () => {
  let server: IssuerServer;
  beforeAll(async () => {
    server = await startIssuer();
  });
  afterEach(() => expect(server.failures).toEqual([]));
  afterAll(() => server.stop());

  const verify = async (token: unknown) => {
    const keys = createLocalJWKSet(server.issuer.keys());
    return jwtVerify(String(token), keys, {
      issuer: server.url,
      audience: apiResource,
      algorithms: ["RS256"],
      typ: "at+jwt",
    });
  };

  it.each([
    ["support", "users.read"],
    ["supervisor", "users.read users.contact"],
    ["guest", ""],
  ])("gives %s a token with exactly the scopes “%s”", async (name, scope) => {
    const { status, body } = await createIssuerBrowser(server.url).signIn(name);
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: "Bearer", expires_in: 60, scope });
    expect(body["refresh_token"]).toEqual(expect.any(String));
    const { payload, protectedHeader } = await verify(body["access_token"]);
    expect(protectedHeader).toMatchObject({ alg: "RS256", typ: "at+jwt" });
    expect(payload).toMatchObject({
      sub: name,
      client_id: "user-lookup",
      acr: "urn:user-lookup:acr:password",
      auth_time: expect.any(Number),
      jti: expect.any(String),
    });
    expect(payload["scope"] ?? "").toBe(scope);
  });

  it("never grants admin to a person, whoever asks", async () => {
    const { page } = await createIssuerBrowser(server.url).authorize({ scope: "openid admin" });
    expect(page.url.searchParams.get("error")).toBe("invalid_scope");
  });

  it("answers the state and its own name (RFC 9207) with the code, to the callback only", async () => {
    const browser = createIssuerBrowser(server.url);
    const { page } = await browser.authorize();
    const end = await browser.submit(page, { name: "support", password: "support" });
    expect(end.url.href.startsWith(redirectUri)).toBe(true);
    expect(end.url.searchParams.get("state")).toBe("the-state");
    expect(end.url.searchParams.get("iss")).toBe(server.url);
  });

  it("names itself in an error answer as well", async () => {
    const { page } = await createIssuerBrowser(server.url).authorize({ prompt: "none" });
    expect(page.url.searchParams.get("error")).toBe("login_required");
    expect(page.url.searchParams.get("iss")).toBe(server.url);
  });

  it("says in the ID token who signed in, when and how", async () => {
    const scope = "openid profile email users.read";
    const nonce = "the-nonce";
    const { body } = await createIssuerBrowser(server.url).signIn("support", { scope, nonce });
    expect(decodeJwt(String(body["id_token"]))).toMatchObject({
      iss: server.url,
      aud: "user-lookup",
      sub: "support",
      nonce,
      name: "Support",
      email: "support@user-lookup.example",
      acr: "urn:user-lookup:acr:password",
      auth_time: expect.any(Number),
    });
  });

  it("shows a page that runs no script and names every field", async () => {
    const { page } = await createIssuerBrowser(server.url).authorize();
    expect(page.status).toBe(200);
    const policy = page.headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'self' http://localhost:5173");
    expect(page.body).not.toMatch(/<script|style=|onclick/);
    for (const id of ["name", "password"]) {
      expect(page.body).toContain(`<label for="${id}">`);
      expect(page.body).toMatch(new RegExp(`<input\\s+id="${id}"`));
    }
    const css = await fetch(`${server.url}/assets/issuer.css`);
    expect(css.headers.get("content-type")).toBe("text/css; charset=utf-8");
  });

  it("signs a demo person in with one click, without JavaScript", async () => {
    const browser = createIssuerBrowser(server.url);
    const { page, verifier } = await browser.authorize();
    const demoForms = { ...page, body: page.body.slice(page.body.indexOf('class="demo"')) };
    const end = await browser.submit(demoForms, {});
    const { body } = await redeem(server.url, end, verifier);
    expect(decodeJwt(String(body["access_token"])).sub).toBe("support");
  });

  it("says that name and password do not fit, and keeps the name", async () => {
    const browser = createIssuerBrowser(server.url);
    const { page } = await browser.authorize();
    const again = await browser.submit(page, { name: "support", password: "wrong" });
    expect(again.status).toBe(400);
    expect(again.body).toContain("The name or the password is not right.");
    expect(again.body).toContain('value="support"');
    const end = await browser.submit(again, { password: "support" });
    expect(end.url.searchParams.has("code")).toBe(true);
  });

  it("escapes what it is given", async () => {
    const hint = '"><script>alert(1)</script>';
    const browser = createIssuerBrowser(server.url);
    const { page } = await browser.authorize({ login_hint: hint });
    expect(page.body).toContain("&quot;&gt;&lt;script&gt;");
    expect(page.body).not.toContain("<script>");
    const again = await browser.submit(page, { name: hint, password: "x" });
    expect(again.body).not.toContain("<script>");
  });

  it("fills in the name of a login_hint", async () => {
    const { page } = await createIssuerBrowser(server.url).authorize({ login_hint: "supervisor" });
    expect(page.body).toMatch(/id="name"[^>]*value="supervisor"/s);
  });

  it("goes back with access_denied when the person cancels", async () => {
    const browser = createIssuerBrowser(server.url);
    const { page } = await browser.authorize();
    const end = await browser.submit(page, {}, "cancel");
    expect(end.url.searchParams.get("error")).toBe("access_denied");
  });

  it("refuses the form from another site, and from a browser that did not begin", async () => {
    const browser = createIssuerBrowser(server.url);
    const { page } = await browser.authorize();
    const stranger = await createIssuerBrowser(server.url).submit(page, { name: "support" });
    expect(stranger.status).toBe(400);
    expect(stranger.body).toContain("This sign-in page has expired");
    const body = new URLSearchParams({ name: "support", password: "support" });
    const headers = { origin: "https://evil.example" };
    const forged = await fetch(page.url, { method: "POST", body, headers, redirect: "manual" });
    expect(forged.status).toBeGreaterThanOrEqual(400);
  });

  it("shows a sign-in under its own address only", async () => {
    const { page } = await createIssuerBrowser(server.url).authorize();
    const begun = await fetch(
      `${server.url}/auth?client_id=user-lookup&response_type=code&scope=openid` +
        `&redirect_uri=${encodeURIComponent(redirectUri)}` +
        `&code_challenge=${"x".repeat(43)}&code_challenge_method=S256`,
      { redirect: "manual" },
    );
    const cookies = begun.headers.getSetCookie().map((line) => line.split(";")[0]);
    const headers = { cookie: cookies.join("; ") };
    const own = await fetch(new URL(begun.headers.get("location") ?? "", server.url), { headers });
    expect(own.status).toBe(200);
    for (const address of [page.url.href, `${own.url}x`, `${own.url}/y`]) {
      expect((await fetch(address, { headers })).status).toBe(400);
    }
  });

  it("signs in silently while the session lives, also for more scopes", async () => {
    const browser = createIssuerBrowser(server.url);
    await browser.signIn("supervisor", { scope: "openid users.read" });
    const scope = "openid users.read users.contact";
    const { page, verifier } = await browser.authorize({ prompt: "none", scope });
    const { body } = await redeem(server.url, page, verifier);
    expect(body["scope"]).toBe("users.read users.contact");
  });

  it("asks a signed-in person again for prompt=login, and for max_age=0", async () => {
    const browser = createIssuerBrowser(server.url);
    await browser.signIn("support");
    for (const params of [{ prompt: "login" }, { max_age: "0" }]) {
      const { page, verifier } = await browser.authorize(params);
      expect(page.body).toContain("Please confirm that it is you.");
      expect(page.body).toMatch(/id="name"[^>]*value="support"/s);
      const end = await browser.submit(page, { password: "support" });
      const { body } = await redeem(server.url, end, verifier);
      expect(body["access_token"]).toEqual(expect.any(String));
    }
    const { page } = await browser.authorize({ max_age: "0", prompt: "none" });
    expect(page.url.searchParams.get("error")).toBe("login_required");
    const recent = await browser.authorize({ max_age: "300" });
    expect(recent.page.url.searchParams.has("code")).toBe(true);
  });

  it("keeps older refresh tokens alive when the same person confirms again", async () => {
    const browser = createIssuerBrowser(server.url);
    const first = await browser.signIn("supervisor");
    const { page, verifier } = await browser.authorize({ prompt: "login" });
    await redeem(server.url, await browser.submit(page, { password: "supervisor" }), verifier);
    const renewed = await refresh(server.url, first.body["refresh_token"]);
    expect(renewed.status).toBe(200);
  });

  it("lets another person sign in where one is signed in, and ends the first one's tokens", async () => {
    const browser = createIssuerBrowser(server.url);
    const first = await browser.signIn("support");
    const { page, verifier } = await browser.authorize({ prompt: "login" });
    const switching = await browser.submit(page, { name: "supervisor", password: "supervisor" });
    const end = await browser.submit(switching, {});
    const { body } = await redeem(server.url, end, verifier);
    expect(decodeJwt(String(body["access_token"])).sub).toBe("supervisor");
    expect((await refresh(server.url, first.body["refresh_token"])).status).toBe(400);
  });

  it("asks for consent when the client wants it asked", async () => {
    const browser = createIssuerBrowser(server.url);
    const { page, verifier } = await browser.authorize({ prompt: "consent" });
    const consent = await browser.submit(page, { name: "support", password: "support" });
    expect(consent.body).toContain("Continue to User Lookup");
    const end = await browser.submit(consent, {});
    expect((await redeem(server.url, end, verifier)).body["scope"]).toBe("users.read");
  });

  it("sends a native program to its own port on loopback, after asking the person", async () => {
    const native = {
      client_id: "user-lookup-cli",
      redirect_uri: "http://127.0.0.1:50123/callback",
    };
    const browser = createIssuerBrowser(server.url);
    const { page, verifier } = await browser.authorize(native);
    expect(page.headers.get("content-security-policy")).toContain("http://127.0.0.1:50123");
    const asked = await browser.submit(page, { name: "support", password: "support" });
    expect(asked.body).toContain("Continue to User Lookup on the command line");
    const end = await browser.submit(asked, {});
    expect(end.url.origin).toBe("http://127.0.0.1:50123");
    const { body } = await redeem(server.url, end, verifier, native);
    expect(decodeJwt(String(body["access_token"]))["client_id"]).toBe("user-lookup-cli");
    for (const redirect_uri of ["http://127.0.0.1:50123/other", "http://10.0.0.1/callback"]) {
      const refused = await browser.authorize({ ...native, redirect_uri });
      expect(refused.page.body).toContain("invalid_redirect_uri");
    }
  });

  it("refuses a redirect address that is not registered, on a page", async () => {
    const { page } = await createIssuerBrowser(server.url).authorize({
      redirect_uri: "https://evil.example/callback",
    });
    expect(page.status).toBe(400);
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(page.body).toContain("invalid_redirect_uri");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  it("refuses a request without PKCE, and one for another resource", async () => {
    const browser = createIssuerBrowser(server.url);
    const { page } = await browser.authorize({ resource: "https://other.example/" });
    expect(page.url.searchParams.get("error")).toBe("invalid_target");
    const bare = await browser.open(
      `/auth?client_id=user-lookup&response_type=code&scope=openid&redirect_uri=${encodeURIComponent(redirectUri)}`,
    );
    expect(bare.url.searchParams.get("error")).toBe("invalid_request");
  });

  it("refuses a code that comes twice and ends what came of it", async () => {
    const browser = createIssuerBrowser(server.url);
    const { page, verifier } = await browser.authorize();
    const end = await browser.submit(page, { name: "support", password: "support" });
    const first = await redeem(server.url, end, verifier);
    const second = await redeem(server.url, end, verifier);
    expect(second.body["error"]).toBe("invalid_grant");
    expect((await refresh(server.url, first.body["refresh_token"])).body["error"]).toBe(
      "invalid_grant",
    );
  });
});
