import { decodeJwt } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { requestToken } from "../support/issuer-browser.ts";
import { apiResource, startIssuer } from "../support/issuer-server.ts";
import type { IssuerServer } from "../support/issuer-server.ts";
import { jwtBearer, loadServiceClient } from "../support/issuer-service-client.ts";
import type { ClaimChanges, ServiceClient, Signing } from "../support/issuer-service-client.ts";

let server: IssuerServer;
let service: ServiceClient;
beforeAll(async () => {
  server = await startIssuer();
  service = await loadServiceClient(server);
});
afterEach(() => expect(server.failures).toEqual([]));
afterAll(() => server.stop());

const bring: ServiceClient["bring"] = (...brought) => service.bring(...brought);

describe("the JWT bearer grant", () => {
  it("gives a token about the subject, for the API and not for the assertion's audience", async () => {
    const { status, body } = await bring(await service.assertion(), { scope: "admin users.read" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ expires_in: 1800, token_type: "Bearer" });
    expect(String(body["scope"]).split(" ").toSorted()).toEqual(["admin", "users.read"]);
    expect(body["refresh_token"]).toBeUndefined();
    const claims = decodeJwt(String(body["access_token"]));
    expect(claims).toMatchObject({ aud: apiResource, sub: "service-client" });
    expect(claims["client_id"]).toBe("service-client");
  });

  it("grants no scope when none is asked for", async () => {
    const { body } = await bring(await service.assertion());
    expect(body["scope"]).toBeUndefined();
    expect(decodeJwt(String(body["access_token"]))["scope"]).toBeUndefined();
  });

  it("takes the issuer's name and the alias of the endpoint as audience, alone or in a list", async () => {
    for (const aud of [
      server.url,
      `${server.url}/oauth2/token`,
      ["https://other.example", server.url],
    ]) {
      expect((await bring(await service.assertion({ aud }))).status).toBe(200);
    }
  });

  it("tries every key when the assertion names none", async () => {
    expect((await bring(await service.assertion({}, { header: { kid: undefined } }))).status).toBe(
      200,
    );
  });

  it("takes the secret in the Basic header", async () => {
    const basic = btoa(`service-client:${service.secret}`);
    const params = { grant_type: jwtBearer, assertion: await service.assertion() };
    const answer = await requestToken(server.url, params, { authorization: `Basic ${basic}` });
    expect(answer.status).toBe(200);
  });

  it("narrows what a person may not have, and says so", async () => {
    const assertion = await service.assertion({ sub: "support" });
    const { body } = await bring(assertion, { scope: "users.read users.contact admin" });
    expect(body["scope"]).toBe("users.read");
    expect(decodeJwt(String(body["access_token"]))).toMatchObject({
      sub: "support",
      scope: "users.read",
    });
  });

  const past = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;
  // Beside fosite's cases, which are in issuer-fosite-cases.test.ts.
  const rejected: readonly (readonly [string, () => ClaimChanges, () => Signing])[] = [
    ["without iss", () => ({ iss: undefined }), () => ({})],
    ["without sub", () => ({ sub: undefined }), () => ({})],
    ["of an unknown issuer", () => ({ iss: "stranger" }), () => ({})],
    ["about an unknown subject", () => ({ sub: "nobody" }), () => ({})],
    ["signed with HMAC", () => ({}), () => ({ key: new Uint8Array(32), header: { alg: "HS256" } })],
    ["without aud", () => ({ aud: undefined }), () => ({})],
    ["that has expired", () => ({ exp: past(6), iat: past(60) }), () => ({})],
    ["issued in the future", () => ({ iat: past(-60) }), () => ({})],
    ["that lived too long already", () => ({ iat: past(4_000) }), () => ({})],
  ];

  it.each(rejected)("refuses an assertion %s", async (_why, changes, signing) => {
    const { status, body } = await bring(await service.assertion(changes(), signing()));
    expect({ status, error: body["error"] }).toEqual({ status: 400, error: "invalid_grant" });
    expect(body["error_description"]).toEqual(expect.any(String));
  });

  it.each([
    ["garbage", "garbage"],
    [
      "an unsigned one",
      `${btoa('{"alg":"none"}')}.${btoa('{"iss":"service-client","sub":"service-client"}')}.`,
    ],
    ["three dots", "..."],
  ])("refuses %s", async (_what, assertion) => {
    expect((await bring(assertion)).body["error"]).toBe("invalid_grant");
  });

  it("takes an assertion once, also when it comes twenty times at once", async () => {
    const assertion = await service.assertion();
    const answers = await Promise.all(Array.from({ length: 20 }, () => bring(assertion)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const losers = answers.filter(({ status }) => status !== 200);
    expect(losers.every(({ body }) => body["error"] === "invalid_grant")).toBe(true);
  });

  it("does not use an assertion up when the scope is refused", async () => {
    const assertion = await service.assertion();
    for (const scope of ["nonsense", "email", "admin nonsense"]) {
      expect((await bring(assertion, { scope })).body["error"]).toBe("invalid_scope");
    }
    expect((await bring(assertion, { scope: "admin" })).status).toBe(200);
  });

  it("is not for other clients, other resources, or without the secret", async () => {
    const assertion = await service.assertion();
    const params = { grant_type: jwtBearer, assertion };
    const other = { ...params, client_id: "test-client", client_secret: "foobar" };
    expect((await requestToken(server.url, other)).body["error"]).toBe("unauthorized_client");
    const bare = { ...params, client_id: "service-client" };
    expect((await requestToken(server.url, bare)).status).toBe(401);
    const resource = { resource: "https://other.example/" };
    expect((await bring(assertion, resource)).body["error"]).toBe("invalid_target");
  });

  it("gives a rotating refresh token with offline_access", async () => {
    const { body } = await bring(await service.assertion(), { scope: "admin offline_access" });
    const renew = (token: unknown) =>
      service.request({ grant_type: "refresh_token", refresh_token: String(token) });
    const renewed = await renew(body["refresh_token"]);
    expect(renewed.body).toMatchObject({ scope: "admin", expires_in: 1800 });
    expect(decodeJwt(String(renewed.body["access_token"])).sub).toBe("service-client");
    expect((await renew(body["refresh_token"])).body["error"]).toBe("invalid_grant");
    expect((await renew(renewed.body["refresh_token"])).body["error"]).toBe("invalid_grant");
  });
});
