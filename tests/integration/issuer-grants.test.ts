import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeJwt, generateKeyPair, importPKCS8, SignJWT } from "jose";
import type { CryptoKey, JWTPayload } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createIssuerBrowser, requestToken } from "../support/issuer-browser.ts";
import { apiResource, startIssuer } from "../support/issuer-server.ts";
import type { IssuerServer } from "../support/issuer-server.ts";

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const tokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange";
const accessTokenType = "urn:ietf:params:oauth:token-type:access_token";

let server: IssuerServer;
let client: Record<string, string>;
let key: CryptoKey;
let otherKey: CryptoKey;
let used = 0;

beforeAll(async () => {
  server = await startIssuer();
  client = JSON.parse(readFileSync(join(server.dataDir, "service-client.json"), "utf8"));
  key = await importPKCS8(client["private_key"] ?? "", "ES256");
  otherKey = (await generateKeyPair("ES256")).privateKey;
});
afterEach(() => expect(server.failures).toEqual([]));
afterAll(() => server.stop());

const nowSeconds = () => Math.floor(Date.now() / 1000);

const goodClaims = (): JWTPayload => ({
  iss: "service-client",
  sub: "service-client",
  aud: `${server.url}/token`,
  iat: nowSeconds(),
  exp: nowSeconds() + 300,
  jti: `jti-${(used += 1)}`,
});

interface Signing {
  readonly header?: Record<string, unknown>;
  readonly key?: CryptoKey | Uint8Array;
}

const sign = (claims: JWTPayload, { header, key: signingKey = key }: Signing = {}) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: "ES256", kid: client["kid"] ?? "", ...header })
    .sign(signingKey);

type Changes = Readonly<Record<string, unknown>>;

const assertionWith = (changes: Changes, signing?: Signing) => {
  const claims = Object.entries({ ...goodClaims(), ...changes });
  return sign(Object.fromEntries(claims.filter(([, value]) => value !== undefined)), signing);
};

const asService = (params: Record<string, string>) =>
  requestToken(server.url, {
    client_id: "service-client",
    client_secret: client["client_secret"] ?? "",
    ...params,
  });

const bring = (assertion: string, params: Record<string, string> = {}) =>
  asService({ grant_type: jwtBearer, assertion, ...params });

describe("the JWT bearer grant", () => {
  it("gives a token about the subject, for the API and not for the assertion's audience", async () => {
    const { status, body } = await bring(await assertionWith({}), { scope: "admin users.read" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ expires_in: 1800, token_type: "Bearer" });
    expect(String(body["scope"]).split(" ").toSorted()).toEqual(["admin", "users.read"]);
    expect(body["refresh_token"]).toBeUndefined();
    const claims = decodeJwt(String(body["access_token"]));
    expect(claims).toMatchObject({ aud: apiResource, sub: "service-client" });
    expect(claims["client_id"]).toBe("service-client");
  });

  it("grants no scope when none is asked for", async () => {
    const { body } = await bring(await assertionWith({}));
    expect(body["scope"]).toBeUndefined();
    expect(decodeJwt(String(body["access_token"]))["scope"]).toBeUndefined();
  });

  it("takes the issuer's name and the alias of the endpoint as audience, alone or in a list", async () => {
    for (const aud of [
      server.url,
      `${server.url}/oauth2/token`,
      ["https://other.example", server.url],
    ]) {
      expect((await bring(await assertionWith({ aud }))).status).toBe(200);
    }
  });

  it("tries every key when the assertion names none", async () => {
    expect((await bring(await assertionWith({}, { header: { kid: undefined } }))).status).toBe(200);
  });

  it("takes the secret in the Basic header", async () => {
    const basic = btoa(`service-client:${client["client_secret"]}`);
    const params = { grant_type: jwtBearer, assertion: await assertionWith({}) };
    const answer = await requestToken(server.url, params, { authorization: `Basic ${basic}` });
    expect(answer.status).toBe(200);
  });

  it("narrows what a person may not have, and says so", async () => {
    const assertion = await assertionWith({ sub: "support" });
    const { body } = await bring(assertion, { scope: "users.read users.contact admin" });
    expect(body["scope"]).toBe("users.read");
    expect(decodeJwt(String(body["access_token"]))).toMatchObject({
      sub: "support",
      scope: "users.read",
    });
  });

  const past = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;
  const rejected: readonly (readonly [string, () => Changes, () => Signing])[] = [
    ["without iss", () => ({ iss: undefined }), () => ({})],
    ["with an empty iss", () => ({ iss: "" }), () => ({})],
    ["without sub", () => ({ sub: undefined }), () => ({})],
    ["of an unknown issuer", () => ({ iss: "stranger" }), () => ({})],
    ["about an unknown subject", () => ({ sub: "nobody" }), () => ({})],
    ["with an unknown key id", () => ({}), () => ({ header: { kid: "unknown" } })],
    ["signed with another key", () => ({}), () => ({ key: otherKey })],
    [
      "signed with another key, naming none",
      () => ({}),
      () => ({ key: otherKey, header: { kid: undefined } }),
    ],
    ["signed with HMAC", () => ({}), () => ({ key: new Uint8Array(32), header: { alg: "HS256" } })],
    ["without aud", () => ({ aud: undefined }), () => ({})],
    ["for someone else", () => ({ aud: "https://other.example/token" }), () => ({})],
    ["without exp", () => ({ exp: undefined }), () => ({})],
    ["that has expired", () => ({ exp: past(6), iat: past(60) }), () => ({})],
    ["that is not valid yet", () => ({ nbf: past(-60) }), () => ({})],
    ["without iat", () => ({ iat: undefined }), () => ({})],
    ["issued in the future", () => ({ iat: past(-60) }), () => ({})],
    ["that lives too long", () => ({ exp: past(-3_700) }), () => ({})],
    ["that lived too long already", () => ({ iat: past(4_000) }), () => ({})],
    ["without jti", () => ({ jti: undefined }), () => ({})],
    ["with an empty jti", () => ({ jti: "" }), () => ({})],
  ];

  it.each(rejected)("refuses an assertion %s", async (_why, changes, signing) => {
    const { status, body } = await bring(await assertionWith(changes(), signing()));
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

  it("refuses a request without an assertion", async () => {
    const { status, body } = await asService({ grant_type: jwtBearer });
    expect({ status, error: body["error"] }).toEqual({ status: 400, error: "invalid_request" });
  });

  it("takes an assertion once, also when it comes twenty times at once", async () => {
    const assertion = await assertionWith({});
    const answers = await Promise.all(Array.from({ length: 20 }, () => bring(assertion)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const losers = answers.filter(({ status }) => status !== 200);
    expect(losers.every(({ body }) => body["error"] === "invalid_grant")).toBe(true);
  });

  it("does not use an assertion up when the scope is refused", async () => {
    const assertion = await assertionWith({});
    for (const scope of ["nonsense", "email", "admin nonsense"]) {
      expect((await bring(assertion, { scope })).body["error"]).toBe("invalid_scope");
    }
    expect((await bring(assertion, { scope: "admin" })).status).toBe(200);
  });

  it("is not for other clients, other resources, or without the secret", async () => {
    const assertion = await assertionWith({});
    const params = { grant_type: jwtBearer, assertion };
    const other = { ...params, client_id: "test-client", client_secret: "foobar" };
    expect((await requestToken(server.url, other)).body["error"]).toBe("unauthorized_client");
    const bare = { ...params, client_id: "service-client" };
    expect((await requestToken(server.url, bare)).status).toBe(401);
    const resource = { resource: "https://other.example/" };
    expect((await bring(assertion, resource)).body["error"]).toBe("invalid_target");
  });

  it("gives a rotating refresh token with offline_access", async () => {
    const { body } = await bring(await assertionWith({}), { scope: "admin offline_access" });
    const renew = (token: unknown) =>
      asService({ grant_type: "refresh_token", refresh_token: String(token) });
    const renewed = await renew(body["refresh_token"]);
    expect(renewed.body).toMatchObject({ scope: "admin", expires_in: 1800 });
    expect(decodeJwt(String(renewed.body["access_token"])).sub).toBe("service-client");
    expect((await renew(body["refresh_token"])).body["error"]).toBe("invalid_grant");
    expect((await renew(renewed.body["refresh_token"])).body["error"]).toBe("invalid_grant");
  });
});

describe("token exchange", () => {
  const personToken = async (name: string) => {
    const { body } = await createIssuerBrowser(server.url).signIn(name);
    return String(body["access_token"]);
  };
  const exchange = (subjectToken: string, params: Record<string, string> = {}) =>
    asService({
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
    const own = await bring(await assertionWith({}));
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
    const foreign = await sign({ ...goodClaims(), iss: server.url, aud: apiResource });
    for (const token of ["garbage", String(body["id_token"]), foreign]) {
      expect((await exchange(token)).body["error"]).toBe("invalid_grant");
    }
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
    const bare = await asService({
      grant_type: tokenExchange,
      subject_token_type: accessTokenType,
    });
    expect(bare.body["error"]).toBe("invalid_request");
    const elsewhere = await exchange(subject, { audience: "https://other.example/" });
    expect(elsewhere.body["error"]).toBe("invalid_target");
  });
});
