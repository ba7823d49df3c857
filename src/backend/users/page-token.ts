import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  randomBytes,
} from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { Position } from "./scan.ts";
import type { Total } from "./total.ts";

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MAX_TOKEN_LENGTH = 4_096;

/** What a page token remembers. */
export interface PageState {
  readonly position: Position;
  readonly total: Total;
}

/** Writes and reads page tokens (AIP-158). */
export interface PageTokens {
  /** A token for the page that begins at `state`, valid only with the same arguments. */
  seal(state: PageState, argumentsKey: string): string;
  /** What `seal` was given; undefined for any other token, or other arguments. */
  open(token: string, argumentsKey: string): PageState | undefined;
}

/**
 * Tokens are encrypted and authenticated with the secret (32 bytes): opaque, URL-safe, and
 * bound to the other arguments of the list as the cipher's associated data.
 */
export function createPageTokens(secret: Uint8Array): PageTokens {
  const key = createSecretKey(secret);
  return {
    seal(state, argumentsKey) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(digest(argumentsKey));
      const sealed = Buffer.concat([cipher.update(JSON.stringify(state)), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
    },
    open(token, argumentsKey) {
      const bytes = Buffer.from(token, "base64url");
      // Decoding skips what is not base64url, so that several texts would be the same token.
      if (token.length > MAX_TOKEN_LENGTH || bytes.toString("base64url") !== token)
        return undefined;
      return parseState(decrypt(bytes, key, digest(argumentsKey)));
    },
  };
}

function decrypt(bytes: Buffer, key: KeyObject, argumentsDigest: Buffer): string | undefined {
  const tagEnd = NONCE_BYTES + TAG_BYTES;
  if (bytes.length <= tagEnd) return undefined;
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(argumentsDigest).setAuthTag(bytes.subarray(NONCE_BYTES, tagEnd));
  const opened = decipher.update(bytes.subarray(tagEnd));
  try {
    return Buffer.concat([opened, decipher.final()]).toString("utf8");
  } catch {
    // Node says "unable to authenticate data": the token is not ours, or belongs to other arguments.
    return undefined;
  }
}

// What the tag has authenticated was written by `seal`, but perhaps by an older version.
function parseState(json: string | undefined): PageState | undefined {
  if (json === undefined) return undefined;
  const state: unknown = JSON.parse(json);
  return isPageState(state) ? state : undefined;
}

function isPageState(state: unknown): state is PageState {
  if (!isObject(state) || !isObject(state["position"]) || !isObject(state["total"])) return false;
  const { position, total } = state;
  return (
    typeof position["source"] === "number" &&
    (position["key"] === undefined || Array.isArray(position["key"])) &&
    typeof total["size"] === "number" &&
    typeof total["isEstimated"] === "boolean"
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
