import type { AccessToken } from "./access-token.ts";

/** A successful answer of a token endpoint (RFC 6749, section 5.1). */
export interface TokenResponse {
  readonly accessToken: AccessToken;
  /** `undefined` means that the one that was sent stays valid. */
  readonly refreshToken: string | undefined;
  readonly idToken: string | undefined;
}

/** What one refresh asks for (RFC 6749, section 6). */
export interface RefreshRequest {
  readonly refreshToken: string;
  readonly scopes?: readonly string[] | undefined;
  readonly resource?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * One refresh at a token endpoint. Rejects with an `AuthError`:
 * `interaction-required`, `misconfigured` or `unavailable`, the last with
 * `ambiguous` when the request may have been carried out.
 */
export type RefreshExchange = (request: RefreshRequest) => Promise<TokenResponse>;

/** Who signed in, out of a verified ID token (OIDC Core, section 2). */
export interface Identity {
  /** The `sub`. */
  readonly subject: string;
  readonly displayName: string | undefined;
}
