import { afterEach, describe, expect, it } from "vitest";
import { createIssuerBrowser, refresh } from "../support/issuer-browser.ts";
import { dashboardUrl, startIssuer } from "../support/issuer-server.ts";
import type { IssuerServer } from "../support/issuer-server.ts";

const running: IssuerServer[] = [];
const start = async () => {
  const server = await startIssuer();
  running.push(server);
  return server;
};

afterEach(async () => {
  for (const server of running.splice(0)) {
    expect(server.failures).toEqual([]);
    await server.stop();
  }
});

describe("signing out", () => {
  const endSession = (server: IssuerServer, params: Record<string, string>) =>
    `${server.url}/session/end?${new URLSearchParams(params).toString()}`;

  it("goes straight back with an ID token of the person, and ends session and tokens", async () => {
    const server = await start();
    const browser = createIssuerBrowser(server.url);
    const { body } = await browser.signIn("support");
    const end = await browser.open(
      endSession(server, {
        id_token_hint: String(body["id_token"]),
        post_logout_redirect_uri: `${dashboardUrl}/`,
        state: "bye",
      }),
    );
    expect(end.url.href).toBe(`${dashboardUrl}/?state=bye`);
    const left = server.database.prepare("SELECT DISTINCT model FROM issuer_records").all();
    expect(left.map((row) => row["model"])).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/RefreshToken|Grant|Session/)]),
    );
    expect((await refresh(server.url, body["refresh_token"])).body["error"]).toBe("invalid_grant");
    const { page } = await browser.authorize({ prompt: "none" });
    expect(page.url.searchParams.get("error")).toBe("login_required");
  });

  it("asks first without an ID token, and with another person's", async () => {
    const server = await start();
    const browser = createIssuerBrowser(server.url);
    const { body } = await browser.signIn("support");
    const other = await createIssuerBrowser(server.url).signIn("guest");
    for (const hint of [{}, { id_token_hint: String(other.body["id_token"]) }]) {
      const question = await browser.open(endSession(server, hint));
      expect(question.body).toContain("Sign out of User Lookup?");
    }
    expect((await refresh(server.url, body["refresh_token"])).status).toBe(200);
    const question = await browser.open(endSession(server, {}));
    const done = await browser.submit(question, {}, "logout");
    expect(done.body).toContain("You are signed out");
    const { page } = await browser.authorize({ prompt: "none" });
    expect(page.url.searchParams.get("error")).toBe("login_required");
  });

  it("asks no page of this site, which shows no token because it would be in a URL", async () => {
    const server = await start();
    const browser = createIssuerBrowser(server.url);
    const { body } = await browser.signIn("support");
    const address = endSession(server, {
      client_id: "user-lookup",
      post_logout_redirect_uri: `${dashboardUrl}/`,
    });
    const question = await browser.open(address, { "sec-fetch-site": "cross-site" });
    expect(question.body).toContain("Sign out of User Lookup?");
    const end = await browser.open(address, { "sec-fetch-site": "same-site" });
    expect(end.url.href).toBe(`${dashboardUrl}/`);
    expect((await refresh(server.url, body["refresh_token"])).body["error"]).toBe("invalid_grant");
  });

  it("goes to registered addresses only", async () => {
    const server = await start();
    const browser = createIssuerBrowser(server.url);
    const { body } = await browser.signIn("support");
    const refused = await browser.open(
      endSession(server, {
        id_token_hint: String(body["id_token"]),
        post_logout_redirect_uri: "https://evil.example/",
      }),
    );
    expect(refused.status).toBe(400);
    expect(refused.body).toContain("post_logout_redirect_uri not registered");
  });

  it("works for who is not signed in any more", async () => {
    const server = await start();
    const browser = createIssuerBrowser(server.url);
    const asked = await browser.open(
      endSession(server, {
        client_id: "user-lookup",
        post_logout_redirect_uri: `${dashboardUrl}/`,
      }),
    );
    const end = await browser.submit(asked, {});
    expect(end.url.href).toBe(`${dashboardUrl}/`);
  });
});
