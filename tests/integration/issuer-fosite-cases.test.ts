import { decodeJwt, generateKeyPair } from "jose";
import type { CryptoKey } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { verifyAssertion } from "../../src/backend/issuer/grants/verify-assertion.ts";
import { requestToken } from "../support/issuer-browser.ts";
import type { TokenAnswer } from "../support/issuer-browser.ts";
import { startIssuer } from "../support/issuer-server.ts";
import type { IssuerServer } from "../support/issuer-server.ts";
import { jwtBearer, loadServiceClient } from "../support/issuer-service-client.ts";
import type { ServiceClient } from "../support/issuer-service-client.ts";

const day = 86_400;

let server: IssuerServer;
let service: ServiceClient;
let stranger: CryptoKey;
beforeAll(async () => {
  server = await startIssuer();
  service = await loadServiceClient(server);
  stranger = (await generateKeyPair("ES256")).privateKey;
});
afterEach(() => expect(server.failures).toEqual([]));
afterAll(() => server.stop());

const now = () => Math.floor(Date.now() / 1000);
const bring: ServiceClient["bring"] = (...brought) => service.bring(...brought);
const claims = (changes: () => Record<string, unknown>, params?: Record<string, string>) => {
  return async () => await bring(await service.assertion(changes()), params);
};
const unnamed = { header: { kid: undefined } };

interface FositeCase {
  /** The name of the test in fosite's `handler/rfc7523/handler_test.go`. */
  readonly name: string;
  readonly request: () => Promise<TokenAnswer>;
  /** The error that fosite's test expects, in the words of RFC 6749; none for a success. */
  readonly fosite?: string;
  /** Ours, where it is another one; why is in docs/decisions.md. */
  readonly ours?: string;
}

/** All of fosite's cases but those that need a broken store, which are below. */
const cases: readonly FositeCase[] = [
  {
    name: "TestRequestWithInvalidGrantType",
    request: async () =>
      service.request({ grant_type: `${jwtBearer}2`, assertion: await service.assertion() }),
    fosite: "invalid_request",
    ours: "unsupported_grant_type",
  },
  {
    name: "TestClientIsNotRegisteredForGrantType",
    request: async () =>
      bring(await service.assertion(), { client_id: "test-client", client_secret: "foobar" }),
    fosite: "unauthorized_client",
  },
  {
    name: "TestRequestWithoutAssertion",
    request: () => service.request({ grant_type: jwtBearer }),
    fosite: "invalid_request",
  },
  {
    name: "TestRequestWithMalformedAssertion",
    request: () => bring("fjigjgfkjgkf"),
    fosite: "invalid_grant",
  },
  {
    name: "TestRequestAssertionWithoutIssuer",
    request: claims(() => ({ iss: "" })),
    fosite: "invalid_grant",
  },
  {
    name: "TestRequestAssertionWithoutSubject",
    request: claims(() => ({ sub: "" })),
    fosite: "invalid_grant",
  },
  {
    name: "TestNoMatchingPublicKeyToCheckAssertionSignature",
    request: async () => bring(await service.assertion({}, { header: { kid: "my_key" } })),
    fosite: "invalid_grant",
  },
  {
    name: "TestNoMatchingPublicKeysToCheckAssertionSignature",
    request: async () => bring(await service.assertion({ iss: "trusted_issuer" }, unnamed)),
    fosite: "invalid_grant",
  },
  {
    name: "TestWrongPublicKeyToCheckAssertionSignature",
    request: async () => bring(await service.assertion({}, { key: stranger })),
    fosite: "invalid_grant",
  },
  {
    name: "TestWrongPublicKeysToCheckAssertionSignature",
    request: async () => bring(await service.assertion({}, { ...unnamed, key: stranger })),
    fosite: "invalid_grant",
  },
  {
    name: "TestNoAudienceInAssertion",
    request: claims(() => ({ aud: [] })),
    fosite: "invalid_grant",
  },
  {
    name: "TestNotValidAudienceInAssertion",
    request: claims(() => ({ aud: ["leela", "fry"] })),
    fosite: "invalid_grant",
  },
  {
    name: "TestNoExpirationInAssertion",
    request: claims(() => ({ exp: undefined })),
    fosite: "invalid_grant",
  },
  {
    name: "TestExpiredAssertion",
    request: claims(() => ({ iat: now() - 31 * day, exp: now() - 30 * day })),
    fosite: "invalid_grant",
  },
  {
    name: "TestAssertionNotAcceptedBeforeDate",
    request: claims(() => ({ nbf: now() + 60 })),
    fosite: "invalid_grant",
  },
  {
    name: "TestAssertionWithoutRequiredIssueDate",
    request: claims(() => ({ iat: undefined })),
    fosite: "invalid_grant",
  },
  {
    name: "TestAssertionWithIssueDateFarInPast",
    request: claims(() => ({ iat: now() - 31 * day })),
    fosite: "invalid_grant",
  },
  {
    name: "TestAssertionWithExpirationDateFarInFuture",
    request: claims(() => ({ iat: now(), exp: now() + 3_700 })),
    fosite: "invalid_grant",
  },
  {
    name: "TestAssertionWithExpirationDateFarInFutureWithNoIssuerDate",
    request: claims(() => ({ iat: undefined, exp: now() + 31 * day })),
    fosite: "invalid_grant",
  },
  {
    name: "TestAssertionWithoutRequiredTokenID",
    request: claims(() => ({ jti: "" })),
    fosite: "invalid_grant",
  },
  {
    name: "TestAssertionAlreadyUsed",
    request: async () => {
      const assertion = await service.assertion();
      expect((await bring(assertion)).status).toBe(200);
      return bring(assertion);
    },
    fosite: "jti_known",
    ours: "invalid_grant",
  },
  {
    name: "TestAssertionWithInvalidScopes",
    request: claims(() => ({}), { scope: "some_scope" }),
    fosite: "invalid_scope",
  },
  { name: "TestValidAssertion", request: claims(() => ({}), { scope: "users.read" }) },
  { name: "TestAssertionIsValidWhenNoScopesPassed", request: claims(() => ({})) },
  {
    name: "TestAssertionIsValidWhenJWTIDIsOptional",
    request: claims(() => ({ jti: undefined })),
    ours: "invalid_grant",
  },
  {
    name: "TestAssertionIsValidWhenJWTIssuedDateOptional",
    request: claims(() => ({ iat: undefined })),
    ours: "invalid_grant",
  },
  {
    name: "TestRequestIsValidWhenClientAuthOptional",
    request: async () =>
      requestToken(server.url, { grant_type: jwtBearer, assertion: await service.assertion() }),
    ours: "invalid_request",
  },
];

describe("fosite's cases of the JWT bearer grant", () => {
  it.each(cases)("$name", async ({ request, fosite, ours }) => {
    const { status, body } = await request();
    expect(body["error"]).toBe(ours ?? fosite);
    expect(status).toBe(body["error"] === undefined ? 200 : 400);
    expect(typeof body["access_token"]).toBe(status === 200 ? "string" : "undefined");
  });

  it.each(["TestErrWhenCheckingIfJWTWasUsed", "TestErrWhenMarkingJWTAsUsed"])(
    "%s (one statement does both)",
    async () => {
      const broken = await startIssuer();
      const client = await loadServiceClient(broken);
      const params = { grant_type: jwtBearer, assertion: await client.assertion() };
      broken.database.exec("PRAGMA query_only = ON");
      const refused = await client.request(params);
      expect(refused).toMatchObject({ status: 500, body: { error: "server_error" } });
      expect(refused.body["access_token"]).toBeUndefined();
      expect(JSON.stringify(refused.body)).not.toMatch(/sqlite|readonly/i);
      expect(broken.failures).toHaveLength(1);
      broken.database.exec("PRAGMA query_only = OFF");
      expect((await client.request(params)).status).toBe(200);
      await broken.stop();
    },
  );

  it("TestErrWhileFetchingPublicKeyScope (keys and scopes are one look-up)", async () => {
    const failure = new Error("the trust store cannot be read");
    const find = () => {
      throw failure;
    };
    const rules = { trust: { find }, audiences: [server.url], nowMs: Date.now };
    await expect(verifyAssertion(rules, await service.assertion())).rejects.toBe(failure);
  });

  it("TestAccessTokenIssuedSuccessfully", async () => {
    const { body } = await bring(await service.assertion());
    expect(Object.keys(body).toSorted()).toEqual(["access_token", "expires_in", "token_type"]);
    expect(String(body["token_type"]).toLowerCase()).toBe("bearer");
    expect(body["expires_in"]).toBe(1800);
  });

  it("TestAccessTokenIssuedSuccessfullyWithCustomLifespan", async () => {
    const other = await startIssuer({ accessTokenTtlSeconds: 42 });
    const client = await loadServiceClient(other);
    const params = { grant_type: jwtBearer, assertion: await client.assertion() };
    const { body } = await client.request(params);
    expect(body["expires_in"]).toBe(42);
    const { iat = 0, exp } = decodeJwt(String(body["access_token"]));
    expect(exp).toBe(iat + 42);
    await other.stop();
  });
});
