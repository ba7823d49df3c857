import { randomUUID } from "node:crypto";
import { importJWK, importPKCS8, SignJWT } from "jose";
import type { JWK } from "jose";
import { readOptionFile } from "./files.ts";
import { UsageError } from "./usage-error.ts";

/** A client's private key, and what else the file said of the client. */
export interface ClientKey {
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Makes an assertion (RFC 7523, section 3) that lives for five minutes. */
  readonly sign: (claims: AssertionClaims) => Promise<string>;
}

/** What an assertion says. */
export interface AssertionClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

const lifetimeSeconds = 300;

/**
 * Reads a private key: PEM (PKCS #8), a JWK, or the credentials that the
 * embedded issuer makes for its service client. @throws UsageError, which says
 * nothing of the content
 */
export async function readClientKey(path: string): Promise<ClientKey> {
  const content = await readOptionFile("key", path);
  try {
    return await parseKey(content);
  } catch (cause) {
    const kinds = "a private key as PEM (PKCS #8) or JWK, or a service-client.json";
    throw new UsageError(`The file ${path} of --key holds no key. Give ${kinds}.`, { cause });
  }
}

async function parseKey(content: string): Promise<ClientKey> {
  if (content.startsWith("-----BEGIN")) return { sign: await signer(content, undefined) };
  const file: unknown = JSON.parse(content);
  const fields = new Map<string, unknown>(Object.entries(Object(file)));
  const field = (name: string) => {
    const value = fields.get(name);
    return typeof value === "string" ? value : undefined;
  };
  const clientId = field("client_id");
  const clientSecret = field("client_secret");
  return {
    ...(clientId === undefined ? {} : { clientId }),
    ...(clientSecret === undefined ? {} : { clientSecret }),
    sign: await signer(
      field("private_key") ?? Object.fromEntries(fields),
      field("kid"),
      field("alg"),
    ),
  };
}

async function signer(key: string | JWK, kid: string | undefined, named?: string) {
  const { alg, privateKey } = await importKey(key, named);
  const header = { alg, ...(kid === undefined ? {} : { kid }) };
  return ({ issuer, subject, audience }: AssertionClaims): Promise<string> => {
    const nowSeconds = Math.floor(Date.now() / 1000);
    return new SignJWT({ jti: randomUUID() })
      .setProtectedHeader(header)
      .setIssuer(issuer)
      .setSubject(subject)
      .setAudience(audience)
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + lifetimeSeconds)
      .sign(privateKey);
  };
}

async function importKey(key: string | JWK, named: string | undefined) {
  if (typeof key !== "string") {
    const alg = named ?? (key.kty === "RSA" ? "RS256" : "ES256");
    if (key.d === undefined) throw new TypeError("The key is not a private one.");
    return { alg, privateKey: await importJWK(key, alg) };
  }
  // PEM does not say what the key is for; the two kinds that issuers commonly take.
  const attempts = (named === undefined ? ["ES256", "RS256"] : [named]).map(async (alg) => ({
    alg,
    privateKey: await importPKCS8(key, alg),
  }));
  return Promise.any(attempts);
}
