import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { errorDomain } from "./refusal.ts";
import type { Refusal, RefusalFacts, RefusalReason } from "./refusal.ts";

interface Answer {
  readonly code: Code;
  readonly message: string;
  /** The `error` of the challenge (RFC 6750, section 3.1); `null`: no challenge. */
  readonly error?: string | null;
  readonly description?: string;
}

const answers: Readonly<Record<RefusalReason, Answer>> = {
  // RFC 6750, section 3.1: without credentials, the challenge names no error.
  CREDENTIALS_MISSING: {
    code: Code.Unauthenticated,
    message: "This method needs an access token. Send one as a bearer token.",
  },
  ACCESS_TOKEN_TYPE_UNSUPPORTED: {
    code: Code.Unauthenticated,
    message: "The Authorization header does not hold one bearer token. Send exactly one.",
    error: "invalid_request",
  },
  ACCESS_TOKEN_EXPIRED: {
    code: Code.Unauthenticated,
    message: "The access token has expired. Fetch a new one.",
    error: "invalid_token",
    description: "The access token expired",
  },
  ACCESS_TOKEN_INVALID: {
    code: Code.Unauthenticated,
    message: "The access token is not valid here. Fetch a new one.",
    error: "invalid_token",
  },
  ACCESS_TOKEN_AUDIENCE_MISMATCH: {
    code: Code.Unauthenticated,
    message: "The access token is meant for another API. Ask for one for this API.",
    error: "invalid_token",
  },
  ACCESS_TOKEN_SCOPE_INSUFFICIENT: {
    code: Code.PermissionDenied,
    message: "The access token lacks a scope that this method needs.",
    error: "insufficient_scope",
  },
  INSUFFICIENT_USER_AUTHENTICATION: {
    code: Code.Unauthenticated,
    message: "This method needs a newer or stronger sign-in.",
    error: "insufficient_user_authentication",
  },
  AUTHORITY_UNAVAILABLE: {
    code: Code.Unavailable,
    message: "The access token cannot be checked at the moment. Try again later.",
    error: null,
  },
  METHOD_WITHOUT_RULE: {
    code: Code.PermissionDenied,
    message: "Nobody may call this method: the server has no rule for it.",
    error: null,
  },
};

/**
 * The error a client sees: code, `WWW-Authenticate` (RFC 6750, RFC 9470) and
 * an `ErrorInfo` that repeats the facts of the challenge, for clients that
 * cannot see the header. Says nothing of the keys or of the cause.
 */
export function toConnectError(refusal: Refusal, realm: string): ConnectError {
  const answer = answers[refusal.reason];
  const facts = factsOf(refusal.facts);
  const metadata = new Headers();
  if (answer.error !== null) {
    const error = refusal.check === "cnf" ? "invalid_token" : answer.error;
    const description = answer.description;
    const parameters = { realm, error, error_description: description, ...facts };
    metadata.set("www-authenticate", challenge(parameters));
  }
  const retryAfter = refusal.facts.retryAfterSeconds;
  if (retryAfter !== undefined) metadata.set("retry-after", String(Math.ceil(retryAfter)));
  const info = { reason: refusal.reason, domain: errorDomain, metadata: facts };
  return new ConnectError(answer.message, answer.code, metadata, [
    { desc: ErrorInfoSchema, value: info },
  ]);
}

function factsOf(facts: RefusalFacts): Record<string, string> {
  const { scopes, acrValues, maxAgeSeconds } = facts;
  return {
    ...(scopes === undefined ? {} : { scope: scopes.join(" ") }),
    ...(acrValues === undefined ? {} : { acr_values: acrValues.join(" ") }),
    ...(maxAgeSeconds === undefined ? {} : { max_age: String(maxAgeSeconds) }),
  };
}

function challenge(parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).filter((entry) => entry[1] !== undefined);
  return `Bearer ${given.map(([name, value]) => `${name}=${quoted(value ?? "")}`).join(", ")}`;
}

// A quoted-string of RFC 9110, section 5.6.4, kept to printable ASCII.
function quoted(value: string): string {
  return `"${value.replaceAll(/[^\x20-\x7e]/g, "?").replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
