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
