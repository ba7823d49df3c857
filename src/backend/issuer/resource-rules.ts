import type { Client, Configuration, Grant, KoaContextWithOIDC } from "oidc-provider";
import { errors } from "oidc-provider";
import type { Accounts } from "./accounts.ts";
import { accessTokenSeconds } from "./lifetimes.ts";
import { allScopes, apiScopes, identityScopes, narrowScopes, splitScope } from "./scopes.ts";

/** What the rules about the one resource server depend on. */
export interface ResourceRules {
  readonly apiResource: string;
  readonly accounts: Accounts;
  readonly accessTokenTtlSeconds: number | undefined;
}

type ResourceIndicators = NonNullable<NonNullable<Configuration["features"]>["resourceIndicators"]>;

/**
 * Resource indicators (RFC 8707) for one API, which is also the default: without it oidc-provider would issue opaque
 * tokens that the API cannot verify.
 */
export function resourceIndicators(rules: ResourceRules): ResourceIndicators {
  return {
    enabled: true,
    defaultResource: (_ctx, _client, oneOf) => oneOf?.[0] ?? rules.apiResource,
    useGrantedResource: () => true,
    getResourceServerInfo(ctx, resource, client) {
      if (resource !== rules.apiResource) {
        throw new errors.InvalidTarget(`the only resource is ${rules.apiResource}`);
      }
      refuseUnknownScopes(ctx.oidc.requestParamScopes);
      return resourceServer(rules, client, ctx.oidc.account?.accountId);
    },
  };
}

/** The API as `client` may use it for the account `accountId`, or for itself when there is no account. */
export function resourceServer(rules: ResourceRules, client: Client, accountId?: string) {
  return {
    scope: permittedScopes(rules.accounts, client, accountId).join(" "),
    audience: rules.apiResource,
    accessTokenFormat: "jwt" as const,
    accessTokenTTL: accessTokenSeconds(client.clientId, rules.accessTokenTtlSeconds),
    jwt: { sign: { alg: "RS256" as const } },
  };
}

/** The API's scopes that the client is registered for and, where the token is about someone, that account has. */
export function permittedScopes(accounts: Accounts, client: Client, accountId?: string): string[] {
  const registered = narrowScopes(apiScopes, splitScope(client.scope));
  if (accountId === undefined) return registered;
  return narrowScopes(registered, accounts.find(accountId)?.scopes ?? []);
}

/** oidc-provider would drop an unknown scope in silence; a typing error deserves RFC 6749 §5.2 invalid_scope. */
export function refuseUnknownScopes(scopes: Iterable<string>): void {
  for (const scope of scopes) {
    if (!allScopes.includes(scope))
      throw new errors.InvalidScope("requested scope is unknown", scope);
  }
}

/** Refuses what a client asks for and is not registered for, which oidc-provider does not check at a refresh. */
export function refuseForeignScopes(client: Client, scopes: Iterable<string>): void {
  const registered = splitScope(client.scope);
  for (const scope of scopes) {
    if (!registered.includes(scope))
      throw new errors.InvalidScope("requested scope is not allowed", scope);
  }
}

/**
 * The grant of a sign-in: the dashboard is first-party, so what it asks for is granted without a question, narrowed to
 * what the person has. The rest is recorded as rejected, so that it is not asked for either.
 */
export async function loadFirstPartyGrant(
  rules: ResourceRules,
  ctx: KoaContextWithOIDC,
): Promise<Grant | undefined> {
  const { client, session } = ctx.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const grant = await findGrant(ctx, client, session.accountId);
  const requested = ctx.oidc.requestParamScopes;
  const allowed = permittedScopes(rules.accounts, client, session.accountId);
  grant.rejected = undefined;
  // oidc-provider looks for every scope of its own list in both places.
  grant.addOIDCScope(narrowScopes(requested, [...identityScopes, ...allowed]));
  grant.addResourceScope(rules.apiResource, narrowScopes(requested, allowed));
  const refused = [...requested].filter((scope) => !allowed.includes(scope));
  grant.rejectResourceScope(rules.apiResource, narrowScopes(refused, apiScopes));
  grant.rejectOIDCScope(narrowScopes(refused, apiScopes));
  await grant.save();
  return grant;
}

async function findGrant(
  ctx: KoaContextWithOIDC,
  client: Client,
  accountId: string,
): Promise<Grant> {
  const { provider, session } = ctx.oidc;
  const grantId = session?.grantIdFor(client.clientId);
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  if (existing?.accountId === accountId) return existing;
  return new provider.Grant({ accountId, clientId: client.clientId });
}
