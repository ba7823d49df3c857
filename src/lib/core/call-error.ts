import { Code, ConnectError } from "@connectrpc/connect";
import { AuthError } from "./auth-error.ts";
import type { AuthErrorCode } from "./auth-error.ts";
import { isStepUp, readChallenge } from "./challenge.ts";
import { refusedTokenError } from "./refused-token.ts";

const codes: Readonly<Record<AuthErrorCode, Code>> = {
  "signed-out": Code.Unauthenticated,
  "interaction-required": Code.Unauthenticated,
  "step-up-required": Code.Unauthenticated,
  "sign-in-failed": Code.Unauthenticated,
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
  return new ConnectError(error.message, codes[error.code], undefined, undefined, error);
}

/** The server's error with an AuthError as cause that says what to do about it. */
export function explainCallError(error: ConnectError): ConnectError {
  const cause = AuthError.find(error) === undefined ? explanation(error) : undefined;
  if (cause === undefined) return error;
  const { rawMessage, code, metadata } = error;
  const explained = new ConnectError(rawMessage, code, metadata, undefined, cause);
  explained.details = error.details;
  return explained;
}

function explanation(error: ConnectError): AuthError | undefined {
  const challenge = readChallenge(error);
  if (error.code === Code.PermissionDenied && challenge.error === "insufficient_scope") {
    return new AuthError("scope-missing", "The API asks for a scope that the token lacks.", {
      scopes: challenge.scopes,
      cause: error,
    });
  }
  if (error.code !== Code.Unauthenticated) return undefined;
  if (!isStepUp(challenge)) return refusedTokenError(error);
  const { acrValues, maxAgeSeconds } = challenge;
  return new AuthError(
    "step-up-required",
    "The API asks for a newer or stronger sign-in. Sign in again to go on.",
    { acrValues, ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }), cause: error },
  );
}
