/** Why a token could not be had, or a call not be made. A closed set. */
export type AuthErrorCode =
  /** Nobody is signed in. */
  | "signed-out"
  /** The session needs a person: the refresh token was revoked or has expired. */
  | "interaction-required"
  /** The server wants a newer or stronger sign-in (RFC 9470). */
  | "step-up-required"
  /** The token lacks a scope that the method needs. */
  | "scope-missing"
  /** Client, issuer and API do not agree; waiting will not help. */
  | "misconfigured"
  /** The issuer or the network does not answer now; waiting will help. */
  | "unavailable"
  /** A sign-in did not come to its end. */
  | "sign-in-failed"
  /** The call goes to an origin that is not on the list. */
  | "origin-not-allowed";

/** Facts that belong to a code. None of them is a secret. */
export interface AuthErrorDetails {
  /** The OAuth 2.0 `error` of the answer, for example `invalid_grant`. */
  readonly oauthError?: string;
  /** The HTTP status of the answer. */
  readonly status?: number;
  /** Epoch milliseconds before which another attempt is useless. */
  readonly retryAt?: number;
  /** The scopes that are missing (`scope-missing`). */
  readonly scopes?: readonly string[];
  /** The authentication contexts that are wanted (`step-up-required`). */
  readonly acrValues?: readonly string[];
  /** The greatest age of the sign-in in seconds (`step-up-required`). */
  readonly maxAgeSeconds?: number | undefined;
  /** Whether a token request was sent whose answer is unknown. */
  readonly ambiguous?: boolean;
  /** What went wrong underneath. */
  readonly cause?: unknown;
}

/**
 * The one error of this library. `code` says what to do, `message` says what
 * was asked, what happened and what to do; neither holds a secret.
 */
export class AuthError extends Error {
  override readonly name = "AuthError";
  readonly code: AuthErrorCode;
  readonly details: Omit<AuthErrorDetails, "cause">;

  constructor(code: AuthErrorCode, message: string, details: AuthErrorDetails = {}) {
    const { cause, ...facts } = details;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = facts;
  }

  /**
   * The AuthError in `reason`: itself, or the nearest in its chain of causes,
   * or a new one with code `unavailable`, which never signs anybody out.
   */
  static from(reason: unknown): AuthError {
    return (
      AuthError.find(reason) ?? new AuthError("unavailable", describe(reason), { cause: reason })
    );
  }

  /** The AuthError in the chain of causes of `reason`, if there is one. */
  static find(reason: unknown): AuthError | undefined {
    let current = reason;
    for (let depth = 0; depth < 8 && current instanceof Error; depth++) {
      if (isAuthError(current)) return current;
      current = current.cause;
    }
    return undefined;
  }

  // Two copies of this package in one bundle must still know each other's errors.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && isAuthError(value);
  }
}

function isAuthError(error: Error): error is AuthError {
  return error.name === "AuthError" && "code" in error && "details" in error;
}

function describe(reason: unknown): string {
  const what = reason instanceof Error ? reason.name : typeof reason;
  return `The token request did not come to an end (${what}). It can be tried again.`;
}
