import { OidcClient, WebStorageStateStore } from "oidc-client-ts";
import { generateRandomNonce } from "oauth4webapi";
import type { AuthorizationServer } from "oauth4webapi";
import { AuthError } from "../core/auth-error.ts";
import type { SignInOptions } from "../core/session.ts";

/** Who signs in where, and what for. */
export interface SignInClient {
  readonly issuer: string;
  readonly clientId: string;
  /** The callback, exactly as it is registered. */
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly offlineAccess?: boolean | undefined;
  readonly resource?: string | undefined;
  readonly prompt?: string | undefined;
  readonly postLogoutRedirectUri?: string | undefined;
  readonly idTokenHint?: boolean | undefined;
}

/** What a sign-in remembers until its callback. Not secret, but of this tab alone. */
export interface SignInNote {
  /** The address to go back to. */
  readonly returnTo: string;
  /** Whether this tab exists only to sign in. */
  readonly inTab: boolean;
  readonly maxAgeSeconds?: number | undefined;
}

/**
 * The library's client with metadata that was checked already, so that it sends
 * no request of its own. Its state goes to `storage`, under a prefix that keeps
 * clients of one page apart.
 */
export function createOidcClient(
  client: SignInClient,
  metadata: Partial<AuthorizationServer>,
  storage: Storage,
): OidcClient {
  const { issuer, clientId, redirectUri, postLogoutRedirectUri } = client;
  return new OidcClient({
    authority: issuer,
    client_id: clientId,
    redirect_uri: redirectUri,
    ...(postLogoutRedirectUri === undefined
      ? {}
      : { post_logout_redirect_uri: postLogoutRedirectUri }),
    metadata: stringsOf({
      issuer,
      authorization_endpoint: metadata.authorization_endpoint,
      end_session_endpoint: metadata.end_session_endpoint,
    }),
    stateStore: new WebStorageStateStore({
      prefix: `connectrpc-oauth.${clientId}@${issuer}.`,
      store: storage,
    }),
  });
}

/**
 * The address that begins a sign-in: authorization code with PKCE S256, a
 * one-time `state`, a `nonce`, and the resource (RFC 9700, section 2.1; RFC 8707).
 */
export async function createSignInAddress(
  client: SignInClient,
  metadata: AuthorizationServer,
  storage: Storage,
  options: SignInOptions,
  note: SignInNote,
): Promise<string> {
  if (metadata.authorization_endpoint === undefined) {
    throw new AuthError(
      "misconfigured",
      `The metadata of ${client.issuer} names no authorization_endpoint, so nobody can sign in.`,
    );
  }
  const request = await createOidcClient(client, metadata, storage).createSigninRequest({
    nonce: generateRandomNonce(),
    scope: scopesToAskFor(client, metadata, options.scopes ?? []).join(" "),
    state: note,
    ...(client.resource === undefined ? {} : { resource: client.resource }),
    ...(client.prompt === undefined ? {} : { prompt: client.prompt }),
    ...(options.acrValues === undefined ? {} : { acr_values: options.acrValues.join(" ") }),
    ...(options.maxAgeSeconds === undefined ? {} : { max_age: options.maxAgeSeconds }),
  });
  return request.url;
}

/**
 * `openid`, for the ID token; `offline_access`, for the refresh token, unless
 * the app wants none or the issuer lists its scopes without it; those of the
 * session; those wanted.
 */
function scopesToAskFor(
  client: SignInClient,
  metadata: AuthorizationServer,
  extra: readonly string[],
): readonly string[] {
  const { offlineAccess = metadata.scopes_supported?.includes("offline_access") ?? true } = client;
  const offline = offlineAccess ? ["offline_access"] : [];
  return [...new Set(["openid", ...offline, ...client.scopes, ...extra])];
}

function stringsOf(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const present = Object.entries(values).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(present);
}
