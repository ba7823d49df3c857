import { Code, ConnectError } from "@connectrpc/connect";
import { AuthError } from "./auth-error.ts";
import type { AuthErrorCode } from "./auth-error.ts";
import { isStepUp, readChallenge } from "./challenge.ts";
import { refusedTokenError } from "./refused-token.ts";

/** Of every other AuthError: only a person can help. */
const codes: Partial<Record<AuthErrorCode, Code>> = {
  "scope-missing": Code.PermissionDenied,
  misconfigured: Code.FailedPrecondition,
  "origin-not-allowed": Code.FailedPrecondition,
  unavailable: Code.Unavailable,
};

/**
 * What the caller of an RPC sees of any failure: always a ConnectError. An
 * AuthError becomes its cause, and decides the code.
 */
export function toCallError(reason: unknown): ConnectError {
  if (reason instanceof ConnectError) return reason;
  const error = AuthError.find(reason);
  if (error === undefined) return ConnectError.from(reason);
  const code = codes[error.code] ?? Code.Unauthenticated;
  return new ConnectError(error.message, code, undefined, undefined, error);
}

/**
 * The server's error with an AuthError as cause that says what to do about it;
 * `refused` makes the one for a token that was refused.
 */
export function explainCallError(
  error: ConnectError,
  refused: (cause: ConnectError) => AuthError = refusedTokenError,
): ConnectError {
  const cause = AuthError.find(error) === undefined ? explanation(error, refused) : undefined;
  if (cause === undefined) return error;
  const { rawMessage, code, metadata } = error;
  const explained = new ConnectError(rawMessage, code, metadata, undefined, cause);
  explained.details = error.details;
  return explained;
}

function explanation(
  error: ConnectError,
  refused: (cause: ConnectError) => AuthError,
): AuthError | undefined {
  const challenge = readChallenge(error);
  if (error.code === Code.PermissionDenied && challenge.error === "insufficient_scope") {
    return new AuthError("scope-missing", "The API asks for a scope that the token lacks.", {
      scopes: challenge.scopes,
      cause: error,
    });
  }
  if (error.code !== Code.Unauthenticated) return undefined;
  if (!isStepUp(challenge)) return refused(error);
  const { acrValues, maxAgeSeconds } = challenge;
  return new AuthError(
    "step-up-required",
    "The API asks for a newer or stronger sign-in. Sign in again to go on.",
    { acrValues, maxAgeSeconds, cause: error },
  );
}
