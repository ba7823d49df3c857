import type { AccessToken } from "./access-token.ts";

/** What a caller wants of a token. Everything is optional. */
export interface TokenRequest {
  /** Leaves the wait alone; a refresh that others share goes on. */
  readonly signal?: AbortSignal;
  /**
   * The value of a token that a server has just refused. A new token is fetched
   * only when the current one is still this one.
   */
  readonly rejected?: string | undefined;
  /** The scopes the token must have; by default those of the source. */
  readonly scopes?: readonly string[];
  /** The API the token is for (RFC 8707); by default that of the source. */
  readonly resource?: string;
}

/**
 * Where access tokens come from; after Go's `oauth2.TokenSource`. Asked before
 * every call, it answers from memory while the token is fresh.
 */
export interface TokenSource {
  /**
   * A token that is not expired by this machine's clock. Rejects with an
   * `AuthError`, or with the reason of `request.signal`.
   */
  getToken(request?: TokenRequest): Promise<AccessToken>;
  /**
   * Aborts when tokens handed out so far must no longer be used: after a
   * sign-out, or when another person signs in. A new signal takes its place, so
   * read it at the time of the call. Its reason is an `AuthError`. A source that
   * never ends has none, nor has one that does not know yet whose tokens it has.
   */
  readonly ended?: AbortSignal | undefined;
}
