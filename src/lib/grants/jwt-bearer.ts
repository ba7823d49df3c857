import { AuthError } from "../core/auth-error.ts";
import type { Grant, GrantRequest } from "../core/create-token-source.ts";
import type { TokenResponse } from "../core/refresh-exchange.ts";
import type { ServerLocation } from "./authorization-server.ts";
import type { ClientOptions } from "./client-options.ts";
import { inTurn } from "./in-turn.ts";
import { openTokenEndpoint } from "./token-endpoint.ts";
import type { TokenEndpoint } from "./token-endpoint.ts";

const grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** Options of {@link jwtBearer}. */
export type JwtBearerOptions = ServerLocation &
  ClientOptions & {
    /**
     * The signed assertion (RFC 7523, section 3), or a function that makes a
     * fresh one for every exchange. Issuers take each assertion once.
     */
    readonly assertion: string | (() => Promise<string> | string);
    /** The scopes to ask for. With `offline_access` the issuer may give a refresh token. */
    readonly scopes?: readonly string[];
    /** The API the token is for (RFC 8707). */
    readonly resource?: string;
  };

/**
 * The JWT-bearer grant (RFC 7523, section 2.1), for `createTokenSource`. With a
 * fixed assertion it goes on by refresh token when the issuer gave one, and
 * otherwise fails with `misconfigured`, because the assertion is spent.
 */
export function jwtBearer(options: JwtBearerOptions): Grant {
  const endpoint = openTokenEndpoint(options);
  const { assertion } = options;
  const complete = (request: GrantRequest): GrantRequest => ({
    scopes: request.scopes ?? options.scopes,
    resource: request.resource ?? options.resource,
    signal: request.signal,
  });
  if (typeof assertion === "string") return createFixed(endpoint, assertion, complete);
  return async (request) => {
    const parameters = { assertion: await assertion() };
    return endpoint.request(grantType, parameters, complete(request));
  };
}

function createFixed(
  endpoint: TokenEndpoint,
  assertion: string,
  complete: (request: GrantRequest) => GrantRequest,
): Grant {
  let spent = false;
  let refreshToken: string | undefined;
  async function exchange(request: GrantRequest): Promise<TokenResponse> {
    if (refreshToken !== undefined) {
      return endpoint.request("refresh_token", { refresh_token: refreshToken }, request);
    }
    if (spent) throw spentError();
    return endpoint.request(grantType, { assertion }, request);
  }
  return inTurn(async (request) => {
    const response = await exchange(complete(request));
    spent = true;
    refreshToken = response.refreshToken ?? refreshToken;
    return response;
  });
}

function spentError(): AuthError {
  return new AuthError(
    "misconfigured",
    "The assertion was used already, and the issuer gave no refresh token with it. " +
      "Pass a function that makes a fresh assertion, or ask for offline_access.",
  );
}
