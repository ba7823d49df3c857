import { createHmac } from "node:crypto";
import { exportSPKI, importJWK } from "jose";
import type { GateEvent } from "../../../src/lib/server/index.ts";
import { goodClaims, rawToken, signToken, testAudience, testIssuer } from "./test-issuer.ts";
import type { TestKey, TokenChanges } from "./test-issuer.ts";

/** The keys a defect is made with. */
export interface DefectKeys {
  /** Trusted by the gate. */
  readonly trusted: TestKey;
  /** Says the same `kid` as the trusted one, and is another key. */
  readonly impostor: TestKey;
  /** Known to nobody. */
  readonly stranger: TestKey;
  /** Trusted, of an algorithm that is not on the list. */
  readonly unlisted: TestKey;
}

type Check = Extract<GateEvent, { type: "refused" }>["check"];

/** One way in which a call does not deserve to be let in. */
export interface Defect {
  readonly name: string;
  /** The value of the `Authorization` header. */
  readonly authorization: (keys: DefectKeys) => string | undefined | Promise<string>;
  /** What the gate found; for its operator. */
  readonly check: Check;
  /** `invalid_token` when nothing else is said. */
  readonly code?: string;
  readonly reason?: string;
  /** What follows the realm in the challenge; `null`: no challenge. */
  readonly challenge?: string | null;
  /** Which gate; see the matrix. */
  readonly gate?: "step-up" | "without keys";
}

const now = (): number => Math.floor(Date.now() / 1000);
const changed = (changes: TokenChanges) => async (keys: DefectKeys) =>
  `Bearer ${await signToken(keys.trusted, changes)}`;
const unsupported = {
  check: "header",
  reason: "ACCESS_TOKEN_TYPE_UNSUPPORTED",
  challenge: ', error="invalid_request"',
} as const;
const expired = {
  check: "exp",
  reason: "ACCESS_TOKEN_EXPIRED",
  challenge: ', error="invalid_token", error_description="The access token expired"',
} as const;
const wrongAudience = { check: "aud", reason: "ACCESS_TOKEN_AUDIENCE_MISMATCH" } as const;
const scopeMissing = {
  check: "scope",
  code: "PermissionDenied",
  reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
  challenge: ', error="insufficient_scope", scope="users.read"',
} as const;
const tooWeak = {
  gate: "step-up",
  reason: "INSUFFICIENT_USER_AUTHENTICATION",
  challenge: ', error="insufficient_user_authentication", acr_values="phr phrh", max_age="300"',
} as const;

const headerDefects: readonly Defect[] = [
  {
    name: "no credentials",
    authorization: () => undefined,
    check: "header",
    reason: "CREDENTIALS_MISSING",
    challenge: "",
  },
  { name: "another scheme", authorization: () => "Basic dGVzdDpmb29iYXI=", ...unsupported },
  {
    name: "a DPoP token",
    authorization: async ({ trusted }) => `DPoP ${await signToken(trusted)}`,
    ...unsupported,
  },
  { name: "a scheme without a token", authorization: () => "Bearer", ...unsupported },
  {
    name: "a token without a scheme",
    authorization: async ({ trusted }) => await signToken(trusted),
    ...unsupported,
  },
  {
    name: "two tokens in one header",
    authorization: async ({ trusted }) => {
      const token = await signToken(trusted);
      return `Bearer ${token}, Bearer ${token}`;
    },
    ...unsupported,
  },
];

const formatDefects: readonly Defect[] = [
  { name: "a token that is no JWT", authorization: () => "Bearer b3BhcXVl", check: "format" },
  {
    name: "a token of two parts",
    authorization: async ({ trusted }) =>
      `Bearer ${(await signToken(trusted)).split(".").slice(0, 2).join(".")}`,
    check: "format",
  },
  {
    name: "a token of five parts",
    authorization: async ({ trusted }) => `Bearer ${await signToken(trusted)}.YQ.Yg`,
    check: "format",
  },
  {
    name: "a header that is no JSON",
    authorization: () => `Bearer ${rawToken("{", goodClaims(Date.now()))}`,
    check: "format",
  },
  {
    name: "claims that are no object",
    authorization: () => `Bearer ${rawToken({ alg: "ES256", typ: "at+jwt" }, "[]")}`,
    check: "format",
  },
  {
    name: "a critical header parameter",
    authorization: ({ trusted }) =>
      `Bearer ${rawToken({ alg: "ES256", kid: trusted.id, typ: "at+jwt", crit: ["b64"], b64: true }, goodClaims(Date.now()))}`,
    check: "format",
  },
];

const signatureDefects: readonly Defect[] = [
  {
    name: "alg none",
    authorization: () =>
      `Bearer ${rawToken({ alg: "none", typ: "at+jwt" }, goodClaims(Date.now()), "")}`,
    check: "alg",
  },
  { name: "HMAC with the public key as secret", authorization: signedWithPublicKey, check: "alg" },
  {
    name: "an algorithm that is not on the list",
    authorization: async ({ unlisted }) => `Bearer ${await signToken(unlisted)}`,
    check: "alg",
  },
  {
    name: "a key that nobody knows",
    authorization: async ({ stranger }) => `Bearer ${await signToken(stranger)}`,
    check: "key",
  },
  {
    name: "another key under a known kid",
    authorization: async ({ impostor }) => `Bearer ${await signToken(impostor)}`,
    check: "signature",
  },
  {
    name: "a key in the header",
    authorization: async ({ impostor }) =>
      `Bearer ${await signToken(impostor, { header: { jwk: impostor.publicJwk } })}`,
    check: "signature",
  },
  {
    name: "claims changed after signing",
    authorization: async ({ trusted }) => {
      const [header, , signature] = (await signToken(trusted)).split(".");
      const claims = { ...goodClaims(Date.now()), sub: "mallory" };
      const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
      return `Bearer ${header}.${payload}.${signature}`;
    },
    check: "signature",
  },
  {
    name: "no signature",
    authorization: async ({ trusted }) =>
      `Bearer ${(await signToken(trusted)).replace(/[^.]*$/, "")}`,
    check: "signature",
  },
];

const claimDefects: readonly Defect[] = [
  {
    name: "typ JWT, as an ID token has",
    authorization: changed({ header: { typ: "JWT" } }),
    check: "typ",
  },
  { name: "no typ", authorization: changed({ header: { typ: undefined } }), check: "typ" },
  {
    name: "another issuer",
    authorization: changed({ claims: { iss: "https://evil.example" } }),
    check: "iss",
  },
  {
    name: "an issuer with one more slash",
    authorization: changed({ claims: { iss: `${testIssuer}/` } }),
    check: "iss",
  },
  { name: "no issuer", authorization: changed({ claims: { iss: undefined } }), check: "iss" },
  {
    name: "another audience",
    authorization: changed({ claims: { aud: "urn:test:others" } }),
    ...wrongAudience,
  },
  {
    name: "an audience that begins like ours",
    authorization: changed({ claims: { aud: [`${testAudience}:admin`] } }),
    ...wrongAudience,
  },
  { name: "no audience", authorization: changed({ claims: { aud: undefined } }), ...wrongAudience },
  { name: "expired", authorization: changed({ claims: { exp: now() - 60 } }), ...expired },
  { name: "no exp", authorization: changed({ claims: { exp: undefined } }), check: "exp" },
  { name: "exp as text", authorization: changed({ claims: { exp: "4102444800" } }), check: "exp" },
  { name: "not valid yet", authorization: changed({ claims: { nbf: now() + 120 } }), check: "nbf" },
  {
    name: "issued in the future",
    authorization: changed({ claims: { iat: now() + 120 } }),
    check: "iat",
  },
  { name: "no iat", authorization: changed({ claims: { iat: undefined } }), check: "iat" },
  { name: "no subject", authorization: changed({ claims: { sub: undefined } }), check: "claims" },
  {
    name: "no client",
    authorization: changed({ claims: { client_id: undefined } }),
    check: "claims",
  },
  { name: "no token id", authorization: changed({ claims: { jti: undefined } }), check: "claims" },
  {
    name: "a token that is bound to a key",
    authorization: changed({
      claims: { cnf: { jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" } },
    }),
    check: "cnf",
    reason: "ACCESS_TOKEN_TYPE_UNSUPPORTED",
  },
  {
    name: "a revoked token",
    authorization: changed({ claims: { jti: "revoked" } }),
    check: "revocation",
  },
];

const ruleDefects: readonly Defect[] = [
  { name: "no scope", authorization: changed({ claims: { scope: undefined } }), ...scopeMissing },
  {
    name: "another scope",
    authorization: changed({ claims: { scope: "users.reader users write" } }),
    ...scopeMissing,
  },
  {
    name: "scopes as a list, which RFC 9068 does not know",
    authorization: changed({ claims: { scope: undefined, scp: ["users.read"] } }),
    ...scopeMissing,
  },
  {
    name: "a sign-in that is too weak",
    authorization: changed({ claims: { acr: "pwd", auth_time: now() } }),
    check: "acr",
    ...tooWeak,
  },
  {
    name: "a sign-in that is too old",
    authorization: changed({ claims: { acr: "phr", auth_time: now() - 600 } }),
    check: "auth_time",
    ...tooWeak,
  },
  {
    name: "a sign-in of which nobody says when it was",
    authorization: changed({ claims: { acr: "phr" } }),
    check: "auth_time",
    ...tooWeak,
  },
  {
    name: "keys that cannot be had",
    authorization: changed({}),
    gate: "without keys",
    check: "key",
    code: "Unavailable",
    reason: "AUTHORITY_UNAVAILABLE",
    challenge: null,
  },
];

/** Every defect, with what each must be answered. */
export const defects: readonly Defect[] = [
  ...headerDefects,
  ...formatDefects,
  ...signatureDefects,
  ...claimDefects,
  ...ruleDefects,
];

async function signedWithPublicKey({ trusted }: DefectKeys): Promise<string> {
  const key = await importJWK(trusted.publicJwk, trusted.algorithm, { extractable: true });
  if (key instanceof Uint8Array) throw new Error("A symmetric key is no public key.");
  const header = { alg: "HS256", kid: trusted.id, typ: "at+jwt" };
  const unsigned = rawToken(header, goodClaims(Date.now()), "");
  const input = unsigned.slice(0, -1);
  const signature = createHmac("sha256", await exportSPKI(key))
    .update(input)
    .digest("base64url");
  return `Bearer ${input}.${signature}`;
}
