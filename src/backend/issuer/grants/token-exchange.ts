import type { Provider, TokenEndpointGrantContext } from "oidc-provider";
import { errors } from "oidc-provider";
import { tokenExchangeGrant } from "../clients.ts";
import { permittedScopes, resourceServer } from "../resource-rules.ts";
import type { ResourceRules } from "../resource-rules.ts";
import { narrowScopes, splitScope } from "../scopes.ts";
import type { DelegatedClaims } from "../token-claims.ts";
import { refuseOtherResource } from "./jwt-bearer.ts";
import { requestedScopes } from "./requested-scopes.ts";
import { invalidGrant } from "./verify-assertion.ts";
import { verifyOwnToken } from "./verify-own-token.ts";
import type { OwnToken, OwnTokenRules } from "./verify-own-token.ts";

const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const JWT = "urn:ietf:params:oauth:token-type:jwt";

/** What the grant depends on. */
export interface TokenExchangeSettings extends ResourceRules, OwnTokenRules {
  readonly delegated: DelegatedClaims;
}

interface Parameters {
  readonly subject_token?: string;
  readonly subject_token_type?: string;
  readonly actor_token?: string;
  readonly actor_token_type?: string;
  readonly requested_token_type?: string;
  readonly audience?: string;
  readonly scope?: string;
}

type GrantContext = TokenEndpointGrantContext<Parameters>;

/**
 * Registers token exchange (RFC 8693) for delegation: an access token of this issuer for another one about the same
 * subject, with no more scopes and no longer life, that names who acts (`act`).
 */
export function registerTokenExchange(provider: Provider, settings: TokenExchangeSettings): void {
  const names: (keyof Parameters | "resource")[] = [
    "subject_token",
    "subject_token_type",
    "actor_token",
    "actor_token_type",
    "requested_token_type",
    "audience",
    "resource",
    "scope",
  ];
  provider.registerGrantType<Parameters>(
    tokenExchangeGrant,
    (ctx) => exchangeToken(provider, settings, ctx),
    names,
  );
}

async function exchangeToken(
  provider: Provider,
  settings: TokenExchangeSettings,
  ctx: GrantContext,
): Promise<void> {
  const { client, params } = ctx.oidc;
  const subjectToken = checkParameters(settings, ctx);
  const subject = await verifyOwnToken(settings, subjectToken, "subject_token");
  const actor = await findActor(settings, ctx);
  const wanted = requestedScopes(client, params.scope, splitScope(subject.scope));
  await issue(provider, settings, ctx, { subject, actor, wanted });
}

function checkParameters(
  settings: TokenExchangeSettings,
  { oidc: { params } }: GrantContext,
): string {
  if (!params.subject_token)
    throw new errors.InvalidRequest("missing required parameter 'subject_token'");
  requireType("subject_token_type", params.subject_token_type);
  if (params.requested_token_type !== undefined) {
    requireType("requested_token_type", params.requested_token_type);
  }
  refuseOtherResource(settings, params.resource);
  refuseOtherResource(settings, params.audience);
  return params.subject_token;
}

function requireType(name: string, type: string | undefined): void {
  if (type !== ACCESS_TOKEN && type !== JWT) {
    throw new errors.InvalidRequest(`${name} must be ${ACCESS_TOKEN} or ${JWT}`);
  }
}

/** Who acts: the client, or the subject of an actor token, which must be the client's own. */
async function findActor(
  settings: TokenExchangeSettings,
  { oidc: { client, params } }: GrantContext,
): Promise<string> {
  if (params.actor_token === undefined) {
    if (params.actor_token_type !== undefined) {
      throw new errors.InvalidRequest("actor_token_type is given without actor_token");
    }
    return client.clientId;
  }
  requireType("actor_token_type", params.actor_token_type);
  const actor = await verifyOwnToken(settings, params.actor_token, "actor_token");
  if (actor.clientId !== client.clientId) throw invalidGrant("the actor_token is another client's");
  return actor.subject;
}

interface Exchange {
  readonly subject: OwnToken;
  readonly actor: string;
  readonly wanted: readonly string[];
}

async function issue(
  provider: Provider,
  settings: TokenExchangeSettings,
  ctx: GrantContext,
  { subject, actor, wanted }: Exchange,
): Promise<void> {
  const { client } = ctx.oidc;
  const accountId = settings.accounts.find(subject.subject)?.id;
  if (accountId === undefined)
    throw invalidGrant("the subject of the subject_token is not an account");
  const scope = narrowScopes(wanted, permittedScopes(settings.accounts, client, accountId)).join(
    " ",
  );
  const server = resourceServer(settings, client, accountId);
  const secondsLeft = Math.floor(subject.expiresAt - settings.nowMs() / 1000);
  if (secondsLeft <= 0) throw invalidGrant("the subject_token has expired");
  const token = new provider.AccessToken({
    accountId,
    client,
    grantId: "",
    gty: "token_exchange",
    scope,
    expiresIn: Math.min(server.accessTokenTTL, secondsLeft),
  });
  token.resourceServer = new provider.ResourceServer(settings.apiResource, server);
  settings.delegated.set(token, delegatedClaims(subject, actor));
  ctx.oidc.entity("AccessToken", token);
  ctx.body = {
    access_token: await token.save(),
    issued_token_type: ACCESS_TOKEN,
    token_type: token.tokenType,
    expires_in: token.expiration,
    scope,
  };
}

/** RFC 8693 §4.1: the current actor outermost, earlier ones nested. */
function delegatedClaims({ claims }: OwnToken, actor: string) {
  const { auth_time: authTime, acr, act } = claims;
  return {
    act: { sub: actor, ...(typeof act === "object" && act !== null && { act }) },
    ...(typeof authTime === "number" && { auth_time: authTime }),
    ...(typeof acr === "string" && { acr }),
  };
}
