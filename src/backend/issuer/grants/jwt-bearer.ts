import type { Provider, TokenEndpointGrantContext } from "oidc-provider";
import { errors } from "oidc-provider";
import { jwtBearerGrant } from "../clients.ts";
import type { Records } from "../records.ts";
import { permittedScopes, resourceServer } from "../resource-rules.ts";
import type { ResourceRules } from "../resource-rules.ts";
import { narrowScopes } from "../scopes.ts";
import { requestedScopes } from "./requested-scopes.ts";
import type { TrustStore } from "./trust-store.ts";
import { invalidGrant, verifyAssertion } from "./verify-assertion.ts";
import type { VerifiedAssertion } from "./verify-assertion.ts";

/** What the grant depends on. */
export interface JwtBearerSettings extends ResourceRules {
  /** The issuer identifier. */
  readonly url: string;
  readonly trust: TrustStore;
  readonly records: Records;
  readonly nowMs: () => number;
}

interface Parameters {
  readonly assertion?: string;
  readonly scope?: string;
}

type GrantContext = TokenEndpointGrantContext<Parameters>;

/**
 * Registers the JWT bearer grant (RFC 7523 §2.1): an assertion, signed by someone this issuer trusts about the subject,
 * for an access token about that subject. With `offline_access` a refresh token too, as clients need that send their
 * assertion only once.
 */
export function registerJwtBearer(provider: Provider, settings: JwtBearerSettings): void {
  provider.registerGrantType<Parameters>(
    jwtBearerGrant,
    (ctx) => exchangeAssertion(provider, settings, ctx),
    ["assertion", "scope", "resource"],
  );
}

async function exchangeAssertion(
  provider: Provider,
  settings: JwtBearerSettings,
  ctx: GrantContext,
): Promise<void> {
  const { client, params } = ctx.oidc;
  if (!params.assertion) throw new errors.InvalidRequest("missing required parameter 'assertion'");
  refuseOtherResource(settings, params.resource);
  const assertion = await verifyAssertion(assertionRules(settings), params.assertion);
  const scopes = requestedScopes(client, params.scope, assertion.trust.scopes);
  // Last of all checks: a request that fails for another reason does not use the assertion up.
  spend(settings.records, assertion);
  await issue(provider, settings, ctx, assertion.subject, scopes);
}

function assertionRules({ url, trust, nowMs }: JwtBearerSettings) {
  const endpoints = ["/token", "/oauth2/token"].map((path) => new URL(path, url).href);
  return { trust, nowMs, audiences: [url, ...endpoints] };
}

/** RFC 8707 §2: one API is served, whether it is named or not. */
export function refuseOtherResource(
  { apiResource }: ResourceRules,
  resource: string | readonly string[] | undefined,
): void {
  const named = typeof resource === "string" ? [resource] : (resource ?? []);
  if (named.some((value) => value !== apiResource)) {
    throw new errors.InvalidTarget(`the only resource is ${apiResource}`);
  }
}

function spend(records: Records, { issuer, id, expiresAt }: VerifiedAssertion): void {
  if (!records.markUsed(issuer, id, expiresAt)) {
    throw invalidGrant("the assertion was used before; each jti counts once");
  }
}

async function issue(
  provider: Provider,
  settings: JwtBearerSettings,
  ctx: GrantContext,
  accountId: string,
  scopes: readonly string[],
): Promise<void> {
  const { client } = ctx.oidc;
  const apiScope = narrowScopes(scopes, permittedScopes(settings.accounts, client, accountId)).join(
    " ",
  );
  const grant = new provider.Grant({ accountId, clientId: client.clientId });
  grant.addResourceScope(settings.apiResource, apiScope);
  const wantsRefreshToken = scopes.includes("offline_access");
  const grantId = wantsRefreshToken ? await grant.save() : "";
  const gty = "jwt_bearer";
  const token = new provider.AccessToken({ accountId, client, grantId, gty, scope: apiScope });
  token.resourceServer = new provider.ResourceServer(
    settings.apiResource,
    resourceServer(settings, client, accountId),
  );
  ctx.oidc.entity("AccessToken", token);
  const accessToken = await token.save();
  const about = { accountId, client, grantId, gty, resource: settings.apiResource };
  const refreshToken = wantsRefreshToken
    ? await new provider.RefreshToken({
        ...about,
        scope: ["offline_access", apiScope].join(" ").trim(),
        rotations: 0,
      }).save()
    : undefined;
  ctx.body = {
    access_token: accessToken,
    expires_in: token.expiration,
    token_type: token.tokenType,
    ...(scopes.length > 0 && { scope: apiScope }),
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
  };
}
