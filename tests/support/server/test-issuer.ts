import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { CryptoKey, JSONWebKeySet, JWK, JWTHeaderParameters, JWTPayload } from "jose";

/** A key pair that signs access tokens in tests. */
export interface TestKey {
  readonly id: string;
  readonly algorithm: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** The issuer and the audience that tests agree on. */
export const testIssuer = "https://issuer.example";
export const testAudience = "urn:test:users";

export async function createTestKey(id: string, algorithm = "ES256"): Promise<TestKey> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const publicJwk = { ...(await exportJWK(publicKey)), kid: id, alg: algorithm, use: "sig" };
  return { id, algorithm, privateKey, publicJwk };
}

/** The JWK Set of some keys. */
export function jwksOf(...keys: readonly TestKey[]): JSONWebKeySet {
  return { keys: keys.map((key) => key.publicJwk) };
}

/** Changes to a good token; `undefined` removes a claim or a header parameter. */
export interface TokenChanges {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** The claims of a good RFC 9068 access token at `nowMs`. */
export function goodClaims(nowMs: number): JWTPayload {
  const now = Math.floor(nowMs / 1000);
  return {
    iss: testIssuer,
    aud: testAudience,
    sub: "ada",
    client_id: "test-client",
    scope: "users.read",
    jti: "token-1",
    iat: now,
    exp: now + 300,
  };
}

/** A signed access token: good, but for the changes. */
export async function signToken(
  key: TestKey,
  { header = {}, claims = {} }: TokenChanges = {},
  nowMs: number = Date.now(),
): Promise<string> {
  const allClaims: JWTPayload = withChanges(goodClaims(nowMs), claims);
  const parameters: JWTHeaderParameters = withChanges(
    { alg: key.algorithm, kid: key.id, typ: "at+jwt" },
    header,
  );
  return await new SignJWT(allClaims).setProtectedHeader(parameters).sign(key.privateKey);
}

/** A JWS of any text, signed or not: `signature` is taken as it is. */
export function rawToken(header: unknown, payload: unknown, signature = "c2ln"): string {
  return `${encode(header)}.${encode(payload)}.${signature}`;
}

function encode(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return Buffer.from(text).toString("base64url");
}

function withChanges<T extends object>(base: T, changes: Readonly<Record<string, unknown>>): T {
  const changed = { ...base, ...changes };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) Reflect.deleteProperty(changed, name);
  }
  return changed;
}
