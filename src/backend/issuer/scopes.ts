/** Scopes of the UserService, as the method options of `user.v1` name them. */
export const apiScopes = ["users.read", "users.contact", "admin"] as const;

/** Scopes that concern the person and the session, not the API (OpenID Connect Core §5.4, §11). */
export const identityScopes = ["openid", "offline_access", "profile", "email"] as const;

/** One of {@link apiScopes}. */
export type ApiScope = (typeof apiScopes)[number];

/** Every scope this issuer knows. */
export const allScopes: readonly string[] = [...identityScopes, ...apiScopes];

/** Splits a scope parameter (RFC 6749 §3.3) into its distinct values; none for an absent or empty one. */
export function splitScope(scope: string | undefined): string[] {
  return [...new Set((scope ?? "").split(" ").filter((value) => value !== ""))];
}

/** The members of `scopes` that are in `allowed` too, in the order of `scopes`. */
export function narrowScopes(scopes: Iterable<string>, allowed: Iterable<string>): string[] {
  const permitted = new Set(allowed);
  return [...scopes].filter((scope) => permitted.has(scope));
}
