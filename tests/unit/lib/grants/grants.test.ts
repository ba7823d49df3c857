import { generateKeyPair } from "jose";
import { describe, expect, it } from "vitest";
import { AuthError, createTokenSource } from "../../../../src/lib/core/index.ts";
import { clientCredentials, jwtBearer, tokenExchange } from "../../../../src/lib/grants/index.ts";
import {
  createFakeTokenEndpoint,
  json,
  tokenAnswer,
} from "../../../support/fake-token-endpoint.ts";

const tokenUrl = "https://issuer.example/token";

function setUp(replies = [tokenAnswer()]) {
  const { fetch, clock, sent } = createFakeTokenEndpoint(replies);
  const client = { tokenUrl, clientId: "svc", clientSecret: "foobar", fetch, clock };
  return { client, sent, clock };
}

const request = () => ({ signal: new AbortController().signal });

describe("clientCredentials", () => {
  it("sends what RFC 6749, section 4.4, asks for", async () => {
    const { client, sent } = setUp();
    await clientCredentials({ ...client, scopes: ["a", "b"], resource: "urn:api" })(request());
    expect(Object.fromEntries(sent[0]?.body ?? [])).toEqual({
      grant_type: "client_credentials",
      scope: "a b",
      resource: "urn:api",
    });
  });

  it("lets a call ask for other scopes", async () => {
    const { client, sent } = setUp();
    await clientCredentials({ ...client, scopes: ["a"] })({ ...request(), scopes: ["b"] });
    expect(sent[0]?.body.get("scope")).toBe("b");
  });

  it("authenticates by a signed assertion with a private key (RFC 7523, section 2.2)", async () => {
    const { client, sent } = setUp();
    const { privateKey } = await generateKeyPair("RS256");
    const { clientSecret: _, ...keyed } = client;
    await clientCredentials({ ...keyed, privateKey: { key: privateKey, kid: "k1" } })(request());
    expect(sent[0]?.body.get("client_assertion_type")).toMatch(/jwt-bearer$/);
    expect(sent[0]?.body.has("client_secret")).toBe(false);
  });

  it("says which option a client authentication lacks", () => {
    const options = { tokenUrl, clientId: "svc", clientAuthentication: "private_key_jwt" } as const;
    expect(() => clientCredentials(options)).toThrow(/privateKey/);
  });
});

describe("jwtBearer", () => {
  const urn = "urn:ietf:params:oauth:grant-type:jwt-bearer";

  it("mints a fresh assertion for every exchange", async () => {
    const { client, sent } = setUp();
    let minted = 0;
    const grant = jwtBearer({ ...client, assertion: () => `assertion-${++minted}` });
    await grant(request());
    await grant(request());
    expect(sent.map(({ body }) => [body.get("grant_type"), body.get("assertion")])).toEqual([
      [urn, "assertion-1"],
      [urn, "assertion-2"],
    ]);
  });

  it("goes on by refresh token when a fixed assertion brought one", async () => {
    const { client, sent, clock } = setUp([
      tokenAnswer({ refresh_token: "rt-1" }),
      tokenAnswer({ access_token: "at-2", refresh_token: "rt-2" }),
      tokenAnswer({ access_token: "at-3" }),
    ]);
    const source = createTokenSource(jwtBearer({ ...client, assertion: "once" }), { clock });
    for (let exchange = 0; exchange < 3; exchange++) {
      await source.getToken();
      await clock.advance(60_000);
    }
    expect(sent.map(({ body }) => body.get("assertion") ?? body.get("refresh_token"))).toEqual([
      "once",
      "rt-1",
      "rt-2",
    ]);
  });

  it("sends a fixed assertion once, although two kinds of token are asked for together", async () => {
    const { client, sent, clock } = setUp([tokenAnswer({ refresh_token: "rt-1" })]);
    const source = createTokenSource(jwtBearer({ ...client, assertion: "once" }), { clock });
    await Promise.all([source.getToken({ scopes: ["a"] }), source.getToken({ scopes: ["b"] })]);
    expect(sent.map(({ body }) => body.get("assertion") ?? body.get("refresh_token"))).toEqual([
      "once",
      "rt-1",
    ]);
  });

  it("says in words that a fixed assertion is spent", async () => {
    const { client, sent } = setUp();
    const grant = jwtBearer({ ...client, assertion: "once" });
    await grant(request());
    await expect(grant(request())).rejects.toMatchObject({
      code: "misconfigured",
      message: expect.stringContaining("used already"),
    });
    expect(sent).toHaveLength(1);
  });

  it("may use a fixed assertion again when the issuer refused for another reason", async () => {
    const { client, sent } = setUp([json({}, 503), tokenAnswer()]);
    const grant = jwtBearer({ ...client, assertion: "once" });
    await expect(grant(request())).rejects.toBeInstanceOf(AuthError);
    await grant(request());
    expect(sent).toHaveLength(2);
  });
});

describe("tokenExchange", () => {
  it("sends what RFC 8693, section 2.1, asks for, with the token of the moment", async () => {
    const { client, sent } = setUp();
    const grant = tokenExchange({
      ...client,
      subjectToken: async () => "caller",
      actorToken: "me",
      audience: "api",
    });
    await grant(request());
    expect(Object.fromEntries(sent[0]?.body ?? [])).toEqual({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: "caller",
      subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
      actor_token: "me",
      actor_token_type: "urn:ietf:params:oauth:token-type:access_token",
      audience: "api",
      requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
    });
  });

  it("leaves the actor out when there is none", async () => {
    const { client, sent } = setUp();
    await tokenExchange({ ...client, subjectToken: "caller" })(request());
    expect(sent[0]?.body.has("actor_token_type")).toBe(false);
  });
});
