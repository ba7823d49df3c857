import type { Client } from "oidc-provider";
import { errors } from "oidc-provider";
import { refuseUnknownScopes } from "../resource-rules.ts";
import { splitScope } from "../scopes.ts";

/**
 * The scopes that a token request asks for, each of which must be known, the client's, and within `limit`.
 *
 * @throws errors.InvalidScope naming the scope that is not
 */
export function requestedScopes(
  client: Client,
  scope: string | undefined,
  limit: readonly string[],
): string[] {
  const requested = splitScope(scope);
  refuseUnknownScopes(requested);
  const registered = splitScope(client.scope);
  for (const value of requested) {
    if (!registered.includes(value))
      throw new errors.InvalidScope("requested scope is not allowed", value);
    if (!limit.includes(value))
      throw new errors.InvalidScope("requested scope exceeds what was granted", value);
  }
  return requested;
}
