import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  createIssuerBrowser,
  refresh,
  requestToken,
  testClient,
} from "../support/issuer-browser.ts";
import { apiResource, dashboardUrl, startIssuer } from "../support/issuer-server.ts";
import type { IssuerServer } from "../support/issuer-server.ts";

describe("the token endpoint", () => {
  let server: IssuerServer;
  beforeAll(async () => {
    server = await startIssuer();
  });
  afterEach(() => expect(server.failures).toEqual([]));
  afterAll(() => server.stop());

  const signIn = async (name = "support") => {
    const { body } = await createIssuerBrowser(server.url).signIn(name);
    return body;
  };

  describe("client credentials", () => {
    it("answers the command of the fosite how-to with a JWT of half an hour", async () => {
      const { status, body, headers } = await requestToken(server.url, testClient);
      expect(status).toBe(200);
      expect(Object.keys(body).toSorted()).toEqual(["access_token", "expires_in", "token_type"]);
      expect(body["expires_in"]).toBe(1800);
      expect(String(body["token_type"]).toLowerCase()).toBe("bearer");
      expect(headers.get("cache-control")).toContain("no-store");
      const token = String(body["access_token"]);
      expect(decodeProtectedHeader(token)).toMatchObject({ alg: "RS256", typ: "at+jwt" });
      const claims = decodeJwt(token);
      expect(claims).toMatchObject({ iss: server.url, aud: apiResource, sub: "test-client" });
      expect(claims["client_id"]).toBe("test-client");
      expect(claims["scope"]).toBeUndefined();
    });

    it("takes the secret in the Basic header too, at /oauth2/token too", async () => {
      const headers = { authorization: `Basic ${btoa("test-client:foobar")}` };
      const body = new URLSearchParams({ grant_type: "client_credentials", scope: "users.read" });
      const answer = await fetch(`${server.url}/oauth2/token`, { method: "POST", headers, body });
      expect(await answer.json()).toMatchObject({ scope: "users.read", expires_in: 1800 });
    });

    it("refuses a wrong secret, in the body and in the header", async () => {
      const wrong = await requestToken(server.url, { ...testClient, client_secret: "foobaz" });
      expect(wrong).toMatchObject({ status: 401, body: { error: "invalid_client" } });
      const authorization = `Basic ${btoa("test-client:foobaz")}`;
      const basic = await requestToken(
        server.url,
        { grant_type: "client_credentials" },
        { authorization },
      );
      expect(basic.status).toBe(401);
      expect(basic.headers.get("www-authenticate")).toContain("Basic");
    });

    it.each([
      ["unknown", "users.write"],
      ["not the client's", "users.contact"],
      ["not the client's", "admin"],
    ])("refuses a scope that is %s: %s", async (_why, scope) => {
      const { status, body } = await requestToken(server.url, { ...testClient, scope });
      expect(status).toBe(400);
      expect(body["error"]).toBe("invalid_scope");
    });

    it("refuses another resource, and an unknown grant", async () => {
      const resource = "https://other.example/";
      const other = await requestToken(server.url, { ...testClient, resource });
      expect(other.body["error"]).toBe("invalid_target");
      const unknown = await requestToken(server.url, { ...testClient, grant_type: "password" });
      expect(unknown.body["error"]).toBe("unsupported_grant_type");
    });
  });

  describe("refresh tokens", () => {
    it("rotate, and carry how the person signed in", async () => {
      const first = await signIn();
      const second = await refresh(server.url, first["refresh_token"]);
      expect(second.status).toBe(200);
      expect(second.body["refresh_token"]).not.toBe(first["refresh_token"]);
      const before = decodeJwt(String(first["access_token"]));
      const after = decodeJwt(String(second.body["access_token"]));
      expect(after).toMatchObject({ sub: "support", scope: "users.read", acr: before["acr"] });
      expect(after["auth_time"]).toBe(before["auth_time"]);
      expect(after.jti).not.toBe(before.jti);
    });

    it("end with their whole family when a used one comes again", async () => {
      const first = await signIn();
      const second = await refresh(server.url, first["refresh_token"]);
      const reuse = await refresh(server.url, first["refresh_token"]);
      expect(reuse).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
      const successor = await refresh(server.url, second.body["refresh_token"]);
      expect(successor.body["error"]).toBe("invalid_grant");
    });

    it("leave the person signed in at the issuer after that", async () => {
      const browser = createIssuerBrowser(server.url);
      const { body } = await browser.signIn("support");
      await refresh(server.url, body["refresh_token"]);
      await refresh(server.url, body["refresh_token"]);
      const { page } = await browser.authorize({ prompt: "none" });
      expect(page.url.searchParams.has("code")).toBe(true);
    });

    it("cannot be widened, and can be asked for less", async () => {
      const { body } = await createIssuerBrowser(server.url).signIn("supervisor");
      const less = await requestToken(server.url, {
        grant_type: "refresh_token",
        client_id: "user-lookup",
        refresh_token: String(body["refresh_token"]),
        scope: "users.read",
      });
      expect(less.body["scope"]).toBe("users.read");
      const more = await requestToken(server.url, {
        grant_type: "refresh_token",
        client_id: "user-lookup",
        refresh_token: String(less.body["refresh_token"]),
        scope: "users.read email",
      });
      expect(more.body["error"]).toBe("invalid_scope");
    });

    it("are nobody else's", async () => {
      const { refresh_token: token } = await signIn();
      const file: Record<string, string> = JSON.parse(
        readFileSync(join(server.dataDir, "service-client.json"), "utf8"),
      );
      const stolen = await requestToken(server.url, {
        grant_type: "refresh_token",
        client_id: "service-client",
        client_secret: String(file["client_secret"]),
        refresh_token: String(token),
      });
      expect(stolen.body["error"]).toBe("invalid_grant");
      expect((await refresh(server.url, token)).status).toBe(200);
    });

    it("can be revoked, with everything of their grant", async () => {
      const first = await signIn();
      const body = new URLSearchParams({
        client_id: "user-lookup",
        token: String(first["refresh_token"]),
      });
      const revoked = await fetch(`${server.url}/token/revocation`, { method: "POST", body });
      expect(revoked.status).toBe(200);
      expect((await refresh(server.url, first["refresh_token"])).body["error"]).toBe(
        "invalid_grant",
      );
    });
  });

  describe("what is on disk", () => {
    it("keeps keys and credentials for their owner only", () => {
      for (const name of ["issuer-keys.json", "service-client.json"]) {
        expect(statSync(join(server.dataDir, name)).mode & 0o777).toBe(0o600);
      }
    });

    it("publishes no private key", async () => {
      const response = await fetch(`${server.url}/jwks`);
      const { keys }: { keys: Record<string, unknown>[] } = JSON.parse(await response.text());
      expect(keys.length).toBeGreaterThanOrEqual(2);
      const members = new Set(keys.flatMap((key) => Object.keys(key)));
      expect(
        [...members].filter((name) => ["d", "p", "q", "dp", "dq", "qi"].includes(name)),
      ).toEqual([]);
      expect(keys.map((key) => key["kid"])).toEqual(
        server.issuer.keys().keys.map(({ kid }) => kid),
      );
    });
  });

  describe("browsers of other origins", () => {
    const ask = (path: string, method: string, origin: string) =>
      fetch(`${server.url}${path}`, {
        method,
        headers: { origin, "access-control-request-method": "POST" },
        ...(method === "POST" && { body: new URLSearchParams({ grant_type: "refresh_token" }) }),
      });

    it.each([["/token"], ["/token/revocation"]])(
      "may use %s from the dashboard only",
      async (path) => {
        for (const method of ["OPTIONS", "POST"]) {
          const own = await ask(path, method, dashboardUrl);
          expect(own.headers.get("access-control-allow-origin")).toBe(dashboardUrl);
          for (const origin of ["https://evil.example", "null", "http://localhost:5174"]) {
            const foreign = await ask(path, method, origin);
            expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
          }
        }
        const own = await ask(path, "POST", dashboardUrl);
        expect(own.headers.get("access-control-expose-headers")).toContain("Retry-After");
      },
    );

    it("may read the metadata and the keys from everywhere", async () => {
      for (const path of ["/jwks", "/.well-known/openid-configuration"]) {
        const answer = await ask(path, "GET", "https://other.example");
        expect(answer.headers.get("access-control-allow-origin")).toBe("https://other.example");
      }
    });
  });

  describe("garbage", () => {
    it("is answered with a 4xx, and the issuer lives on", async () => {
      const post = (path: string, body: BodyInit, type = "application/x-www-form-urlencoded") =>
        fetch(`${server.url}${path}`, { method: "POST", body, headers: { "content-type": type } });
      const answers = await Promise.all([
        post("/token", "%%%&&&==="),
        post("/token", "x".repeat(1_000_000)),
        post("/token", JSON.stringify(testClient), "application/json"),
        post("/token", "grant_type=client_credentials&grant_type=refresh_token"),
        post("/token", new Uint8Array([0xff, 0xfe, 0x00])),
        fetch(`${server.url}/interaction/%00%ff`),
        fetch(`${server.url}/interaction/`),
        fetch(`${server.url}/auth?client_id=${"x".repeat(5_000)}`),
        fetch(`${server.url}//evil.example/`),
        fetch(`${server.url}/assets/../package.json`),
        post("/demo/trouble", "x".repeat(100_000)),
      ]);
      for (const { status } of answers) {
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
      }
      expect((await requestToken(server.url, testClient)).status).toBe(200);
    });

    it("in the Host header does not get into addresses", async () => {
      const metadata = await fetch(
        `http://127.0.0.1:${server.port}/.well-known/openid-configuration`,
        {
          headers: { "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" },
        },
      ).catch(() => fetch(`${server.url}/.well-known/openid-configuration`));
      expect(await metadata.json()).toMatchObject({
        issuer: server.url,
        token_endpoint: `${server.url}/token`,
        jwks_uri: `${server.url}/jwks`,
      });
    });
  });
});
