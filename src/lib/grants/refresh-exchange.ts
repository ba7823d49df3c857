import { None, refreshTokenGrantRequest } from "oauth4webapi";
import type { ClientAuth } from "oauth4webapi";
import type { Clock, Fetch } from "../core/ports.ts";
import type { RefreshExchange } from "../core/refresh-exchange.ts";
import { httpOptions } from "./authorization-server.ts";
import type { ResolveServer } from "./authorization-server.ts";
import { requestToken } from "./token-request.ts";

/** What a refresh needs to know of client and server. */
export interface RefreshExchangeOptions {
  readonly resolveServer: ResolveServer;
  readonly clientId: string;
  /** How the client shows who it is; by default it is public (RFC 6749, section 2.1). */
  readonly clientAuth?: ClientAuth;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

/** Refreshes at a token endpoint (RFC 6749, section 6; RFC 8707, section 2.2). */
export function createRefreshExchange(options: RefreshExchangeOptions): RefreshExchange {
  const { resolveServer, fetch, clock, clientAuth = None() } = options;
  const client = { client_id: options.clientId };
  return async ({ refreshToken, scopes, resource, signal }) => {
    const server = await resolveServer(signal);
    const url = server.token_endpoint ?? server.issuer;
    const additionalParameters = new URLSearchParams();
    if (scopes !== undefined) additionalParameters.set("scope", scopes.join(" "));
    if (resource !== undefined) additionalParameters.set("resource", resource);
    return requestToken({
      server,
      client,
      clock,
      scopes,
      signal,
      send: () =>
        refreshTokenGrantRequest(server, client, clientAuth, refreshToken, {
          ...httpOptions(fetch, url, signal),
          additionalParameters,
        }),
    });
  };
}
