import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { importPKCS8, SignJWT } from "jose";
import { dataDir, tokenUrl } from "./settings.ts";

/** The client that the issuer has made on its first start. */
const file = await readFile(`${dataDir}/service-client.json`, "utf8");
const credentials: Record<"client_id" | "client_secret" | "kid" | "private_key", string> =
  JSON.parse(file);

export const clientId = credentials.client_id;
export const clientSecret = credentials.client_secret;

/** Signs an assertion about the client itself (RFC 7523, section 3); an issuer takes each one once. */
export async function createAssertion(): Promise<string> {
  return new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: "ES256", kid: credentials.kid })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(tokenUrl)
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(await importPKCS8(credentials.private_key, "ES256"));
}
