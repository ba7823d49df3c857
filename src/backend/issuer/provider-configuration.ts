import type { ClientMetadata, Configuration } from "oidc-provider";
import { createInteractionPolicy } from "./interaction-policy.ts";
import { accessTokenSeconds, lifetimes } from "./lifetimes.ts";
import { answerLogout, signedOutPage } from "./logout.ts";
import { messagePage } from "./pages/page.ts";
import type { Records } from "./records.ts";
import { loadFirstPartyGrant, refuseForeignScopes, resourceIndicators } from "./resource-rules.ts";
import type { ResourceRules } from "./resource-rules.ts";
import { allScopes } from "./scopes.ts";
import type { SigningKeys } from "./signing-keys.ts";
import { tokenClaims } from "./token-claims.ts";
import type { DelegatedClaims } from "./token-claims.ts";

/** The authentication context that a password sign-in at this issuer reaches (`acr`). */
export const passwordAcr = "urn:user-lookup:acr:password";

/** What a provider is configured from; rotation builds a second provider from the same parts. */
export interface ProviderParts extends ResourceRules {
  readonly records: Records;
  readonly keys: SigningKeys;
  readonly clients: readonly ClientMetadata[];
  readonly dashboardUrl: string;
  readonly delegated: DelegatedClaims;
}

/** The configuration of oidc-provider, in which everything that it leaves open is decided. */
export function providerConfiguration(parts: ProviderParts): Configuration {
  return {
    adapter: (model: string) => parts.records.adapter(model),
    jwks: { keys: [...parts.keys.signing] },
    clients: [...parts.clients],
    cookies: {
      keys: [...parts.keys.cookieSecrets],
      long: { signed: true, httpOnly: true, sameSite: "lax", path: "/" },
      short: { signed: true, httpOnly: true, sameSite: "lax" },
    },
    ...claimsAndScopes(parts),
    ...tokenRules(parts),
    features: features(parts),
    interactions: {
      policy: createInteractionPolicy(),
      url: (_ctx, interaction) => `/interaction/${interaction.uid}`,
    },
    loadExistingGrant: (ctx) => loadFirstPartyGrant(parts, ctx),
    clientBasedCORS: (_ctx, origin) => origin === new URL(parts.dashboardUrl).origin,
    renderError(ctx, out) {
      ctx.type = "html";
      ctx.body = messagePage("That did not work", describe(out), parts.dashboardUrl);
    },
  };
}

function describe({ error, error_description }: { error: string; error_description?: unknown }) {
  const reason = typeof error_description === "string" ? error_description : error;
  return `The request to sign in or out could not be completed: ${reason} (${error}). Start again from User Lookup.`;
}

function claimsAndScopes({ accounts }: ProviderParts): Configuration {
  return {
    scopes: [...allScopes],
    acrValues: [passwordAcr],
    claims: {
      openid: ["sub", "auth_time", "acr", "amr"],
      profile: ["name", "preferred_username"],
      email: ["email", "email_verified"],
    },
    // There is no userinfo endpoint (every token is for the API), so the ID token says it all.
    conformIdTokenClaims: false,
    findAccount(_ctx, id) {
      const account = accounts.find(id);
      return account && { accountId: account.id, claims: () => account.claims };
    },
  };
}

function tokenRules(parts: ProviderParts): Configuration {
  const accessTokenTtl = (_ctx: unknown, token: { clientId?: string | undefined }) =>
    accessTokenSeconds(token.clientId, parts.accessTokenTtlSeconds);
  return {
    clientAuthMethods: ["none", "client_secret_basic", "client_secret_post"],
    responseTypes: ["code"],
    pkce: { required: () => true },
    rotateRefreshToken({ oidc: { client, requestParamScopes } }) {
      // Asked before the token is used up: a request that is refused must not cost it.
      if (client !== undefined) refuseForeignScopes(client, requestParamScopes);
      return true;
    },
    // The dashboard gets one without prompt=consent, which oidc-provider demands for offline_access.
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed("refresh_token"),
    // Signing out ends the refresh tokens of that session.
    expiresWithSession: () => true,
    extraTokenClaims: (ctx, token) => tokenClaims(parts.delegated, ctx, token),
    ttl: {
      AccessToken: accessTokenTtl,
      ClientCredentials: accessTokenTtl,
      AuthorizationCode: lifetimes.authorizationCode,
      Grant: lifetimes.grant,
      IdToken: lifetimes.idToken,
      Interaction: lifetimes.interaction,
      PushedAuthorizationRequest: lifetimes.pushedRequest,
      RefreshToken: lifetimes.refreshToken,
      Session: lifetimes.session,
    },
  };
}

function features(parts: ProviderParts): NonNullable<Configuration["features"]> {
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    clientCredentials: { enabled: true },
    revocation: {
      enabled: true,
      allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
    },
    resourceIndicators: resourceIndicators(parts),
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: answerLogout,
      postLogoutSuccessSource(ctx) {
        ctx.body = signedOutPage(parts.dashboardUrl);
      },
    },
  };
}
