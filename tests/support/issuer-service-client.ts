import { readFileSync } from "node:fs";
import { join } from "node:path";
import { importPKCS8, SignJWT } from "jose";
import type { CryptoKey, JWTPayload } from "jose";
import { requestToken } from "./issuer-browser.ts";
import type { TokenAnswer } from "./issuer-browser.ts";
import type { IssuerServer } from "./issuer-server.ts";

/** Claims to set, or to leave out when undefined. */
export type ClaimChanges = Readonly<Record<string, unknown>>;

/** How an assertion is signed, where it is not as the service client would. */
export interface Signing {
  readonly header?: Record<string, unknown>;
  readonly key?: CryptoKey | Uint8Array;
}

/** The grant of assertions (RFC 7523 section 2.1). */
export const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** The service client of an issuer, with the credentials that the issuer made for it. */
export interface ServiceClient {
  readonly secret: string;
  /** A good assertion about the client itself, or one with `changes`. */
  assertion(changes?: ClaimChanges, signing?: Signing): Promise<string>;
  /** A token request with the client's secret in the body. */
  request(params: Readonly<Record<string, string>>): Promise<TokenAnswer>;
  /** A request for a token in return for an assertion. */
  bring(assertion: string, params?: Readonly<Record<string, string>>): Promise<TokenAnswer>;
}

/** Reads the credentials that `server` made on its first start. */
export async function loadServiceClient(server: IssuerServer): Promise<ServiceClient> {
  const path = join(server.dataDir, "service-client.json");
  const file: Record<string, string> = JSON.parse(readFileSync(path, "utf8"));
  const key = await importPKCS8(file["private_key"] ?? "", "ES256");
  const secret = file["client_secret"] ?? "";
  let made = 0;
  const request = (params: Readonly<Record<string, string>>) =>
    requestToken(server.url, {
      client_id: "service-client",
      client_secret: secret,
      ...params,
    });
  return {
    secret,
    assertion(changes = {}, signing = {}) {
      const claims = Object.entries({ ...goodClaims(server.url, (made += 1)), ...changes });
      return new SignJWT(Object.fromEntries(claims.filter(([, value]) => value !== undefined)))
        .setProtectedHeader({ alg: "ES256", kid: file["kid"] ?? "", ...signing.header })
        .sign(signing.key ?? key);
    },
    request,
    bring: (assertion, params) => request({ grant_type: jwtBearer, assertion, ...params }),
  };
}

function goodClaims(issuerUrl: string, number: number): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: "service-client",
    sub: "service-client",
    aud: `${issuerUrl}/token`,
    iat: now,
    exp: now + 300,
    jti: `jti-${number}`,
  };
}
