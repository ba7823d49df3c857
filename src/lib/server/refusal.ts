/** Who defines the reasons in an `ErrorInfo` of this library (AIP-193). */
export const errorDomain = "connectrpc-oauth.dev";

/** The `reason` of the `ErrorInfo` that a refused call carries. A closed set. */
export type RefusalReason =
  /** The call came without an access token. */
  | "CREDENTIALS_MISSING"
  /** Not one bearer token, but another scheme, several, or a bound token. */
  | "ACCESS_TOKEN_TYPE_UNSUPPORTED"
  /** The token was good, and its time is over. */
  | "ACCESS_TOKEN_EXPIRED"
  /** The token was refuted, revoked, or is none. */
  | "ACCESS_TOKEN_INVALID"
  /** The token is meant for another API. */
  | "ACCESS_TOKEN_AUDIENCE_MISMATCH"
  /** The token lacks a scope of the method. */
  | "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
  /** The sign-in behind the token is too weak or too old (RFC 9470). */
  | "INSUFFICIENT_USER_AUTHENTICATION"
  /** Keys or revocations cannot be had now; the token may be good. */
  | "AUTHORITY_UNAVAILABLE"
  /** Nobody said who may call the method. */
  | "METHOD_WITHOUT_RULE";

/** What was looked at when a call was refused, in the order of RFC 9068, section 4. */
export type RefusalCheck =
  | "rule"
  | "header"
  | "format"
  | "typ"
  | "iss"
  | "aud"
  | "alg"
  | "key"
  | "signature"
  | "exp"
  | "nbf"
  | "iat"
  | "claims"
  | "cnf"
  | "revocation"
  | "scope"
  | "acr"
  | "auth_time";

/** What a caller can use to do better. None of it is a secret. */
export interface RefusalFacts {
  readonly scopes?: readonly string[];
  readonly acrValues?: readonly string[];
  readonly maxAgeSeconds?: number;
  readonly retryAfterSeconds?: number;
  /** For the operator's log only; never sent. */
  readonly cause?: unknown;
}

/** A call that is not let in. Never leaves this room; see `toConnectError`. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly reason: RefusalReason;
  readonly check: RefusalCheck;
  readonly facts: RefusalFacts;

  constructor(reason: RefusalReason, check: RefusalCheck, facts: RefusalFacts = {}) {
    super(`${reason} (${check})`, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.reason = reason;
    this.check = check;
    this.facts = facts;
  }
}
