import type { AccessToken, ClientCredentials, KoaContextWithOIDC } from "oidc-provider";

/** Claims of RFC 9068 §2.2.1 and RFC 8693 §4.1 that an access token carries besides the registered ones. */
export interface TokenClaims {
  readonly auth_time?: number;
  readonly acr?: string;
  readonly amr?: readonly string[];
  readonly act?: object;
}

/** What is said of a token that oidc-provider knows no source for; the grant that makes the token sets it. */
export type DelegatedClaims = WeakMap<object, TokenClaims>;

/** How and when the person signed in, from the code or the refresh token that `token` is issued for. */
export function tokenClaims(
  delegated: DelegatedClaims,
  ctx: KoaContextWithOIDC,
  token: AccessToken | ClientCredentials,
): Record<string, unknown> {
  const said = delegated.get(token);
  if (said !== undefined) return { ...said };
  const { AuthorizationCode, RefreshToken } = ctx.oidc.entities;
  const source = AuthorizationCode ?? RefreshToken;
  const claims = { auth_time: source?.authTime, acr: source?.acr, amr: source?.amr };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}
