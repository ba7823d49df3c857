import type { Grant } from "../core/create-token-source.ts";
import type { ServerLocation } from "./authorization-server.ts";
import type { ClientOptions } from "./client-options.ts";
import { openTokenEndpoint } from "./token-endpoint.ts";

/** Options of {@link clientCredentials}. */
export type ClientCredentialsOptions = ServerLocation &
  ClientOptions & {
    /** The scopes to ask for; without them the issuer decides. */
    readonly scopes?: readonly string[];
    /** The API the token is for (RFC 8707). */
    readonly resource?: string;
  };

/** The client-credentials grant (RFC 6749, section 4.4), for `createTokenSource`. */
export function clientCredentials(options: ClientCredentialsOptions): Grant {
  const endpoint = openTokenEndpoint(options);
  return ({ scopes = options.scopes, resource = options.resource, signal }) =>
    endpoint.request("client_credentials", {}, { scopes, resource, signal });
}
