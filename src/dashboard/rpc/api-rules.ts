import type { MethodRules } from "../../lib/core/index.ts";

/** The scopes that the methods of UserService name; written out, since the contract is loaded later. */
export const apiScopes: readonly string[] = ["users.read", "users.contact"];

/**
 * What this deployment knows better than the contract. Some issuers have roles
 * and no scopes of an API (ZITADEL). Where sign-in asks for none of the API's
 * scopes, the page does not look for them in a token: the server decides.
 */
export function apiRules(scopes: readonly string[]): MethodRules {
  const own = (scope: string) => apiScopes.some((name) => `/${scope}`.endsWith(`/${name}`));
  return scopes.some(own) ? {} : { "user.v1.UserService/*": { scopes: [] } };
}
