/**
 * An OAuth 2.0 access token as a client sees it (RFC 6749, section 5.1). The
 * value is opaque: a client must not look inside (RFC 9068, section 6).
 */
export interface AccessToken {
  /** What goes behind the scheme in the `Authorization` header. A secret. */
  readonly value: string;
  /** The scheme of the `Authorization` header (RFC 6750, RFC 9449). */
  readonly type: "Bearer" | "DPoP";
  /**
   * Epoch milliseconds of this machine's clock: the moment the token request
   * was sent plus `expires_in`, so that latency only ever shortens the life.
   */
  readonly expiresAt: number;
  /** The scopes that were granted. */
  readonly scopes: readonly string[];
}
