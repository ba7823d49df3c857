import type { ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";

/** What a server says about the token that it refused. */
export interface Challenge {
  /** The `error` of the challenge, for example `insufficient_scope` (RFC 6750, section 3.1). */
  readonly error: string | undefined;
  readonly scopes: readonly string[];
  /** RFC 9470, section 3. */
  readonly acrValues: readonly string[];
  /** RFC 9470, section 3; in seconds. */
  readonly maxAgeSeconds: number | undefined;
}

/** The reason of our own server when the sign-in is too old or too weak. */
const stepUpReason = "INSUFFICIENT_USER_AUTHENTICATION";
const stepUpError = "insufficient_user_authentication";

/**
 * The challenge of a failed call, out of `WWW-Authenticate`, or out of ErrorInfo
 * where a browser does not get to see that header.
 */
export function readChallenge(error: ConnectError): Challenge {
  const params = parseParams(error.metadata.get("www-authenticate") ?? "");
  const info = error.findDetails(ErrorInfoSchema)[0];
  const facts = { ...info?.metadata, ...params };
  const maxAge = facts["max_age"] ?? "";
  return {
    error: facts["error"] ?? (info?.reason === stepUpReason ? stepUpError : undefined),
    scopes: words(facts["scope"]),
    acrValues: words(facts["acr_values"]),
    maxAgeSeconds: /^\d+$/.test(maxAge) ? Number(maxAge) : undefined,
  };
}

/** Whether the person must sign in again, newer or stronger (RFC 9470). */
export function isStepUp(challenge: Challenge): boolean {
  return challenge.error === stepUpError;
}

// auth-param of RFC 9110, section 11.2: a token, "=", then a token or a quoted string.
const paramPattern = /([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g;

function parseParams(header: string): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [, name, quoted, plain] of header.matchAll(paramPattern)) {
    if (name === undefined) continue;
    params[name.toLowerCase()] ??= quoted?.replaceAll(/\\(.)/g, "$1") ?? plain ?? "";
  }
  return params;
}

function words(text: string | undefined): string[] {
  return (text ?? "").split(" ").filter((word) => word !== "");
}
