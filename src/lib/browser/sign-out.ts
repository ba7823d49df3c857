import { None, processRevocationResponse, revocationRequest } from "oauth4webapi";
import type { AuthorizationServer, ClientAuth } from "oauth4webapi";
import type { Clock, Fetch, Wake } from "../core/ports.ts";
import type { EndedSession, RefreshCoordinator } from "../core/refresh-coordinator.ts";
import { withTimeout } from "../core/wait.ts";
import { httpOptions } from "../grants/authorization-server.ts";
import type { ResolveServer } from "../grants/authorization-server.ts";
import type { Page } from "./page.ts";
import { createOidcClient } from "./sign-in-request.ts";
import type { SignInClient } from "./sign-in-request.ts";

/** What the end of the issuer's session needs. */
export interface SignOutContext {
  readonly client: SignInClient;
  /** How the client shows who it is; by default it is public. */
  readonly clientAuth?: ClientAuth;
  readonly metadata: ResolveServer;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly page: Page;
  readonly wake: Wake;
  readonly coordinator: RefreshCoordinator;
}

/** Nobody waits long to leave. */
const timeoutMs = 3_000;

/**
 * What a sign-out does after this browser has forgotten the tokens: revokes the
 * refresh token (RFC 7009), and leaves the page to end the issuer's own session
 * (OpenID Connect RP-Initiated Logout). Stays when the issuer cannot be reached,
 * because leaving would only show the browser's error. Never rejects.
 */
export async function leaveIssuer(context: SignOutContext, ended: EndedSession): Promise<void> {
  const wasSignedIn = ended.refreshToken !== undefined || ended.idToken !== undefined;
  const reachable = wasSignedIn && context.wake.online();
  const [address] = await Promise.all([
    reachable ? endAtIssuer(context, ended) : undefined,
    // The store must be empty before the page is gone.
    context.coordinator.settled(),
  ]);
  if (address !== undefined) context.page.leaveFor(address);
}

async function endAtIssuer(
  context: SignOutContext,
  ended: EndedSession,
): Promise<string | undefined> {
  try {
    return await withTimeout(context.clock, timeoutMs, async (signal) => {
      const metadata = await context.metadata(signal);
      if (ended.refreshToken !== undefined) {
        await revoke(context, metadata, ended.refreshToken, signal);
      }
      return await logoutAddress(context, metadata, ended.idToken);
    });
  } catch {
    // Best effort by contract: the person is signed out here already.
    return undefined;
  }
}

async function revoke(
  context: SignOutContext,
  metadata: AuthorizationServer,
  refreshToken: string,
  signal: AbortSignal,
): Promise<void> {
  if (metadata.revocation_endpoint === undefined) return;
  const response = await revocationRequest(
    metadata,
    { client_id: context.client.clientId },
    context.clientAuth ?? None(),
    refreshToken,
    {
      ...httpOptions(context.fetch, context.client.issuer, signal),
      additionalParameters: { token_type_hint: "refresh_token" },
    },
  );
  // An issuer that refuses to revoke can still end its own session.
  await processRevocationResponse(response).catch(() => undefined);
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
