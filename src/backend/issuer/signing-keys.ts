import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { exportJWK, generateKeyPair, calculateJwkThumbprint } from "jose";
import type { JSONWebKeySet, JWK } from "jose";
import { readOrCreatePrivateFile, replacePrivateFile } from "./private-file.ts";

const ALGORITHM = "RS256";
const RETIRED_KEYS_KEPT = 4;
const MAX_AGE_MS = 30 * 86_400_000;

/** The issuer's own secrets, kept in `dataDir` across restarts. */
export interface SigningKeys {
  /** Private keys: the one that signs first, then the next one, then the retired ones. */
  readonly signing: readonly JWK[];
  /** Secrets that sign the cookies. */
  readonly cookieSecrets: readonly string[];
  /** The public halves of all `signing` keys. */
  publicKeys(): JSONWebKeySet;
  /** Whether the signing key has signed for 30 days. */
  areOld(nowMs: number): boolean;
  /**
   * Makes the next key the signing one. It has been published since the rotation before, so a verifier with a cached
   * key set knows it already; the old key stays published for the tokens that it signed.
   */
  rotate(): Promise<void>;
}

interface KeyFile {
  readonly signing: readonly JWK[];
  readonly cookieSecrets: readonly string[];
  /** Since when the first key signs, in epoch milliseconds; missing in a file of an older version. */
  readonly signsSince?: number;
}

/** Loads the keys of `dataDir`, making them on the first start. */
export async function loadSigningKeys(
  dataDir: string,
  nowMs: () => number = Date.now,
): Promise<SigningKeys> {
  const path = join(dataDir, "issuer-keys.json");
  const content = await readOrCreatePrivateFile(path, () => createKeyFile(nowMs()));
  let file = parseKeyFile(path, content);
  return {
    get signing() {
      return file.signing;
    },
    get cookieSecrets() {
      return file.cookieSecrets;
    },
    publicKeys: () => ({ keys: file.signing.map(publicHalf) }),
    areOld: (now) => now - (file.signsSince ?? 0) >= MAX_AGE_MS,
    async rotate() {
      const fresh = await createSigningKey();
      const [current, next, ...retired] = file.signing;
      const kept = [current, ...retired].filter((key) => key !== undefined);
      const signing = [next, fresh, ...kept.slice(0, RETIRED_KEYS_KEPT)];
      const known = signing.filter((key) => key !== undefined);
      file = { ...file, signing: known, signsSince: nowMs() };
      replacePrivateFile(path, JSON.stringify(file));
    },
  };
}

async function createKeyFile(signsSince: number): Promise<string> {
  const file: KeyFile = {
    signing: await Promise.all([createSigningKey(), createSigningKey()]),
    cookieSecrets: [randomBytes(32).toString("base64url")],
    signsSince,
  };
  return JSON.stringify(file);
}

async function createSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: ALGORITHM, use: "sig" };
}

/** Named members only: a member that is added to the private key one day must not be published by accident. */
function publicHalf(key: JWK): JWK {
  const { kty, kid, alg, use, n, e } = key;
  return Object.fromEntries(
    Object.entries({ kty, kid, alg, use, n, e }).filter(([, value]) => value !== undefined),
  ) as JWK;
}

function parseKeyFile(path: string, content: string): KeyFile {
  const file: unknown = JSON.parse(content);
  if (!isKeyFile(file)) {
    throw new Error(
      `${path} holds no signing keys. Restore it, or remove it to have new ones made (everyone signs in again).`,
    );
  }
  return file;
}

function isKeyFile(value: unknown): value is KeyFile {
  if (typeof value !== "object" || value === null) return false;
  if (!("signing" in value) || !("cookieSecrets" in value)) return false;
  if ("signsSince" in value && typeof value.signsSince !== "number") return false;
  const { signing, cookieSecrets } = value;
  return (
    Array.isArray(signing) &&
    signing.length >= 2 &&
    Array.isArray(cookieSecrets) &&
    cookieSecrets.length > 0
  );
}
