import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from "jose";
import type { CryptoKey } from "jose";
import { afterAll, beforeAll, expect } from "vitest";
import { UserService } from "../../src/gen/user/v1/user_service_pb.ts";
import { createTokenSource } from "../../src/lib/core/index.ts";
import { clientCredentials, jwtBearer, refreshToken } from "../../src/lib/grants/index.ts";
import { createTokenGate } from "../../src/lib/server/index.ts";
import { startIssuer } from "../support/issuer-server.ts";
import { enter } from "../support/server/gate-call.ts";
import { refusalOf } from "../support/server/refusals.ts";
import { signInAt } from "./fosite/person.ts";
import { findFosite, startFosite } from "./fosite/programs.ts";
import type { FositeProvider } from "./fosite/programs.ts";
import { api, askWithCurl, exchange, failure, gateFor } from "./fosite/requests.ts";
import { decodeToken, shapeOf } from "./support/decoded-token.ts";
import type { DecodedToken } from "./support/decoded-token.ts";
import { describePeer } from "./support/peer.ts";

const testClient = { clientId: "test-client", clientSecret: "foobar" };

await describePeer({ name: "fosite", find: findFosite }, (found, feature) => {
  let folder = "";
  let assertionKey: CryptoKey;
  let howTo: FositeProvider;
  let grants: FositeProvider;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "fosite-"));
    const pair = await generateKeyPair("ES256");
    assertionKey = pair.privateKey;
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: "assertions", alg: "ES256" };
    await writeFile(join(folder, "key.json"), JSON.stringify(jwk));
    howTo = await startFosite(found.howTo);
    grants = await startFosite(found.grants, "-assertion-key", join(folder, "key.json"));
  });
  afterAll(async () => {
    await Promise.all([howTo.stop(), grants.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  feature("the how-to's program answers the how-to's command", async () => {
    const answer = await askWithCurl(howTo.url);
    expect(answer).toMatchObject({ scope: "", token_type: "bearer" });
    expect(answer["expires_in"]).toBeOneOf([1799, 1800]);
    expect(decodeProtectedHeader(String(answer["access_token"]))).toMatchObject({ alg: "RS256" });
  });

  feature(
    "our issuer answers the how-to's command",
    async () => {
      const issuer = await startIssuer();
      const answer = await askWithCurl(issuer.url);
      await issuer.stop();
      expect(answer).toMatchObject({ expires_in: 1800, token_type: "Bearer" });
      expect(Object.keys(answer).toSorted()).toEqual(["access_token", "expires_in", "token_type"]);
      expect(decodeProtectedHeader(String(answer["access_token"]))).toMatchObject({ alg: "RS256" });
    },
    {
      deviation:
        'fosite writes `"scope": ""` where no scope was asked for and the type in small letters; our issuer leaves the empty scope out and writes `Bearer`. RFC 6749, section 5.1, allows both.',
    },
  );

  feature("`clientCredentials` gets a token from the how-to's program", async () => {
    const tokenUrl = `${howTo.url}/token`;
    const source = createTokenSource(clientCredentials({ tokenUrl, ...testClient }));
    const asked = Date.now();
    const token = await source.getToken();
    expect(token).toMatchObject({ type: "Bearer", scopes: [] });
    expect((token.expiresAt - asked) / 60_000).toBeCloseTo(30, 0);
  });

  feature("a wrong secret and a scope that is not the client's are misconfigurations", async () => {
    const tokenUrl = `${howTo.url}/token`;
    const wrong = clientCredentials({ tokenUrl, ...testClient, clientSecret: "wrong" });
    await expect(failure(wrong)).resolves.toMatchObject({
      code: "misconfigured",
      details: { oauthError: "invalid_client" },
    });
    const scoped = clientCredentials({ tokenUrl, ...testClient, scopes: ["users.read"] });
    await expect(failure(scoped)).resolves.toMatchObject({
      code: "misconfigured",
      details: { oauthError: "invalid_scope" },
    });
  });

  feature(
    "the token gate refuses the tokens of the how-to's program",
    async () => {
      const gate = gateFor(howTo.url);
      const answer = await askWithCurl(howTo.url);
      const refused = await refusalOf(enter(gate, `Bearer ${String(answer["access_token"])}`));
      expect(refused.code).toBe("Unauthenticated");
      expect(decodeJwt(String(answer["access_token"]))).not.toHaveProperty("iss");
    },
    {
      deviation:
        "The how-to's tokens name no issuer, no subject, no client and no audience, so nobody can tell whose they are and what for. Set `AccessTokenIssuer`, grant an audience, and put subject and `client_id` into the session, as `tests/interop/fosite/grants` does.",
    },
  );

  feature("the token gate lets in a service with the profile `fosite`", async () => {
    const token = await serviceToken("test-client", ["users.read"]);
    await expect(enter(gateFor(grants.url), `Bearer ${token}`)).resolves.toMatchObject({
      issuer: grants.url,
      subject: "test-client",
      clientId: "test-client",
      scopes: ["users.read"],
    });
  });

  feature("the profile's fixture has the header and the claims of a real token", async () => {
    const path = join(import.meta.dirname, "../unit/lib/server/fixtures/fosite.json");
    const fixture: DecodedToken = JSON.parse(await readFile(path, "utf8"));
    const token = await serviceToken("test-client", ["users.read"]);
    expect(shapeOf(decodeToken(token))).toEqual(shapeOf(fixture));
  });

  feature("the token gate refuses a token for another API", async () => {
    const token = await serviceToken("other-client", ["users.read"]);
    const refused = await refusalOf(enter(gateFor(grants.url), `Bearer ${token}`));
    expect(refused).toMatchObject({
      code: "Unauthenticated",
      reason: "ACCESS_TOKEN_AUDIENCE_MISMATCH",
    });
  });

  feature("the token gate denies a token without the method's scope", async () => {
    const token = await serviceToken("test-client", undefined);
    const refused = await refusalOf(enter(gateFor(grants.url), `Bearer ${token}`));
    expect(refused).toMatchObject({
      code: "PermissionDenied",
      reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    });
  });

  feature("without a profile the token gate refuses its tokens", async () => {
    const gate = createTokenGate({
      issuers: [{ issuer: grants.url, jwksUri: `${grants.url}/jwks` }],
      audience: api,
      services: [UserService],
    });
    const token = await serviceToken("test-client", ["users.read"]);
    const refused = await refusalOf(enter(gate, `Bearer ${token}`));
    expect(refused).toMatchObject({ code: "Unauthenticated", reason: "ACCESS_TOKEN_INVALID" });
  });

  feature("`createBrowserSession` signs a person in, and the token gate knows them", async () => {
    const { session } = await signInAt(grants.url);
    const { value } = await session.getToken();
    session.close();
    expect(session.getSnapshot()).toMatchObject({ state: "signed-in", subject: "support" });
    await expect(enter(gateFor(grants.url), `Bearer ${value}`)).resolves.toMatchObject({
      subject: "support",
      clientId: "user-lookup",
    });
  });

  feature("the token gate takes no ID token, even where its audience is the API's", async () => {
    const { session, exchanges } = await signInAt(grants.url);
    session.close();
    const idToken = String(exchanges[0]?.answer["id_token"]);
    expect(decodeProtectedHeader(idToken).typ).toBe("JWT");
    const refused = await refusalOf(enter(gateFor(grants.url, "user-lookup"), `Bearer ${idToken}`));
    expect(refused).toMatchObject({ code: "Unauthenticated", reason: "ACCESS_TOKEN_INVALID" });
  });

  feature("`refreshToken` uses each refresh token once and keeps the next", async () => {
    const rotated: string[] = [];
    const grant = await personalGrant((token) => void rotated.push(token));
    const first = await exchange(grant);
    const second = await exchange(grant);
    expect(new Set(rotated).size).toBe(2);
    expect(first.accessToken.value).not.toBe(second.accessToken.value);
    expect(second.accessToken.scopes).toEqual(["openid", "offline_access", "users.read"]);
  });

  feature(
    "a refresh token that is used twice ends the session",
    async () => {
      const { session, exchanges } = await signInAt(grants.url);
      session.close();
      const stolen = String(exchanges[0]?.answer["refresh_token"]);
      const owner = refreshGrant(stolen);
      await exchange(owner);
      const thief = await failure(refreshGrant(stolen));
      expect(thief).toMatchObject({
        code: "interaction-required",
        details: { oauthError: "invalid_grant" },
      });
      await expect(failure(owner)).resolves.toMatchObject({ code: "interaction-required" });
    },
    {
      deviation:
        "fosite's example store forgives no second use. Where the answer of a refresh is lost on the way, the person must sign in again. Hydra has a grace period (`oauth2.grant.refresh_token.rotation_grace_period`); set it to a few seconds.",
    },
  );

  feature(
    "`jwtBearer` gets a token that the token gate lets in",
    async () => {
      const tokenUrl = `${grants.url}/token`;
      const grant = jwtBearer({
        tokenUrl,
        clientId: "service-client",
        clientSecret: "foobar",
        scopes: ["users.read"],
        assertion: () => assertion(tokenUrl),
      });
      const { accessToken } = await exchange(grant);
      const authorization = `Bearer ${accessToken.value}`;
      await expect(enter(gateFor(grants.url), authorization)).resolves.toMatchObject({
        subject: "service-client",
        scopes: ["users.read"],
      });
      expect(decodeJwt(accessToken.value).aud).toContain(tokenUrl);
      await expect(exchange(grant)).resolves.toMatchObject({ accessToken: { type: "Bearer" } });
    },
    {
      deviation:
        "fosite copies the assertion's audience, which is its own token endpoint, into the access token. The token gate looks for its own name in `aud`, so grant the API's audience as well.",
    },
  );

  feature(
    "an assertion that is used twice gets no second token",
    async () => {
      const tokenUrl = `${grants.url}/token`;
      const client = { tokenUrl, clientId: "service-client", clientSecret: "foobar" };
      const fixed = await assertion(tokenUrl);
      const grant = jwtBearer({ ...client, assertion: fixed });
      await exchange(grant);
      await expect(failure(grant)).resolves.toMatchObject({ code: "misconfigured" });
      await expect(failure(jwtBearer({ ...client, assertion: fixed }))).resolves.toMatchObject({
        code: "misconfigured",
        details: { oauthError: "jti_known" },
      });
    },
    {
      deviation:
        "fosite answers `jti_known`, which RFC 6749, section 5.2, does not know; our issuer answers `invalid_grant`. Ours fails at once with either. Pass `jwtBearer` a function, so that each exchange has an assertion of its own.",
    },
  );

  async function serviceToken(clientId: string, scopes: readonly string[] | undefined) {
    const client = { clientId, clientSecret: "foobar", issuer: grants.url };
    const grant = clientCredentials(scopes === undefined ? client : { ...client, scopes });
    return (await exchange(grant)).accessToken.value;
  }

  function refreshGrant(token: string, onRotated: (token: string) => void = () => undefined) {
    const client = { issuer: grants.url, clientId: "user-lookup" };
    return refreshToken({ ...client, refreshToken: token, onRotated });
  }

  async function personalGrant(onRotated: (token: string) => void) {
    const { session, exchanges } = await signInAt(grants.url);
    session.close();
    return refreshGrant(String(exchanges[0]?.answer["refresh_token"]), onRotated);
  }

  function assertion(audience: string): Promise<string> {
    return new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: "ES256", kid: "assertions" })
      .setIssuer("service-client")
      .setSubject("service-client")
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(assertionKey);
  }
});
