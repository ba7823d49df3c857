import { None, processRevocationResponse, revocationRequest } from "oauth4webapi";
import type { AuthorizationServer } from "oauth4webapi";
import type { Clock, Fetch } from "../core/ports.ts";
import type { EndedSession } from "../core/refresh-coordinator.ts";
import { withTimeout } from "../core/wait.ts";
import { httpOptions } from "../grants/authorization-server.ts";
import type { ResolveServer } from "../grants/authorization-server.ts";
import type { Page } from "./page.ts";
import { createOidcClient } from "./sign-in-request.ts";
import type { SignInClient } from "./sign-in-request.ts";

/** What the end of the issuer's session needs. */
export interface SignOutContext {
  readonly client: SignInClient;
  readonly metadata: ResolveServer;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly page: Page;
}

/**
 * Revokes the refresh token (RFC 7009) and gives the address that ends the
 * issuer's own session (OpenID Connect RP-Initiated Logout). `undefined` when
 * it has none, or cannot be reached: then leaving the page would only show the
 * browser's error. Never rejects, and takes no longer than `timeoutMs`.
 */
export async function endAtIssuer(
  context: SignOutContext,
  ended: EndedSession,
): Promise<string | undefined> {
  try {
    return await withTimeout(context.clock, context.timeoutMs, async (signal) => {
      const metadata = await context.metadata(signal);
      if (ended.refreshToken !== undefined) {
        await revoke(context, metadata, ended.refreshToken, signal);
      }
      return await logoutAddress(context, metadata, ended.idToken);
    });
  } catch {
    // Best effort by contract: this browser has forgotten the tokens already.
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
    None(),
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
  const hint = idToken === undefined ? {} : { id_token_hint: idToken };
  return (await client.createSignoutRequest(hint)).url;
}
