import type { Grant } from "../core/create-token-source.ts";
import type { ServerLocation } from "./authorization-server.ts";
import type { ClientOptions } from "./client-options.ts";
import { inTurn } from "./in-turn.ts";
import { openTokenEndpoint } from "./token-endpoint.ts";

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
     * with the new token, which is then offered once more.
     */
    readonly onRotated?: (refreshToken: string) => Promise<void> | void;
  };

/**
 * The refresh-token grant (RFC 6749, section 6), for `createTokenSource`. It
 * holds the refresh token, so give each token to one grant only.
 */
export function refreshToken(options: RefreshTokenOptions): Grant {
  const endpoint = openTokenEndpoint(options);
  let current = options.refreshToken;
  let kept = current;
  return inTurn(async ({ scopes = options.scopes, resource = options.resource, signal }) => {
    const parameters = { refresh_token: current };
    const request = { scopes, resource, signal };
    const response = await endpoint.request("refresh_token", parameters, request);
    current = response.refreshToken ?? current;
    if (current !== kept) {
      await options.onRotated?.(current);
      kept = current;
    }
    return response;
  });
}
