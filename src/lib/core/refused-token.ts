import { AuthError } from "./auth-error.ts";

/** The error of an API that refuses what the issuer has just issued. */
export function refusedTokenError(cause?: unknown): AuthError {
  return new AuthError(
    "misconfigured",
    "The API refuses tokens that the issuer has just issued. " +
      "Check that issuer, audience and clocks of both agree.",
    { cause },
  );
}

/** The error of a call whose token was refused, and that is not repeated by itself. */
export function replacedTokenError(): AuthError {
  return new AuthError(
    "unavailable",
    "The API refused the token. A new one takes its place: make the call again.",
  );
}
