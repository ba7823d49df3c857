import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-node";
import { expect } from "vitest";
import { UserService } from "../../../src/gen/user/v1/user_service_pb.ts";
import {
  AuthError,
  createAuthInterceptor,
  createTokenSource,
} from "../../../src/lib/core/index.ts";
import { clientCredentials } from "../../../src/lib/grants/index.ts";
import { createTokenGate } from "../../../src/lib/server/index.ts";
import type { TokenGate, TokenProfileName } from "../../../src/lib/server/index.ts";
import { enter } from "../../support/server/gate-call.ts";
import { refusalOf } from "../../support/server/refusals.ts";
import { decodeToken, shapeOf } from "../support/decoded-token.ts";
import type { DecodedToken } from "../support/decoded-token.ts";
import type { Feature } from "../support/peer.ts";
import { audience } from "../support/user-service.ts";
import { createAdmin } from "./admin.ts";
import { createPerson } from "./authorization.ts";
import type { Stand } from "./stand.ts";

/** What services get from Keycloak, and what our token gate makes of it. */
export function serviceFeatures(stand: () => Stand, feature: Feature): void {
  const testClient = (scopes: readonly string[] = ["users.read"], clientSecret = "foobar") =>
    clientCredentials({
      issuer: stand().keycloak.issuer,
      clientId: "test-client",
      clientSecret,
      scopes,
    });
  const serviceToken = async (scopes?: readonly string[]): Promise<string> => {
    const answer = await testClient(scopes)({ signal: AbortSignal.timeout(20_000) });
    return answer.accessToken.value;
  };
  const personTokens = async () =>
    (await createPerson(stand().keycloak, stand().siteOrigin, "support").signIn()).body;
  const gate = (profile: TokenProfileName | undefined = "keycloak", name = audience): TokenGate =>
    createTokenGate({
      issuers: [{ issuer: stand().keycloak.issuer, ...(profile !== undefined && { profile }) }],
      audience: name,
      services: [UserService],
      // The tokens live for ten seconds, which a busy machine needs to make a key.
      clockSkewSeconds: 300,
    });
  const refuse = (at: TokenGate, token: unknown) => refusalOf(enter(at, `Bearer ${String(token)}`));

  feature(
    "`clientCredentials` gets a token for the UserService, and a call with it works",
    async () => {
      const interceptor = createAuthInterceptor({
        tokenSource: createTokenSource(testClient()),
        origins: [stand().users.url],
      });
      const transport = createGrpcWebTransport({
        baseUrl: stand().users.url,
        httpVersion: "1.1",
        interceptors: [interceptor],
      });
      const user = await createClient(UserService, transport).getUser({ userId: "user123" });
      expect(user.name).toBe("Ada Lovelace");
    },
  );

  feature(
    "a wrong secret and a scope that the client does not have are misconfigurations",
    async () => {
      const signal = AbortSignal.timeout(20_000);
      const wrong = await testClient(["users.read"], "wrong")({ signal }).catch(AuthError.from);
      expect(wrong).toMatchObject({
        code: "misconfigured",
        details: { oauthError: "unauthorized_client" },
      });
      const unknown = await testClient(["nope"])({ signal }).catch(AuthError.from);
      expect(unknown).toMatchObject({
        code: "misconfigured",
        details: { oauthError: "invalid_scope" },
      });
    },
    {
      deviation:
        "Keycloak answers a wrong secret with `unauthorized_client` where RFC 6749, section 5.2, has `invalid_client`. Both are misconfigurations to us.",
    },
  );

  feature("the token gate lets in with the profile `keycloak`, services and people", async () => {
    await expect(enter(gate(), `Bearer ${await serviceToken()}`)).resolves.toMatchObject({
      issuer: stand().keycloak.issuer,
      clientId: "test-client",
      scopes: ["users.read"],
    });
    const { access_token: token } = await personTokens();
    await expect(enter(gate(), `Bearer ${String(token)}`)).resolves.toMatchObject({
      clientId: "user-lookup",
      acr: "pwd",
      authTime: expect.any(Number),
    });
  });

  feature(
    "the token gate without a profile refuses Keycloak's tokens",
    async () => {
      const strict = createTokenGate({
        issuers: [{ issuer: stand().keycloak.issuer }],
        audience,
        services: [UserService],
      });
      expect(await refuse(strict, await serviceToken())).toMatchObject({
        reason: "ACCESS_TOKEN_INVALID",
      });
    },
    {
      deviation:
        "Keycloak's access tokens say `typ: JWT` and name the client `azp`, where RFC 9068 has `at+jwt` and `client_id`. Trust it with `profile: \"keycloak\"`, which tells access tokens from others by Keycloak's own claim `typ`.",
    },
  );

  feature("the token gate refuses a token for another API", async () => {
    expect(await refuse(gate("keycloak", "urn:other"), await serviceToken())).toMatchObject({
      code: "Unauthenticated",
      reason: "ACCESS_TOKEN_AUDIENCE_MISMATCH",
    });
    // Without our scope there is no audience at all.
    expect(await refuse(gate(), await serviceToken([]))).toMatchObject({
      reason: "ACCESS_TOKEN_AUDIENCE_MISMATCH",
    });
  });

  feature(
    "the token gate refuses ID tokens and refresh tokens, whatever their audience",
    async () => {
      const { id_token: idToken, refresh_token: refreshToken } = await personTokens();
      const forClient = gate("keycloak", "user-lookup");
      const forRealm = gate("keycloak", stand().keycloak.issuer);
      expect(await refuse(forClient, idToken)).toMatchObject({ reason: "ACCESS_TOKEN_INVALID" });
      expect(await refuse(forRealm, refreshToken)).toMatchObject({
        reason: "ACCESS_TOKEN_INVALID",
      });
    },
  );

  feature("the token gate denies a token without the method's scope", async () => {
    const token = await serviceToken();
    const { getUserContact: method } = UserService.method;
    const refused = await refusalOf(enter(gate(), `Bearer ${token}`, { method }));
    expect(refused).toMatchObject({
      code: "PermissionDenied",
      reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    });
  });

  feature(
    "a method that demands an `acr` gets it by a step-up at Keycloak (RFC 9470)",
    async () => {
      const demanding = createTokenGate({
        issuers: [{ issuer: stand().keycloak.issuer, profile: "keycloak" }],
        audience,
        services: [UserService],
        rules: { "user.v1.UserService/GetUser": { acrValues: ["mfa"] } },
      });
      const person = createPerson(stand().keycloak, stand().siteOrigin, "support");
      const before = await person.signIn();
      expect(await refuse(demanding, before.body["access_token"])).toMatchObject({
        challenge: expect.stringContaining('acr_values="mfa"'),
      });
      const { body } = await person.signIn({ acr_values: "mfa" });
      const entered = enter(demanding, `Bearer ${String(body["access_token"])}`);
      await expect(entered).resolves.toMatchObject({ acr: "mfa" });
    },
  );

  feature("a new signing key is found without a failed call", async () => {
    const before = gate();
    const old = await serviceToken();
    await enter(before, `Bearer ${old}`);
    await (await createAdmin(stand().keycloak)).rotateSigningKey();
    const fresh = await serviceToken();
    expect(decodeToken(fresh).header).not.toEqual(decodeToken(old).header);
    await expect(enter(before, `Bearer ${fresh}`)).resolves.toBeDefined();
    await expect(enter(before, `Bearer ${old}`)).resolves.toBeDefined();
  });

  feature("the profile's fixtures have the headers and the claims of real tokens", async () => {
    const person = await personTokens();
    const real: Readonly<Record<string, unknown>> = {
      keycloak: person["access_token"],
      "keycloak-id": person["id_token"],
      "keycloak-refresh": person["refresh_token"],
      "keycloak-service": await serviceToken(),
    };
    for (const [name, token] of Object.entries(real)) {
      expect(shapeOf(decodeToken(String(token)))).toEqual(shapeOf(await fixture(name)));
    }
  });
}

async function fixture(name: string): Promise<DecodedToken> {
  const folder = join(import.meta.dirname, "../../unit/lib/server/fixtures");
  return JSON.parse(await readFile(join(folder, `${name}.json`), "utf8")) as DecodedToken;
}
