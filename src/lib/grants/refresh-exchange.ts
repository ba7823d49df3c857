import type { RefreshExchange } from "../core/refresh-exchange.ts";
import { createTokenEndpoint } from "./token-endpoint.ts";
import type { TokenEndpointOptions } from "./token-endpoint.ts";

/** Refreshes at a token endpoint (RFC 6749, section 6; RFC 8707, section 2.2). */
export function createRefreshExchange(options: TokenEndpointOptions): RefreshExchange {
  const endpoint = createTokenEndpoint(options);
  return ({ refreshToken, ...request }) =>
    endpoint.request("refresh_token", { refresh_token: refreshToken }, request);
}
