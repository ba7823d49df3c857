import { ClientSecretBasic, ClientSecretPost, None } from "oauth4webapi";
import type { ClientAuth } from "oauth4webapi";
import type { Grant } from "../core/create-token-source.ts";
import type { Clock, Fetch } from "../core/ports.ts";
import { systemClock, systemFetch } from "../core/system.ts";
import { createServerResolver } from "./authorization-server.ts";
import type { ServerLocation } from "./authorization-server.ts";
import { createRefreshExchange } from "./refresh-exchange.ts";

/** What every grant is told of the client. */
export interface ClientOptions {
  readonly clientId: string;
  /** Absent for a public client (RFC 6749, section 2.1). */
  readonly clientSecret?: string;
  /**
   * How the secret is sent (RFC 6749, section 2.3.1). Default
   * `client_secret_basic`.
   */
  readonly clientAuthentication?: "client_secret_basic" | "client_secret_post";
  readonly fetch?: Fetch;
  readonly clock?: Clock;
}

/** Options of {@link refreshToken}. */
export type RefreshTokenOptions = ServerLocation &
  ClientOptions & {
    /** The refresh token to begin with. */
    readonly refreshToken: string;
    /** The scopes to ask for; by default all that were granted. */
    readonly scopes?: readonly string[];
    /** The API the token is for (RFC 8707). */
    readonly resource?: string;
    /**
     * Gets every new refresh token before the access token that came with it is
     * used, to keep it. When it rejects, the exchange fails and is tried again
     * with the new token.
     */
    readonly onRotated?: (refreshToken: string) => Promise<void> | void;
  };

/**
 * The refresh-token grant (RFC 6749, section 6), for `createTokenSource`. It
 * holds the refresh token, so give each token to one grant only.
 */
export function refreshToken(options: RefreshTokenOptions): Grant {
  const fetch = options.fetch ?? systemFetch;
  const exchange = createRefreshExchange({
    resolveServer: createServerResolver(options, fetch),
    clientId: options.clientId,
    clientAuth: readClientAuth(options),
    fetch,
    clock: options.clock ?? systemClock,
  });
  let current = options.refreshToken;
  return async ({ scopes = options.scopes, resource = options.resource, signal }) => {
    const response = await exchange({ refreshToken: current, scopes, resource, signal });
    const rotated = response.refreshToken;
    if (rotated !== undefined && rotated !== current) {
      current = rotated;
      await options.onRotated?.(rotated);
    }
    return response;
  };
}

function readClientAuth({ clientSecret, clientAuthentication }: ClientOptions): ClientAuth {
  if (clientSecret === undefined) return None();
  return clientAuthentication === "client_secret_post"
    ? ClientSecretPost(clientSecret)
    : ClientSecretBasic(clientSecret);
}
