import type { EventEmitter } from "node:events";
import type { Context, Next } from "koa";
import type { Provider as ProviderType } from "oidc-provider";
import { Provider } from "oidc-provider";
import type { SecretVerifier } from "./client-secrets.ts";
import { restrictCors } from "./cors.ts";
import { registerJwtBearer } from "./grants/jwt-bearer.ts";
import type { TrustStore } from "./grants/trust-store.ts";
import { registerTokenExchange } from "./grants/token-exchange.ts";
import { providerConfiguration } from "./provider-configuration.ts";
import type { ProviderParts } from "./provider-configuration.ts";
import { deriveSuccessors } from "./refresh-replay.ts";
import type { RefreshReplay } from "./refresh-replay.ts";
import { isDisconnect, pageHeaders } from "./respond.ts";

/** What makes a provider of ours, besides its configuration. */
export interface ProviderSettings extends ProviderParts {
  /** The issuer identifier. */
  readonly url: string;
  readonly secrets: SecretVerifier;
  readonly trust: TrustStore;
  readonly replay: RefreshReplay;
  readonly nowMs: () => number;
  /** Told of failures that are the provider's own. */
  readonly reportError: (error: unknown) => void;
}

/**
 * Builds an oidc-provider with what it has no setting for: hashed client secrets, an atomic replay check, our grants,
 * `unauthorized_client`, and CORS for one origin.
 *
 * @throws Error when a client's metadata is invalid
 */
export async function createProvider(settings: ProviderSettings): Promise<ProviderType> {
  const provider = new Provider(settings.url, providerConfiguration(settings));
  // The issuer sets X-Forwarded-Proto itself, from its own address.
  provider.proxy = true;
  provider.on("server_error", (_ctx, error) => settings.reportError(error));
  const koa: EventEmitter = provider;
  koa.on("error", (error: unknown) => {
    if (!isDisconnect(error)) settings.reportError(error);
  });
  provider.Client.prototype.compareClientSecret = function compareClientSecret(actual: string) {
    return settings.secrets.verify(this.clientSecret ?? "", actual);
  };
  provider.ReplayDetection.unique = async (iss: string, jti: string, exp: number) =>
    settings.records.markUsed(iss, jti, exp);
  deriveSuccessors(provider, settings.replay);
  registerJwtBearer(provider, settings);
  registerTokenExchange(provider, settings);
  provider.use(correctAnswers(new URL(settings.dashboardUrl).origin));
  await refuseInvalidClients(provider, settings);
  return provider;
}

/** oidc-provider validates a static client at its first request; a mistake should stop the start instead. */
async function refuseInvalidClients(provider: ProviderType, { clients }: ProviderParts) {
  await Promise.all(clients.map(({ client_id }) => provider.Client.find(client_id)));
}

function correctAnswers(dashboardOrigin: string) {
  // An empty list allows nothing; oidc-provider adds the digest of its own self-submitting form.
  const headers = pageHeaders([dashboardOrigin]);
  const policy = `${headers["Content-Security-Policy"]}; script-src`;
  return async (ctx: Context, next: Next) => {
    ctx.set({ ...headers, "Content-Security-Policy": policy });
    await next();
    nameUnauthorizedClient(ctx);
    restrictCors(ctx, dashboardOrigin);
  };
}

/** RFC 6749 §5.2 has a code for a grant that a client may not use; oidc-provider says invalid_request. */
function nameUnauthorizedClient(ctx: Context): void {
  if (ctx.status !== 400 || ctx.oidc?.route !== "token") return;
  const { client, params } = ctx.oidc;
  const grantType: unknown = params?.["grant_type"];
  if (client === undefined || typeof grantType !== "string") return;
  const body: unknown = ctx.body;
  const isInvalidRequest =
    typeof body === "object" &&
    body !== null &&
    "error" in body &&
    body.error === "invalid_request";
  if (isInvalidRequest && !client.grantTypeAllowed(grantType)) {
    ctx.body = {
      error: "unauthorized_client",
      error_description: `the client ${client.clientId} may not use the grant type ${grantType}`,
    };
  }
}
