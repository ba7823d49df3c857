import type { Grant } from "../core/create-token-source.ts";
import type { ServerLocation } from "./authorization-server.ts";
import type { ClientOptions } from "./client-options.ts";
import { openTokenEndpoint } from "./token-endpoint.ts";

const grantType = "urn:ietf:params:oauth:grant-type:token-exchange";
const accessTokenType = "urn:ietf:params:oauth:token-type:access_token";

/** A token, or a function that gives the current one. */
export type TokenInput = string | (() => Promise<string> | string);

/** Options of {@link tokenExchange}. */
export type TokenExchangeOptions = ServerLocation &
  ClientOptions & {
    /** The token of the party on whose behalf the new one is asked for. */
    readonly subjectToken: TokenInput;
    /** Its type (RFC 8693, section 3). Default: an access token. */
    readonly subjectTokenType?: string;
    /** The token of the party that acts, if it is another one. */
    readonly actorToken?: TokenInput;
    /** Its type. Default: an access token. */
    readonly actorTokenType?: string;
    /** The logical name of the API the token is for. */
    readonly audience?: string;
    /** The address of the API the token is for (RFC 8707). */
    readonly resource?: string;
    readonly scopes?: readonly string[];
  };

/** The token-exchange grant (RFC 8693, section 2), for `createTokenSource`. */
export function tokenExchange(options: TokenExchangeOptions): Grant {
  const endpoint = openTokenEndpoint(options);
  return async ({ scopes = options.scopes, resource = options.resource, signal }) => {
    const actorToken = await read(options.actorToken);
    const parameters = {
      subject_token: await read(options.subjectToken),
      subject_token_type: options.subjectTokenType ?? accessTokenType,
      actor_token: actorToken,
      actor_token_type: actorToken && (options.actorTokenType ?? accessTokenType),
      audience: options.audience,
      requested_token_type: accessTokenType,
    };
    return endpoint.request(grantType, parameters, { scopes, resource, signal });
  };
}

async function read(input: TokenInput | undefined): Promise<string | undefined> {
  return typeof input === "function" ? input() : input;
}
