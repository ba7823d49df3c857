import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as send from "../support/foreign-clients.ts";
import type { ClientCredentials, SendTokenRequest } from "../support/foreign-clients.ts";
import { startIssuer } from "../support/issuer-server.ts";
import type { IssuerServer } from "../support/issuer-server.ts";
import { jwtBearer, loadServiceClient } from "../support/issuer-service-client.ts";
import type { ServiceClient } from "../support/issuer-service-client.ts";

const testClient = { id: "test-client", secret: "foobar" };

let server: IssuerServer;
let service: ServiceClient;
let serviceClient: ClientCredentials;
beforeAll(async () => {
  server = await startIssuer();
  service = await loadServiceClient(server);
  serviceClient = { id: "service-client", secret: service.secret };
});
afterEach(() => expect(server.failures).toEqual([]));
afterAll(() => server.stop());

const ways: readonly (readonly [string, SendTokenRequest])[] = [
  ["Go's x/oauth2, in the Basic header", send.goInHeader],
  ["Go's x/oauth2, in the body", send.goInParams],
  ["Go's x/oauth2, finding out which", send.goAutoDetect],
  ["curl -d", send.curlData],
  ["curl --data-urlencode", send.curlDataUrlencode],
  ["curl -u", send.curlUser],
  ["Ballerina, in the Basic header", send.ballerinaInHeader],
  ["Ballerina, in the body", send.ballerinaInBody],
];

describe.each(ways)("a token request byte for byte as of %s", (_name, request) => {
  it("by client credentials is answered", async () => {
    const params = { grant_type: "client_credentials", scope: "users.read" };
    const { status, body } = await request(server.url, testClient, params);
    expect(status).toBe(200);
    expect(body).toMatchObject({ scope: "users.read", expires_in: 1800, token_type: "Bearer" });
  });

  it("by JWT bearer and then by refresh token is answered", async () => {
    const scope = "admin offline_access";
    const assertion = await service.assertion();
    const first = await request(server.url, serviceClient, {
      grant_type: jwtBearer,
      assertion,
      scope,
    });
    expect(first.status).toBe(200);
    const renew = (token: unknown, more: Record<string, string>) =>
      request(server.url, serviceClient, {
        grant_type: "refresh_token",
        refresh_token: String(token),
        ...more,
      });
    // Go sends no scope, Ballerina the one that it began with.
    const second = await renew(first.body["refresh_token"], {});
    const third = await renew(second.body["refresh_token"], { scope });
    expect([second.status, third.status]).toEqual([200, 200]);
    expect(third.body["scope"]).toBe("admin");
    const claims = decodeJwt(String(third.body["access_token"]));
    expect(claims).toMatchObject({ sub: "service-client", scope: "admin" });
  });

  it("with a wrong secret is refused as such", async () => {
    const params = { grant_type: "client_credentials" };
    const wrong = await request(server.url, { ...testClient, secret: "foobaz" }, params);
    expect(wrong).toMatchObject({ status: 401, body: { error: "invalid_client" } });
  });
});

it("the secrets that the issuer makes are the same however they are encoded", () => {
  expect(service.secret).toMatch(/^[\w-]{43}$/);
});

describe("the command of the fosite how-to", () => {
  it("is answered as it stands", async () => {
    const params = { grant_type: "client_credentials" };
    const { body } = await send.curlData(server.url, testClient, params);
    expect(Object.keys(body).toSorted()).toEqual(["access_token", "expires_in", "token_type"]);
  });
});

describe("Go's x/oauth2, that does not know yet where the secret goes", () => {
  it("loses no refresh token when its first request fails", async () => {
    const scope = "admin offline_access";
    const assertion = await service.assertion();
    const { body } = await send.goInHeader(server.url, serviceClient, {
      grant_type: jwtBearer,
      assertion,
      scope,
    });
    const params = { grant_type: "refresh_token", refresh_token: String(body["refresh_token"]) };
    const wrong = { ...serviceClient, secret: "wrong" };
    expect((await send.goAutoDetect(server.url, wrong, params)).status).toBe(401);
    await trouble({ token: "unavailable" });
    expect((await send.goInHeader(server.url, serviceClient, params)).status).toBe(503);
    await trouble({ token: "ok" });
    expect((await send.goInParams(server.url, serviceClient, params)).status).toBe(200);
  });
});

describe("Ballerina's client, told to use HTTP/2", () => {
  it("is answered over HTTP/1.1, which it then goes on with", async () => {
    const assertion = await service.assertion();
    const params = { grant_type: jwtBearer, assertion, scope: "admin" };
    const { status, body } = await send.ballerinaWithHttp2(server.url, serviceClient, params);
    expect({ status, scope: body["scope"] }).toEqual({ status: 200, scope: "admin" });
  });
});

async function trouble(state: object): Promise<void> {
  await fetch(`${server.url}/demo/trouble`, { method: "POST", body: JSON.stringify(state) });
}

describe("a secret that somebody chose", () => {
  let other: IssuerServer;
  afterEach(async () => {
    expect(other.failures).toEqual([]);
    await other.stop();
  });

  /** An issuer whose service client has this secret. */
  async function startWith(secret: string): Promise<ClientCredentials> {
    const { dataDir, stop } = await startIssuer();
    await stop({ keepData: true });
    const path = join(dataDir, "service-client.json");
    const file: Record<string, string> = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(path, JSON.stringify({ ...file, client_secret: secret }));
    other = await startIssuer({ dataDir });
    return { id: "service-client", secret };
  }

  const rawBody = { "curl -d": 401, "Ballerina, in the body": 401 };
  const rawHeader = { "curl -u": 401, "Ballerina, in the Basic header": 401 };
  const unreadable = { "curl -u": 400, "Ballerina, in the Basic header": 400 };

  // RFC 6749 §2.3.1 form-encodes the secret in both places, so the issuer decodes it. Who does not encode it is
  // understood as long as decoding changes nothing; a "+" is then a space, and a "%" the begin of something else.
  it.each<readonly [string, Readonly<Record<string, number>>]>([
    ["a/b=c:d~e", {}],
    ["a+b", { ...rawBody, ...rawHeader }],
    ["p%41+ q", { ...rawBody, ...rawHeader }],
    ["100%", unreadable],
    ["a&b", rawBody],
  ])("is understood from everyone who can send it: %s", async (secret, expected) => {
    const client = await startWith(secret);
    const brought = await loadServiceClient(other);
    const refused: Record<string, number> = {};
    for (const [name, request] of ways) {
      const params = { grant_type: jwtBearer, assertion: await brought.assertion() };
      const { status } = await request(other.url, client, params);
      if (status !== 200) refused[name] = status;
    }
    expect(refused).toEqual(expected);
  });
});
