import { createHmac, randomBytes, scrypt, timingSafeEqual } from "node:crypto";

const COST = 2 ** 14;
const BLOCK_SIZE = 8;
const PARALLELISM = 1;
const HASH_BYTES = 32;

/** Hashes a client secret for storage: `scrypt$N$r$p$salt$hash`, salt and hash in base64url. */
export async function hashClientSecret(secret: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(secret, salt);
  const fields = [
    COST,
    BLOCK_SIZE,
    PARALLELISM,
    salt.toString("base64url"),
    hash.toString("base64url"),
  ];
  return `scrypt$${fields.join("$")}`;
}

/** Compares secrets with their hashes. */
export interface SecretVerifier {
  /** Whether `secret` is the one that `hash` was made of. */
  verify(hash: string, secret: string): Promise<boolean>;
}

/**
 * A verifier that pays for scrypt once per secret: what was found right is remembered in memory, as a keyed digest
 * under a key of this process, so that client credentials stay as fast as their signature.
 */
export function createSecretVerifier(): SecretVerifier {
  const processKey = randomBytes(32);
  const digestOf = (secret: string) => createHmac("sha256", processKey).update(secret).digest();
  const verified = new Map<string, Buffer>();
  return {
    async verify(hash, secret) {
      const digest = digestOf(secret);
      const known = verified.get(hash);
      if (known !== undefined && timingSafeEqual(known, digest)) return true;
      const matches = await matchesHash(hash, secret);
      if (matches) verified.set(hash, digest);
      return matches;
    },
  };
}

async function matchesHash(hash: string, secret: string): Promise<boolean> {
  const [scheme, cost, blockSize, parallelism, salt, expected] = hash.split("$");
  const isOurs =
    scheme === "scrypt" &&
    Number(cost) === COST &&
    Number(blockSize) === BLOCK_SIZE &&
    Number(parallelism) === PARALLELISM;
  if (!isOurs || salt === undefined || expected === undefined) return false;
  const actual = await derive(secret, Buffer.from(salt, "base64url"));
  const wanted = Buffer.from(expected, "base64url");
  return wanted.length === actual.length && timingSafeEqual(wanted, actual);
}

function derive(secret: string, salt: Buffer): Promise<Buffer> {
  const options = { N: COST, r: BLOCK_SIZE, p: PARALLELISM };
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, HASH_BYTES, options, (error, hash) => {
      if (error === null) resolve(hash);
      else reject(error);
    });
  });
}
