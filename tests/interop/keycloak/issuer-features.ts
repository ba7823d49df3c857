import { expect } from "vitest";
import { createBrowserSession } from "../../../src/lib/browser/index.ts";
import { AuthError } from "../../../src/lib/core/index.ts";
import { refreshToken } from "../../../src/lib/grants/index.ts";
import { createFakePage } from "../../support/browser/fake-page.ts";
import type { Feature } from "../support/peer.ts";
import { createPerson, endpoint, requestToken } from "./authorization.ts";
import type { Person } from "./authorization.ts";
import type { Stand } from "./stand.ts";

/** What Keycloak does as an OpenID provider, as far as a session relies on it. */
export function issuerFeatures(stand: () => Stand, feature: Feature): void {
  const person = (name = "support"): Person =>
    createPerson(stand().keycloak, stand().siteOrigin, name);
  const refresh = (token: string, clientId = "user-lookup") =>
    requestToken(stand().keycloak, stand().siteOrigin, {
      client_id: clientId,
      grant_type: "refresh_token",
      refresh_token: token,
    });

  feature("the metadata names the issuer by the address it is read from", async () => {
    const { issuer } = stand().keycloak;
    const response = await fetch(`${issuer}/.well-known/openid-configuration`);
    expect(await response.json()).toMatchObject({
      issuer,
      authorization_response_iss_parameter_supported: true,
    });
  });

  feature("the answer to a sign-in names the issuer (RFC 9207), also when it refuses", async () => {
    const { callback } = await person().authorize();
    expect(callback.get("iss")).toBe(stand().keycloak.issuer);
    const refused = await person().authorize({ prompt: "none" });
    expect(refused.callback.get("iss")).toBe(stand().keycloak.issuer);
  });

  feature("a sign-in without PKCE, or with `plain`, is refused", async () => {
    const plain = await person().authorize({ code_challenge_method: "plain" });
    expect(plain.callback.get("error")).toBe("invalid_request");
    const none = await person().authorize({ code_challenge: "", code_challenge_method: "" });
    expect(none.callback.get("error")).toBe("invalid_request");
  });

  feature("only the registered callback is answered", async () => {
    const { callback } = await person().authorize({
      redirect_uri: `${stand().siteOrigin}/elsewhere`,
    });
    expect([...callback]).toEqual([]);
  });

  feature(
    "a scope that the client does not have is refused; the session never adds one by itself",
    async () => {
      const { callback } = await person().authorize({ scope: "openid users.read offline_access" });
      expect(callback.get("error")).toBe("invalid_scope");
      const { body } = await person().signIn({ scope: "openid users.read" });
      expect(body["refresh_token"]).toEqual(expect.any(String));
    },
  );

  feature(
    "with `offline_access` a session outlives the sign-out of another app",
    async () => {
      const who = person();
      const client = "another-app";
      const { body } = await who.signIn({
        client_id: client,
        redirect_uri: `${stand().siteOrigin}/another-app`,
        scope: "openid offline_access",
      });
      const { body: ours } = await who.signIn();
      await who.signOut({ id_token_hint: String(ours["id_token"]) });
      expect((await refresh(String(ours["refresh_token"]))).body["error"]).toBe("invalid_grant");
      const offline = await refresh(String(body["refresh_token"]), client);
      expect(offline.status).toBe(200);
    },
    {
      deviation:
        "Keycloak gives a refresh token without `offline_access`, and with it one that no sign-out ends but that of its own app. Leave the scope out of `config.json`; in an app of your own: `createBrowserSession({ offlineAccess: false })`.",
    },
  );

  feature(
    "the audience of the UserService is in the token",
    async () => {
      const { body } = await person().signIn();
      const [, claims = ""] = String(body["access_token"]).split(".");
      const { aud } = JSON.parse(Buffer.from(claims, "base64url").toString());
      expect(aud).toBe("urn:user-lookup:users");
    },
    {
      deviation:
        "Keycloak ignores `resource` (RFC 8707). An audience mapper in the client scope `users.read` puts the audience in, as `tests/interop/keycloak/realm.json` shows.",
    },
  );

  feature("a person gets the scopes that their roles allow, and the answer says so", async () => {
    const scope = "openid users.read users.contact";
    const support = await person().signIn({ scope });
    expect(String(support.body["scope"]).split(" ")).not.toContain("users.contact");
    const supervisor = await person("supervisor").signIn({ scope });
    expect(String(supervisor.body["scope"]).split(" ")).toContain("users.contact");
  });

  feature(
    "a refresh token is replaced, and its second use ends the session",
    async () => {
      const { body } = await person().signIn();
      const first = String(body["refresh_token"]);
      const renewed = await refresh(first);
      expect(renewed.status).toBe(200);
      const second = String(renewed.body["refresh_token"]);
      expect(second).not.toBe(first);
      expect((await refresh(first)).body["error"]).toBe("invalid_grant");
      expect((await refresh(second)).body["error"]).toBe("invalid_grant");
    },
    {
      deviation:
        "Keycloak forgives no second use, not even of a client that never got the answer: then one signs in again. A “Refresh Token Max Reuse” of 1 in the realm's settings forgives one.",
    },
  );

  feature("`refreshToken` keeps the session alive, and knows its end", async () => {
    const { body } = await person().signIn();
    const kept: string[] = [];
    const grant = refreshToken({
      issuer: stand().keycloak.issuer,
      clientId: "user-lookup",
      refreshToken: String(body["refresh_token"]),
      onRotated: (token) => void kept.push(token),
    });
    const signal = AbortSignal.timeout(20_000);
    expect((await grant({ signal })).accessToken.scopes).toContain("users.read");
    await grant({ signal });
    expect(new Set(kept).size).toBe(2);
    await revoke(kept.at(-1) ?? "");
    await expect(grant({ signal }).catch(AuthError.from)).resolves.toMatchObject({
      details: { oauthError: "invalid_grant" },
    });
  });

  async function revoke(token: string): Promise<void> {
    const body = new URLSearchParams({ client_id: "user-lookup", token });
    const response = await fetch(endpoint(stand().keycloak, "revoke"), { method: "POST", body });
    expect(response.status).toBe(200);
  }

  feature("a sign-in without a page (`prompt=none`) says that a person is needed", async () => {
    const page = createFakePage(`${stand().siteOrigin}/`);
    const open = () =>
      createBrowserSession({
        issuer: stand().keycloak.issuer,
        clientId: "user-lookup",
        redirectUri: `${stand().siteOrigin}/callback`,
        scopes: ["users.read"],
        offlineAccess: false,
        prompt: "none",
        store: "memory",
        ports: { page, wake: { online: () => true, subscribe: () => () => undefined } },
      });
    const before = open();
    await before.ready();
    await before.signIn();
    before.close();
    const response = await fetch(page.lastDeparture(), { redirect: "manual" });
    page.arriveAt(response.headers.get("location") ?? "no location");
    const after = open();
    expect((await after.ready()).state).toBe("signed-out");
    expect(after.signInOutcome()).toMatchObject({
      type: "failed",
      error: { code: "sign-in-failed", details: { oauthError: "login_required" } },
    });
    after.close();
  });

  feature("a sign-out with `id_token_hint` comes back without a question", async () => {
    const leaving = person();
    const { body } = await leaving.signIn();
    expect(await leaving.signOut()).toBeUndefined();
    const hint = { id_token_hint: String(body["id_token"]) };
    expect(await leaving.signOut(hint)).toBe(`${stand().siteOrigin}/`);
  });

  feature("CORS: the page may read what the token endpoint answers, errors too", async () => {
    const ask = (origin: string) =>
      requestToken(stand().keycloak, origin, { grant_type: "refresh_token", refresh_token: "no" });
    const ours = await ask(stand().siteOrigin);
    expect(ours).toMatchObject({ status: 400, allowedOrigin: stand().siteOrigin });
    expect((await ask("http://localhost:1")).allowedOrigin).toBeNull();
    for (const path of ["/.well-known/openid-configuration", "/protocol/openid-connect/certs"]) {
      const headers = { origin: stand().siteOrigin };
      const response = await fetch(`${stand().keycloak.issuer}${path}`, { headers });
      expect(response.headers.get("access-control-allow-origin")).toBe(stand().siteOrigin);
    }
  });
}
