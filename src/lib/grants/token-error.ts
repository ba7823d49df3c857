import {
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
  WWWAuthenticateChallengeError,
} from "oauth4webapi";
import { AuthError } from "../core/auth-error.ts";

// RFC 6749, section 5.2, and OpenID Connect Core, section 3.1.2.6.
const needsPerson = new Set([
  "invalid_grant",
  "login_required",
  "interaction_required",
  "consent_required",
  "account_selection_required",
]);

// RFC 6749, section 5.2, and RFC 8707, section 2.
const needsConfiguration = new Set([
  "invalid_client",
  "unauthorized_client",
  "invalid_scope",
  "invalid_request",
  "invalid_target",
  "unsupported_grant_type",
]);

/**
 * The AuthError of a token request that failed: `interaction-required` and
 * `misconfigured` only for the errors that the standards name, everything else is
 * `unavailable`, because nobody is signed out by a bad network.
 */
export function toTokenError(reason: unknown, asked: string, now: number): AuthError {
  if (reason instanceof AuthError) return reason;
  if (reason instanceof ResponseBodyError) {
    const { error, error_description: description, status, response } = reason;
    return oauthFailure(asked, error, description, status, readRetryAfter(response, now));
  }
  if (reason instanceof WWWAuthenticateChallengeError) {
    const { error, error_description: description } = reason.cause[0]?.parameters ?? {};
    return oauthFailure(asked, error ?? "invalid_client", description, reason.status, undefined);
  }
  if (reason instanceof UnsupportedOperationError) {
    return new AuthError("misconfigured", `${asked}: ${reason.message}.`);
  }
  if (reason instanceof OperationProcessingError) {
    // Not kept as cause: it holds the body, and with it tokens. Something else than the issuer has answered, a login page of a network for
    // example, or the answer was damaged: whether it was carried out is unknown.
    const message = `${asked}: the answer is not one of a token endpoint (${reason.message}).`;
    return new AuthError("unavailable", message, { ambiguous: true });
  }
  const name = reason instanceof Error ? reason.name : typeof reason;
  const message = `${asked}: no answer (${name}). It is asked again later.`;
  return new AuthError("unavailable", message, { ambiguous: true, cause: reason });
}

/** The failure of an answer that says by its status alone that waiting helps. */
export function busyFailure(asked: string, response: Response, now: number): AuthError {
  const retryAt = readRetryAfter(response, now);
  return new AuthError("unavailable", `${asked}: the issuer answered ${response.status}.`, {
    status: response.status,
    ...(retryAt === undefined ? {} : { retryAt }),
  });
}

function oauthFailure(
  asked: string,
  oauthError: string,
  description: string | undefined,
  status: number,
  retryAt: number | undefined,
): AuthError {
  const code = needsPerson.has(oauthError)
    ? "interaction-required"
    : needsConfiguration.has(oauthError)
      ? "misconfigured"
      : "unavailable";
  const told = description === undefined ? oauthError : `${oauthError}, "${description}"`;
  return new AuthError(code, `${asked}: the issuer answered ${status} ${told}.`, {
    oauthError,
    status,
    ...(retryAt === undefined ? {} : { retryAt }),
  });
}

// RFC 9110, section 10.2.3: seconds, or a date.
function readRetryAfter(response: Response, now: number): number | undefined {
  const text = response.headers.get("retry-after");
  if (text === null) return undefined;
  if (/^\d+$/.test(text)) return now + Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : date;
}
