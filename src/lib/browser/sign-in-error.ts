import {
  AuthorizationResponseError,
  JWT_TIMESTAMP_CHECK,
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
} from "oauth4webapi";
import { AuthError } from "../core/auth-error.ts";

/** The callback or the tokens did not pass a check of ours. */
export class SignInRejected extends Error {}

/**
 * Why a sign-in did not come to its end, in words. The library's errors carry
 * the whole answer with its tokens, so they are described and never kept.
 */
export function toSignInError(error: unknown): AuthError {
  if (error instanceof AuthError) return error;
  if (error instanceof AuthorizationResponseError) return refused(error);
  if (error instanceof ResponseBodyError) return refusedCode(error);
  if (error instanceof OperationProcessingError && error.cause instanceof Response) {
    // A gateway, or the login page of a network, has answered in the issuer's place.
    return unavailable();
  }
  if (error instanceof OperationProcessingError && error.code === JWT_TIMESTAMP_CHECK) {
    return new AuthError("sign-in-failed", wrongClock);
  }
  if (
    error instanceof SignInRejected ||
    error instanceof OperationProcessingError ||
    error instanceof UnsupportedOperationError
  ) {
    return new AuthError(
      "sign-in-failed",
      `The issuer's answer was not accepted: ${error.message}. Nobody was signed in; try again.`,
    );
  }
  return unavailable();
}

const wrongClock =
  "The issuer's answer had expired when it came. If this computer's clock is wrong, set it " +
  "right and sign in again.";

function unavailable(): AuthError {
  const message = "The issuer did not finish the sign-in. Check the connection and sign in again.";
  return new AuthError("unavailable", message);
}

/** The person came back with an error (RFC 6749, section 4.1.2.1). */
function refused(error: AuthorizationResponseError): AuthError {
  return new AuthError("sign-in-failed", refusalInWords(error.error, error.error_description), {
    oauthError: error.error,
  });
}

function refusalInWords(code: string, description: string | undefined): string {
  switch (code) {
    case "access_denied":
      return "The sign-in was cancelled or not allowed. Sign in again to go on.";
    case "login_required":
    case "interaction_required":
    case "consent_required":
    case "account_selection_required":
      return "The issuer needs you to sign in yourself. Sign in again to go on.";
    case "server_error":
    case "temporarily_unavailable":
      return "The issuer cannot sign anybody in at the moment. Try again in a while.";
    default:
      return `The issuer refused the sign-in: ${quote(code, description)}. Ask whoever runs this app.`;
  }
}

/** The token endpoint refused the code (RFC 6749, section 5.2), or is in trouble. */
function refusedCode(error: ResponseBodyError): AuthError {
  const facts = { oauthError: error.error, status: error.status };
  if (error.status === 429 || error.status >= 500) {
    const message = "The issuer cannot finish the sign-in at the moment. Try again in a while.";
    return new AuthError("unavailable", message, facts);
  }
  if (error.error === "invalid_grant") {
    const message = "This sign-in took too long or was used before. Sign in again to go on.";
    return new AuthError("sign-in-failed", message, facts);
  }
  const said = quote(error.error, error.error_description);
  return new AuthError(
    "misconfigured",
    `The issuer did not finish the sign-in: ${said}. Ask whoever runs this app.`,
    facts,
  );
}

/** What the issuer said, with nothing in it but the characters that RFC 6749 allows. */
function quote(code: string, description: string | undefined): string {
  const clean = (text: string) =>
    text.replaceAll(/[^\u0020\u0021\u0023-\u005b\u005d-\u007e]/g, "").slice(0, 200);
  return description === undefined ? clean(code) : `${clean(code)} (${clean(description)})`;
}
