import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterEach, describe, expect, it } from "vitest";
import {
  createIssuerBrowser,
  redeem,
  refresh,
  requestToken,
  testClient,
} from "../support/issuer-browser.ts";
import { apiResource, dashboardUrl, startIssuer } from "../support/issuer-server.ts";
import type { IssuerServer, IssuerServerOptions } from "../support/issuer-server.ts";

const running: IssuerServer[] = [];
const start = async (options?: IssuerServerOptions) => {
  const server = await startIssuer(options);
  running.push(server);
  return server;
};
const stop = async (server: IssuerServer, keepData: boolean) => {
  running.splice(running.indexOf(server), 1);
  await server.stop({ keepData });
};

afterEach(async () => {
  for (const server of running.splice(0)) {
    expect(server.failures).toEqual([]);
    await server.stop();
  }
});

describe("a restart", () => {
  it("keeps keys, sessions and refresh tokens", async () => {
    const before = await start();
    const browser = createIssuerBrowser(before.url);
    const { body } = await browser.signIn("support");
    const keys = before.issuer.keys();
    const { port, dataDir } = before;
    await stop(before, true);
    const after = await start({ port, dataDir });
    expect(after.issuer.keys()).toEqual(keys);
    expect((await refresh(after.url, body["refresh_token"])).status).toBe(200);
    const { page, verifier } = await browser.authorize({ prompt: "none" });
    expect((await redeem(after.url, page, verifier)).status).toBe(200);
    expect((await requestToken(after.url, testClient)).status).toBe(200);
  });
});

describe("key rotation", () => {
  it("fails no verification: not of old tokens, and not of new ones by an old key set", async () => {
    const server = await start();
    const remote = createRemoteJWKSet(new URL(`${server.url}/jwks`), {
      cooldownDuration: 3_600_000,
    });
    const verify = (token: unknown) =>
      jwtVerify(String(token), remote, { issuer: server.url, audience: apiResource });
    const take = async () => (await requestToken(server.url, testClient)).body["access_token"];
    const old = await take();
    const before = await verify(old);
    const rotated = await fetch(`${server.url}/demo/rotate-keys`, { method: "POST" });
    expect(rotated.status).toBe(200);
    const after = await verify(await take());
    expect(after.protectedHeader.kid).not.toBe(before.protectedHeader.kid);
    await verify(old);
    await remote.reload();
    await verify(old);
    expect((await verify(await take())).protectedHeader.kid).toBe(after.protectedHeader.kid);
  });

  it("goes on while people refresh, and survives a restart", async () => {
    const server = await start();
    const { body } = await createIssuerBrowser(server.url).signIn("support");
    const rotate = () => fetch(`${server.url}/demo/rotate-keys`, { method: "POST" });
    const [renewed] = await Promise.all([
      refresh(server.url, body["refresh_token"]),
      rotate(),
      rotate(),
    ]);
    expect(renewed.status).toBe(200);
    const keys = server.issuer.keys();
    expect(keys.keys).toHaveLength(4);
    const { port, dataDir } = server;
    await stop(server, true);
    const again = await start({ port, dataDir });
    expect(again.issuer.keys()).toEqual(keys);
    expect((await refresh(again.url, renewed.body["refresh_token"])).status).toBe(200);
  });
});

describe("lifetimes", () => {
  it("are all the one that is configured", async () => {
    const server = await start({ accessTokenTtlSeconds: 4 });
    const { body } = await createIssuerBrowser(server.url).signIn("support");
    expect(body["expires_in"]).toBe(4);
    expect((await refresh(server.url, body["refresh_token"])).body["expires_in"]).toBe(4);
    expect((await requestToken(server.url, testClient)).body["expires_in"]).toBe(4);
  });
});

describe("the demo", () => {
  const demo = async (server: IssuerServer, path: string, body?: unknown) => {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(`${server.url}/demo/${path}`, init);
    const answer: Record<string, unknown> = JSON.parse(await response.text());
    return { status: response.status, answer, headers: response.headers };
  };

  it("counts refreshes and reuse, and forgets when told", async () => {
    const server = await start();
    const { body } = await createIssuerBrowser(server.url).signIn("support");
    await demo(server, "counters/reset", {});
    await refresh(server.url, body["refresh_token"]);
    await refresh(server.url, body["refresh_token"]);
    await requestToken(server.url, { ...testClient, client_secret: "wrong" });
    expect((await demo(server, "counters")).answer).toMatchObject({
      tokenRequests: 3,
      refreshes: 1,
      reuseDetections: 1,
      byGrantType: {
        refresh_token: { success: 1, invalid_grant: 1 },
        client_credentials: { invalid_client: 1 },
      },
    });
    await demo(server, "counters/reset", {});
    expect((await demo(server, "counters")).answer).toMatchObject({
      tokenRequests: 0,
      byGrantType: {},
    });
  });

  it("makes the token endpoint unavailable in a way that a browser can read", async () => {
    const server = await start();
    await demo(server, "trouble", { token: "unavailable", retryAfterSeconds: 7 });
    const refused = await requestToken(server.url, testClient, { origin: dashboardUrl });
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("7");
    expect(refused.headers.get("access-control-allow-origin")).toBe(dashboardUrl);
    expect(refused.headers.get("access-control-expose-headers")).toContain("Retry-After");
    const alias = await fetch(`${server.url}/oauth2/token`, { method: "POST" });
    expect(alias.status).toBe(503);
    expect((await demo(server, "counters")).answer["byGrantType"]).toEqual({
      trouble: { "503": 2 },
    });
    await demo(server, "trouble", { token: "ok" });
    expect((await requestToken(server.url, testClient)).status).toBe(200);
  });

  it("ends trouble by itself after the time it was set for", async () => {
    let now = Date.now();
    const server = await start({ now: () => now });
    await demo(server, "trouble", { token: "unavailable", forMs: 10_000 });
    now += 9_999;
    expect((await requestToken(server.url, testClient)).status).toBe(503);
    now += 1;
    expect((await requestToken(server.url, testClient)).status).toBe(200);
    expect((await demo(server, "trouble")).answer).toEqual({ token: "ok" });
  });

  it("cuts connections, and delays answers", async () => {
    const server = await start();
    await demo(server, "trouble", { token: "off" });
    await expect(requestToken(server.url, testClient)).rejects.toThrow("fetch failed");
    await demo(server, "trouble", { token: "slow", delayMs: 150 });
    const startedAt = performance.now();
    expect((await requestToken(server.url, testClient)).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThan(140);
  });

  it.each([
    [{ token: "sideways" }],
    [{ token: "slow" }],
    [{ token: "slow", delayMs: -1 }],
    [{ token: "unavailable", retryAfterSeconds: "soon" }],
    [{ token: "ok", forMs: 1e12 }],
    [[]],
  ])("refuses trouble it does not know: %j", async (body) => {
    const server = await start();
    expect((await demo(server, "trouble", body)).status).toBe(400);
    expect((await demo(server, "trouble")).answer).toEqual({ token: "ok" });
  });

  it("reads no more of a body than it needs", async () => {
    const server = await start();
    const body = { token: "ok", padding: "x".repeat(20_000) };
    expect((await demo(server, "trouble", body)).status).toBe(413);
  });

  it("revokes everything", async () => {
    const server = await start();
    const { body } = await createIssuerBrowser(server.url).signIn("support");
    expect((await demo(server, "revoke", {})).answer).toEqual({ revokedRefreshTokens: 1 });
    expect((await refresh(server.url, body["refresh_token"])).body["error"]).toBe("invalid_grant");
  });

  it("lists its people, and answers the dashboard's origin only", async () => {
    const server = await start();
    const { answer } = await demo(server, "accounts");
    expect(answer).toMatchObject([{ name: "support" }, { name: "supervisor" }, { name: "guest" }]);
    const ask = (origin: string, method: string) =>
      fetch(`${server.url}/demo/revoke`, { method, headers: { origin } });
    const own = await ask(dashboardUrl, "POST");
    expect(own.headers.get("access-control-allow-origin")).toBe(dashboardUrl);
    expect((await ask(dashboardUrl, "OPTIONS")).status).toBe(204);
    const foreign = await ask("https://evil.example", "POST");
    expect(foreign.status).toBe(403);
    expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("does not exist when it is off: no endpoints, no people, no client with a known secret", async () => {
    const server = await start({ demo: false });
    for (const path of ["counters", "accounts", "trouble"]) {
      expect((await fetch(`${server.url}/demo/${path}`)).status).toBe(404);
    }
    expect((await requestToken(server.url, testClient)).body["error"]).toBe("invalid_client");
    const browser = createIssuerBrowser(server.url);
    const { page } = await browser.authorize();
    expect(page.body).not.toContain("Demo accounts");
    const refused = await browser.submit(page, { name: "support", password: "support" });
    expect(refused.body).toContain("The name or the password is not right.");
  });
});
