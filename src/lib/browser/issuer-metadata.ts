import type { AuthorizationServer } from "oauth4webapi";
import { AuthError } from "../core/auth-error.ts";
import type { Fetch } from "../core/ports.ts";
import { createServerResolver } from "../grants/authorization-server.ts";
import type { ResolveServer } from "../grants/authorization-server.ts";

/**
 * Finds the issuer's metadata (OpenID Connect Discovery, section 4) and keeps
 * it. Rejects with an `AuthError`: `misconfigured` when its `issuer` is not
 * exactly the configured one (section 4.3), `unavailable` when there is no answer.
 */
export function createIssuerMetadata(issuer: string, fetch: Fetch): ResolveServer {
  const resolve = createServerResolver({ issuer }, fetch);
  return async (signal) => {
    const metadata = await resolve(signal);
    if (metadata.issuer !== issuer) {
      throw new AuthError(
        "misconfigured",
        `The issuer was configured as ${issuer}, but its metadata names ${metadata.issuer}. ` +
          "Both must be the same, to the last slash.",
      );
    }
    return withoutAlgNone(metadata);
  };
}

// An issuer may list `none` for other clients; from us it is never accepted (RFC 8725, section 3.2).
function withoutAlgNone(metadata: AuthorizationServer): AuthorizationServer {
  const listed = metadata.id_token_signing_alg_values_supported;
  if (listed === undefined) return metadata;
  return {
    ...metadata,
    id_token_signing_alg_values_supported: listed.filter((alg) => alg !== "none"),
  };
}
