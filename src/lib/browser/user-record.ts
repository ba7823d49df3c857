import { User } from "oidc-client-ts";
import type { UserProfile } from "oidc-client-ts";
import { recordSchema } from "../core/session-record.ts";
import type { SessionRecord } from "../core/session-record.ts";
import { defaultKey } from "../core/token-key.ts";
import { displayName } from "./sign-in-callback.ts";

/** What a `User` has no place for: a claim of its own, and nothing secret in it. */
interface Note {
  readonly revision: string;
  readonly session: string;
  /** Epoch milliseconds. */
  readonly obtainedAt: number;
  /** The `expires_at` of the token that this is about. */
  readonly expiresAt: number;
  readonly interactionRequired: boolean;
}

const claim = "connectrpc_oauth";

/** Tells one stored `User` from the next. */
export function userRevision(user: User): string {
  return readNote(user)?.revision ?? `${user.access_token} ${user.expires_at}`;
}

/** The session in a `User`, whoever has stored it. */
export function userToRecord(user: User, now: number): SessionRecord {
  const note = readNote(user);
  const expiresAt = (user.expires_at ?? 0) * 1000;
  return {
    schema: recordSchema,
    session: note?.session ?? `${user.profile.sub} ${user.profile.iat}`,
    subject: user.profile.sub,
    displayName: displayName(user.profile),
    refreshToken: user.refresh_token,
    ...(note?.interactionRequired === true ? { interactionRequired: true } : {}),
    idToken: user.id_token,
    tokens: {
      [defaultKey]: {
        value: user.access_token,
        type: "Bearer",
        expiresAt,
        scopes: user.scopes,
        obtainedAt: note?.obtainedAt ?? now,
      },
    },
  };
}

/** The `User` of a record; what the record does not know stays as it was `before`. */
export function recordToUser(record: SessionRecord, before: User | null, revision: string): User {
  const token = record.tokens[defaultKey];
  const sameToken = token === undefined || token.value === before?.access_token;
  // A User counts in whole seconds; rounding down only shortens the life.
  const expiresAt = token === undefined ? 0 : Math.floor(token.expiresAt / 1000);
  const note: Note = {
    revision,
    session: record.session,
    obtainedAt: token?.obtainedAt ?? 0,
    expiresAt,
    interactionRequired: record.interactionRequired === true,
  };
  const known = before?.profile ?? emptyProfile(record);
  return new User({
    access_token: token?.value ?? before?.access_token ?? "",
    token_type: "Bearer",
    expires_at: sameToken ? (before?.expires_at ?? expiresAt) : expiresAt,
    scope: token?.scopes.join(" ") ?? before?.scope ?? "",
    profile: { ...known, sub: record.subject, [claim]: note },
    userState: before?.state,
    session_state: before?.session_state ?? null,
    ...(record.refreshToken === undefined ? {} : { refresh_token: record.refreshToken }),
    ...(record.idToken === undefined ? {} : { id_token: record.idToken }),
  });
}

function readNote(user: User): Note | undefined {
  const note: unknown = user.profile[claim];
  // The app may have stored another token since; then the note is about the past.
  return isNote(note) && note.expiresAt === user.expires_at ? note : undefined;
}

function isNote(value: unknown): value is Note {
  return (
    typeof value === "object" &&
    value !== null &&
    "revision" in value &&
    typeof value.revision === "string" &&
    "session" in value &&
    typeof value.session === "string" &&
    "obtainedAt" in value &&
    typeof value.obtainedAt === "number" &&
    "expiresAt" in value &&
    "interactionRequired" in value
  );
}

function emptyProfile(record: SessionRecord): UserProfile {
  return { sub: record.subject, iss: "", aud: "", exp: 0, iat: 0 };
}
