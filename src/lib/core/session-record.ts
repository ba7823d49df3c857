import type { AccessToken } from "./access-token.ts";
import type { Clock, Random } from "./ports.ts";
import type { Identity, TokenResponse } from "./refresh-exchange.ts";
import { defaultKey } from "./token-key.ts";

/** The layout of the stored record. A build ignores every other one. */
export const recordSchema = 1;

/** An access token as it is stored, with the time it was obtained. */
export interface StoredToken extends AccessToken {
  /** Epoch milliseconds. */
  readonly obtainedAt: number;
}

/**
 * All that a session is, in one record, so that a refresh token and its access
 * tokens are always replaced together.
 */
export interface SessionRecord {
  readonly schema: typeof recordSchema;
  /** A random name, new with every sign-in; not a secret. */
  readonly session: string;
  /** Epoch milliseconds. */
  readonly signedInAt?: number | undefined;
  readonly subject: string;
  readonly displayName?: string | undefined;
  /** Absent when the issuer gave none, or refused it. */
  readonly refreshToken?: string | undefined;
  /** The issuer has refused the refresh token: only a person can go on. */
  readonly interactionRequired?: boolean | undefined;
  /** For the hint at sign-out (OpenID Connect RP-Initiated Logout, section 2). */
  readonly idToken?: string | undefined;
  /** By token key. */
  readonly tokens: Readonly<Record<string, StoredToken>>;
}

/** The record of a sign-in that has just come to its end. */
export function createSessionRecord(
  response: TokenResponse,
  identity: Identity,
  clock: Clock,
  random: Random,
): SessionRecord {
  return {
    schema: recordSchema,
    session: `${randomName(random)}${randomName(random)}`,
    signedInAt: clock.now(),
    subject: identity.subject,
    displayName: identity.displayName,
    refreshToken: response.refreshToken,
    idToken: response.idToken,
    tokens: { [defaultKey]: { ...response.accessToken, obtainedAt: clock.now() } },
  };
}

function randomName(random: Random): string {
  return Math.floor(random() * 2 ** 48).toString(36);
}

/** The text to store. */
export function formatRecord(record: SessionRecord): string {
  return JSON.stringify(record);
}

/**
 * The record in a stored text; `undefined` for anything that this build did not
 * write: another layout, or damage.
 */
export function parseRecord(text: string): SessionRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isRecord(value) ? value : undefined;
}

function isRecord(value: unknown): value is SessionRecord {
  return (
    isObject(value) &&
    value["schema"] === recordSchema &&
    typeof value["session"] === "string" &&
    (value["signedInAt"] === undefined || typeof value["signedInAt"] === "number") &&
    typeof value["subject"] === "string" &&
    isOptionalString(value["displayName"]) &&
    isOptionalString(value["refreshToken"]) &&
    isOptionalString(value["idToken"]) &&
    (value["interactionRequired"] === undefined ||
      typeof value["interactionRequired"] === "boolean") &&
    isObject(value["tokens"]) &&
    Object.values(value["tokens"]).every(isStoredToken)
  );
}

function isStoredToken(value: unknown): value is StoredToken {
  return (
    isObject(value) &&
    typeof value["value"] === "string" &&
    (value["type"] === "Bearer" || value["type"] === "DPoP") &&
    typeof value["expiresAt"] === "number" &&
    typeof value["obtainedAt"] === "number" &&
    Array.isArray(value["scopes"]) &&
    value["scopes"].every((scope) => typeof scope === "string")
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isOptionalString(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}
