import {
  authorizationCodeGrantRequest,
  clockSkew,
  clockTolerance,
  getValidatedIdTokenClaims,
  None,
  processAuthorizationCodeResponse,
  validateAuthResponse,
} from "oauth4webapi";
import type { AuthorizationServer, Client, IDToken, TokenEndpointResponse } from "oauth4webapi";
import type { SigninState } from "oidc-client-ts";
import type { Clock, Fetch } from "../core/ports.ts";
import type { Identity, TokenResponse } from "../core/refresh-exchange.ts";
import { httpOptions } from "../grants/authorization-server.ts";
import { assumedLifetimeSeconds } from "../grants/token-response.ts";
import { SignInRejected } from "./sign-in-error.ts";
import type { SignInClient, SignInNote } from "./sign-in-request.ts";

/** A sign-in that came to its end. */
export interface FinishedSignIn {
  readonly response: TokenResponse;
  readonly identity: Identity;
}

/** What finishing a sign-in needs. */
export interface CallbackContext {
  readonly client: SignInClient;
  readonly metadata: AuthorizationServer;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A people's clock may be this wrong before their ID token counts as expired. */
const clockToleranceSeconds = 300;

/**
 * Turns the parameters of a callback into tokens. In this order: `iss` and
 * `state` (RFC 9207), `error`, the code (RFC 6749, section 4.1.3), and the ID
 * token: `iss`, `aud`, `azp`, `exp`, `iat`, `nonce`, `alg`, and `auth_time` when
 * it was asked for (OpenID Connect Core, section 3.1.3.7). Its signature is not
 * checked: it comes from the token endpoint itself (same section, item 6).
 */
export async function finishSignIn(
  context: CallbackContext,
  parameters: URLSearchParams,
  state: SigninState,
): Promise<FinishedSignIn> {
  const { client, metadata, clock, signal } = context;
  const oauthClient = describeClient(client, clock);
  const checked = validateAuthResponse(metadata, oauthClient, parameters, state.id);
  // The life of the token counts from here, so that latency only shortens it.
  const sentAt = clock.now();
  const answer = await authorizationCodeGrantRequest(
    metadata,
    oauthClient,
    None(),
    checked,
    client.redirectUri,
    required(state.code_verifier, "code_verifier"),
    {
      ...httpOptions(context.fetch, client.issuer, signal),
      ...(client.resource === undefined
        ? {}
        : { additionalParameters: { resource: client.resource } }),
    },
  );
  const { maxAgeSeconds } = readNote(state);
  const result = await processAuthorizationCodeResponse(metadata, oauthClient, answer, {
    expectedNonce: required(state.nonce, "nonce"),
    ...(maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds }),
    requireIdToken: true,
  });
  return toFinishedSignIn(client, result, sentAt, state.scope);
}

/** What the sign-in remembered; with defaults for whatever is not there. */
export function readNote(state: SigninState): Partial<SignInNote> {
  const data: unknown = state.data;
  if (typeof data !== "object" || data === null) return {};
  return {
    ...("returnTo" in data && typeof data.returnTo === "string" ? { returnTo: data.returnTo } : {}),
    ...("inTab" in data ? { inTab: data.inTab === true } : {}),
    ...("maxAgeSeconds" in data && typeof data.maxAgeSeconds === "number"
      ? { maxAgeSeconds: data.maxAgeSeconds }
      : {}),
  };
}

function describeClient(client: SignInClient, clock: Clock): Client {
  return {
    client_id: client.clientId,
    [clockSkew]: Math.round((clock.now() - Date.now()) / 1000),
    [clockTolerance]: clockToleranceSeconds,
  };
}

function toFinishedSignIn(
  client: SignInClient,
  result: TokenEndpointResponse,
  sentAt: number,
  requestedScope: string,
): FinishedSignIn {
  const claims = getValidatedIdTokenClaims(result);
  if (claims === undefined) throw new SignInRejected("there is no ID token");
  // The library checks azp only beside several audiences; item 5 wants it checked when present.
  if (claims.azp !== undefined && claims.azp !== client.clientId) {
    throw new SignInRejected('the ID token was issued for another client ("azp")');
  }
  if (result.token_type !== "bearer") {
    throw new SignInRejected("the access token is not a bearer token");
  }
  const scopes = (result.scope ?? requestedScope).split(" ").filter((scope) => scope !== "");
  return {
    identity: { subject: claims.sub, displayName: displayName(claims) },
    response: {
      accessToken: {
        value: result.access_token,
        type: "Bearer",
        expiresAt: sentAt + (result.expires_in ?? assumedLifetimeSeconds) * 1000,
        scopes,
      },
      refreshToken: result.refresh_token,
      idToken: result.id_token,
    },
  };
}

/** The name to show a person, of the claims that may hold one (OpenID Connect Core, section 5.1). */
export function displayName(
  claims: Readonly<Record<string, unknown>> | IDToken,
): string | undefined {
  for (const claim of ["name", "preferred_username", "email"]) {
    const value = claims[claim];
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}

function required(value: string | undefined, name: string): string {
  if (value === undefined) throw new SignInRejected(`this tab remembers no ${name} of the sign-in`);
  return value;
}
