import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeJwt, importJWK, SignJWT } from "jose";
import type { JWK } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createIssuerBrowser } from "../support/issuer-browser.ts";
import { apiResource, startIssuer } from "../support/issuer-server.ts";
import type { IssuerServer } from "../support/issuer-server.ts";
import { loadServiceClient } from "../support/issuer-service-client.ts";
import type { ServiceClient } from "../support/issuer-service-client.ts";

const tokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange";
const accessTokenType = "urn:ietf:params:oauth:token-type:access_token";

let server: IssuerServer;
let service: ServiceClient;
beforeAll(async () => {
  server = await startIssuer();
  service = await loadServiceClient(server);
});
afterEach(() => expect(server.failures).toEqual([]));
afterAll(() => server.stop());

describe("token exchange", () => {
  const personToken = async (name: string) => {
    const { body } = await createIssuerBrowser(server.url).signIn(name);
    return String(body["access_token"]);
  };
  const exchange = (subjectToken: string, params: Record<string, string> = {}) =>
    service.request({
      grant_type: tokenExchange,
      subject_token: subjectToken,
      subject_token_type: accessTokenType,
      ...params,
    });

  it("gives a token about the person that names who acts, with how the person signed in", async () => {
    const subject = await personToken("supervisor");
    const { status, body } = await exchange(subject, { scope: "users.read" });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      issued_token_type: accessTokenType,
      token_type: "Bearer",
      scope: "users.read",
    });
    expect(body["refresh_token"]).toBeUndefined();
    const claims = decodeJwt(String(body["access_token"]));
    expect(claims).toMatchObject({
      sub: "supervisor",
      client_id: "service-client",
      act: { sub: "service-client" },
      auth_time: decodeJwt(subject)["auth_time"],
    });
    expect(claims.exp).toBeLessThanOrEqual(decodeJwt(subject).exp ?? 0);
  });

  it("nests earlier actors", async () => {
    const first = await exchange(await personToken("supervisor"), { scope: "users.read" });
    const second = await exchange(String(first.body["access_token"]));
    expect(decodeJwt(String(second.body["access_token"]))["act"]).toEqual({
      sub: "service-client",
      act: { sub: "service-client" },
    });
  });

  it("gives no scope that the subject token lacks", async () => {
    const subject = await personToken("support");
    expect((await exchange(subject, { scope: "users.contact" })).body["error"]).toBe(
      "invalid_scope",
    );
    expect((await exchange(subject)).body["scope"]).toBe("");
  });

  it("names the subject of an actor token of the client's own", async () => {
    const own = await service.bring(await service.assertion());
    const actor = {
      actor_token: String(own.body["access_token"]),
      actor_token_type: accessTokenType,
    };
    const { body } = await exchange(await personToken("support"), actor);
    expect(decodeJwt(String(body["access_token"]))["act"]).toEqual({ sub: "service-client" });
    const foreign = { ...actor, actor_token: await personToken("guest") };
    expect((await exchange(await personToken("support"), foreign)).body["error"]).toBe(
      "invalid_grant",
    );
  });

  it("refuses what is no access token of this issuer", async () => {
    const { body } = await createIssuerBrowser(server.url).signIn("support");
    const foreign = await service.assertion({ iss: server.url, aud: apiResource });
    for (const token of ["garbage", String(body["id_token"]), foreign]) {
      expect((await exchange(token)).body["error"]).toBe("invalid_grant");
    }
  });

  it("refuses a JWT of its own that is not an access token", async () => {
    const { signing }: { signing: JWK[] } = JSON.parse(
      readFileSync(join(server.dataDir, "issuer-keys.json"), "utf8"),
    );
    const [own] = signing;
    const issue = async (typ: string) =>
      new SignJWT({ sub: "support", client_id: "x", iss: server.url, aud: apiResource })
        .setExpirationTime("1m")
        .setProtectedHeader({ alg: "RS256", kid: own?.kid ?? "", typ })
        .sign(await importJWK(own ?? {}, "RS256"));
    expect((await exchange(await issue("at+jwt"))).status).toBe(200);
    expect((await exchange(await issue("JWT"))).body["error"]).toBe("invalid_grant");
  });

  it("refuses wrong types, a missing subject token and another audience", async () => {
    const subject = await personToken("support");
    const wrong = [
      { subject_token_type: "urn:ietf:params:oauth:token-type:saml2" },
      { requested_token_type: "urn:ietf:params:oauth:token-type:refresh_token" },
      { actor_token_type: accessTokenType },
    ];
    for (const params of wrong) {
      expect((await exchange(subject, params)).body["error"]).toBe("invalid_request");
    }
    const bare = await service.request({
      grant_type: tokenExchange,
      subject_token_type: accessTokenType,
    });
    expect(bare.body["error"]).toBe("invalid_request");
    const elsewhere = await exchange(subject, { audience: "https://other.example/" });
    expect(elsewhere.body["error"]).toBe("invalid_target");
  });
});
