import { processGenericTokenEndpointResponse } from "oauth4webapi";
import type { AuthorizationServer, Client, TokenEndpointResponse } from "oauth4webapi";
import type { AccessToken } from "../core/access-token.ts";
import { AuthError } from "../core/auth-error.ts";
import type { Clock } from "../core/ports.ts";
import type { TokenResponse } from "../core/refresh-exchange.ts";
import { busyFailure, toTokenError } from "./token-error.ts";

// RFC 6749, section 5.1, only recommends `expires_in`.
const assumedLifetimeSeconds = 300;

/** One request to a token endpoint, and what is needed to judge its answer. */
export interface TokenRequestOptions {
  readonly server: AuthorizationServer;
  readonly client: Client;
  readonly clock: Clock;
  /** The scopes that were asked for: those of the answer, when it names none. */
  readonly scopes: readonly string[] | undefined;
  /** Ends the request; its reason becomes the error. */
  readonly signal: AbortSignal;
  readonly send: () => Promise<Response>;
}

/**
 * Sends a token request and judges the answer (RFC 6749, section 5). The life of
 * the token counts from the moment of sending.
 */
export async function requestToken(options: TokenRequestOptions): Promise<TokenResponse> {
  const { clock, server, signal } = options;
  const asked = `Asked ${server.token_endpoint ?? server.issuer} for a token`;
  const sentAt = clock.now();
  try {
    const response = await options.send();
    if (response.status === 429 || response.status >= 500) {
      throw busyFailure(asked, response, clock.now());
    }
    const answer = await processGenericTokenEndpointResponse(
      server,
      options.client,
      await withoutIdToken(response),
    );
    return readAnswer(answer, options.scopes, sentAt);
  } catch (reason) {
    if (signal.aborted && signal.reason instanceof AuthError) throw signal.reason;
    throw toTokenError(reason, asked, clock.now());
  }
}

function readAnswer(
  answer: TokenEndpointResponse,
  asked: readonly string[] | undefined,
  sentAt: number,
): TokenResponse {
  const lifetimeMs = (answer.expires_in ?? assumedLifetimeSeconds) * 1000;
  const accessToken: AccessToken = {
    value: answer.access_token,
    type: answer.token_type === "dpop" ? "DPoP" : "Bearer",
    expiresAt: sentAt + lifetimeMs,
    scopes: answer.scope?.split(" ").filter((scope) => scope !== "") ?? asked ?? [],
  };
  return { accessToken, refreshToken: answer.refresh_token, idToken: undefined };
}

// These grants sign nobody in, so an ID token in the answer says nothing new. Its
// times are checked against this machine's clock, and a wrong clock must not cost
// the refresh token that came in the same answer.
async function withoutIdToken(response: Response): Promise<Response> {
  if (response.status !== 200) return response;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  if (typeof body !== "object" || body === null || !("id_token" in body)) return response;
  const { id_token: _, ...rest } = body;
  return new Response(JSON.stringify(rest), { headers: response.headers });
}
