import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { exportJWK, exportPKCS8, generateKeyPair, importPKCS8 } from "jose";
import type { JWK } from "jose";
import { readOrCreatePrivateFile } from "./private-file.ts";

const ALGORITHM = "ES256";

/** The name of the client whose key and secret are made on the first start. */
export const serviceClientId = "service-client";

/** What the issuer knows of the service client. */
export interface ServiceClient {
  readonly secret: string;
  /** The public half of the key that signs its assertions. */
  readonly publicKey: JWK;
}

/**
 * Loads the service client's credentials from `service-client.json` in `dataDir`, making them on the first start. The
 * file is the client's: id, secret, and the private key (PKCS #8, ES256) with its key id.
 */
export async function loadServiceClient(dataDir: string): Promise<ServiceClient> {
  const path = join(dataDir, "service-client.json");
  const file: unknown = JSON.parse(await readOrCreatePrivateFile(path, createCredentials));
  if (!isCredentials(file)) {
    throw new Error(
      `${path} lacks client_secret, kid or private_key. Remove it to have new ones made.`,
    );
  }
  const privateKey = await importPKCS8(file.private_key, ALGORITHM, { extractable: true });
  const { kty, crv, x, y } = await exportJWK(privateKey);
  if (kty === undefined || crv === undefined || x === undefined || y === undefined) {
    throw new Error(`${path} holds a private key that is not one for ${ALGORITHM}.`);
  }
  const publicKey = { kty, crv, x, y, kid: file.kid, alg: ALGORITHM, use: "sig" };
  return { secret: file.client_secret, publicKey };
}

async function createCredentials(): Promise<string> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const credentials = {
    client_id: serviceClientId,
    client_secret: randomBytes(32).toString("base64url"),
    alg: ALGORITHM,
    kid: randomBytes(12).toString("base64url"),
    private_key: await exportPKCS8(privateKey),
  };
  return `${JSON.stringify(credentials, undefined, 2)}\n`;
}

interface Credentials {
  readonly client_secret: string;
  readonly kid: string;
  readonly private_key: string;
}

function isCredentials(value: unknown): value is Credentials {
  if (typeof value !== "object" || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return ["client_secret", "kid", "private_key"].every(
    (name) => typeof fields.get(name) === "string",
  );
}
