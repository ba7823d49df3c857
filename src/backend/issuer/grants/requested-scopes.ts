import type { Client } from "oidc-provider";
import { errors } from "oidc-provider";
import { refuseForeignScopes, refuseUnknownScopes } from "../resource-rules.ts";
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
  refuseForeignScopes(client, requested);
  for (const value of requested) {
    if (!limit.includes(value))
      throw new errors.InvalidScope("requested scope exceeds what was granted", value);
  }
  return requested;
}
