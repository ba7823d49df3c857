import { genericTokenEndpointRequest, None } from "oauth4webapi";
import type { ClientAuth } from "oauth4webapi";
import type { GrantRequest } from "../core/create-token-source.ts";
import type { Clock, Fetch } from "../core/ports.ts";
import type { TokenResponse } from "../core/refresh-exchange.ts";
import { systemClock, systemFetch } from "../core/system.ts";
import { assertUrl, createServerResolver, httpOptions, noAnswer } from "./authorization-server.ts";
import type { ResolveServer, ServerLocation } from "./authorization-server.ts";
import { readClientAuth } from "./client-options.ts";
import type { ClientOptions } from "./client-options.ts";
import { judgeTokenResponse } from "./token-response.ts";

/** One client at one token endpoint. */
export interface TokenEndpoint {
  /**
   * Runs a grant (RFC 6749, section 4); parameters that are undefined are left
   * out. The life of the token counts from the moment of sending.
   */
  request(
    grantType: string,
    parameters: Readonly<Record<string, string | undefined>>,
    request: GrantRequest,
  ): Promise<TokenResponse>;
}

/** What is needed to talk to a token endpoint. */
export interface TokenEndpointOptions {
  readonly resolveServer: ResolveServer;
  readonly clientId: string;
  /** By default the client is public (RFC 6749, section 2.1). */
  readonly clientAuth?: ClientAuth;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

/** The token endpoint of a grant's options. */
export function openTokenEndpoint(options: ServerLocation & ClientOptions): TokenEndpoint {
  const fetch = options.fetch ?? systemFetch;
  return createTokenEndpoint({
    resolveServer: createServerResolver(options, fetch),
    clientId: options.clientId,
    clientAuth: readClientAuth(options),
    fetch,
    clock: options.clock ?? systemClock,
  });
}

/** A token endpoint over metadata that is resolved at the first request. */
export function createTokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  const { resolveServer, fetch, clock, clientAuth = None() } = options;
  const client = { client_id: options.clientId };
  return {
    async request(grantType, parameters, { scopes, resource, signal }) {
      const server = await resolveServer(signal);
      const url = assertUrl("The issuer's token_endpoint", server.token_endpoint ?? "").href;
      const asked = `Asked ${url} for a token`;
      const body = defined({ ...parameters, scope: scopes?.join(" "), resource });
      const http = httpOptions(fetch, url, signal);
      const sentAt = clock.now();
      const response = await genericTokenEndpointRequest(
        server,
        client,
        clientAuth,
        grantType,
        body,
        http,
      ).catch((reason: unknown) => {
        throw noAnswer(asked, reason, signal, { ambiguous: true });
      });
      return judgeTokenResponse(response, { asked, scopes, sentAt, now: clock.now() });
    },
  };
}

function defined(parameters: Readonly<Record<string, string | undefined>>): URLSearchParams {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== "") body.set(name, value);
  }
  return body;
}
