import { None, revocationRequest } from "oauth4webapi";
import type { AuthorizationServer, ClientAuth } from "oauth4webapi";
import type { Clock, Fetch, Wake } from "../core/ports.ts";
import type { EndedSession, RefreshCoordinator } from "../core/refresh-coordinator.ts";
import { withTimeout } from "../core/wait.ts";
import { httpOptions } from "../grants/authorization-server.ts";
import type { ResolveServer } from "../grants/authorization-server.ts";
import { leavePage } from "./leave-page.ts";
import type { Page } from "./page.ts";
import { createOidcClient } from "./sign-in-request.ts";
import type { SignInClient } from "./sign-in-request.ts";

/** What a revocation needs. */
export interface RevocationContext {
  readonly client: SignInClient;
  /** How the client shows who it is; by default it is public. */
  readonly clientAuth?: ClientAuth;
  readonly metadata: ResolveServer;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

/** What the end of the issuer's session needs. */
export interface SignOutContext extends RevocationContext {
  readonly page: Page;
  readonly wake: Wake;
  readonly coordinator: RefreshCoordinator;
}

/** Nobody waits long to leave. */
const timeoutMs = 3_000;

/**
 * What a sign-out does after this browser has forgotten the tokens: revokes the
 * refresh token (RFC 7009), and leaves the page to end the issuer's own session
 * (OpenID Connect RP-Initiated Logout), whatever became of the revocation. Stays
 * when the issuer's metadata cannot be had, because leaving would only show the
 * browser's error, and when somebody has signed in meanwhile, whose session it
 * would be. Resolves when the page stays. Never rejects.
 */
export async function leaveIssuer(context: SignOutContext, ended: EndedSession): Promise<void> {
  const wasSignedIn = ended.refreshToken !== undefined || ended.idToken !== undefined;
  let address: string | undefined;
  const atIssuer = async (metadata: AuthorizationServer, signal: AbortSignal) => {
    const revoked = revoke(context, metadata, ended.refreshToken, signal);
    address = await logoutAddress(context, metadata, ended.idToken);
    await revoked;
  };
  await Promise.all([
    wasSignedIn && context.wake.online() ? withMetadata(context, atIssuer) : undefined,
    // The store must be empty before the page is gone.
    context.coordinator.settled(),
  ]);
  if (address === undefined || context.coordinator.getSnapshot().state !== "signed-out") return;
  // An issuer may name an address that no browser goes to.
  await leavePage(context, address).catch(() => undefined);
}

/**
 * Revokes a refresh token that nobody has any more: that of a sign-in that a sign-out has
 * overtaken, or of a session that another person's has replaced. Never rejects.
 */
export function revokeUnused(
  context: RevocationContext,
  refreshToken: string | undefined,
): Promise<void> {
  return withMetadata(context, (metadata, signal) =>
    revoke(context, metadata, refreshToken, signal),
  );
}

/** Best effort by contract: the person is signed out here already. */
async function withMetadata(
  { clock, metadata }: RevocationContext,
  work: (metadata: AuthorizationServer, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const run = async (signal: AbortSignal) => work(await metadata(signal), signal);
  await withTimeout(clock, timeoutMs, run).catch(() => undefined);
}

async function revoke(
  { client, clientAuth = None(), fetch }: RevocationContext,
  metadata: AuthorizationServer,
  refreshToken: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (refreshToken === undefined || metadata.revocation_endpoint === undefined) return;
  const options = {
    // Goes on when the page does not: a tab that has signed in closes.
    ...httpOptions((to, init) => fetch(to, { ...init, keepalive: true }), client.issuer, signal),
    additionalParameters: { token_type_hint: "refresh_token" },
  };
  // Its answer changes nothing here, so nobody looks at it.
  await revocationRequest(
    metadata,
    { client_id: client.clientId },
    clientAuth,
    refreshToken,
    options,
  ).catch(() => undefined);
}

async function logoutAddress(
  context: SignOutContext,
  metadata: AuthorizationServer,
  idToken: string | undefined,
): Promise<string | undefined> {
  if (metadata.end_session_endpoint === undefined) return undefined;
  const client = createOidcClient(context.client, metadata, context.page.stateStorage);
  const { idTokenHint, clientId } = context.client;
  const hint = idTokenHint === true && idToken !== undefined ? { id_token_hint: idToken } : {};
  return (await client.createSignoutRequest({ ...hint, client_id: clientId })).url;
}
