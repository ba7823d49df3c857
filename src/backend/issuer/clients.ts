import type { DatabaseSync } from "node:sqlite";
import type { ClientMetadata } from "oidc-provider";
import { hashClientSecret } from "./client-secrets.ts";
import type { SecretVerifier } from "./client-secrets.ts";
import { serviceClientId } from "./service-client.ts";

/** The dashboard's client: public, authorization code with PKCE. */
export const dashboardClientId = "user-lookup";

/** RFC 7523 §2.1. */
export const jwtBearerGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** RFC 8693 §2.1. */
export const tokenExchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";

/** The dashboard at `dashboardUrl`, which must be an origin without a path. */
export function dashboardClient(dashboardUrl: string): ClientMetadata {
  return {
    client_id: dashboardClientId,
    client_name: "User Lookup",
    application_type: "web",
    token_endpoint_auth_method: "none",
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    redirect_uris: [new URL("/callback", dashboardUrl).href],
    post_logout_redirect_uris: [new URL("/", dashboardUrl).href],
    scope: "openid offline_access profile email users.read users.contact",
  };
}

/**
 * A program on a person's own machine (RFC 8252): public, PKCE, and a loopback redirect on any port. Everyone can claim
 * to be it, so the person is asked each time (§8.6).
 */
export function nativeClient(): ClientMetadata {
  return {
    client_id: "user-lookup-cli",
    client_name: "User Lookup on the command line",
    application_type: "native",
    token_endpoint_auth_method: "none",
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    redirect_uris: ["http://127.0.0.1/callback", "http://[::1]/callback"],
    scope: "openid offline_access profile email users.read users.contact",
  };
}

/** The client of the client-credentials demo. `secretHash` as {@link storeClientSecret} answers it. */
export function testClient(secretHash: string): ClientMetadata {
  return {
    ...confidential("test-client", secretHash),
    grant_types: ["client_credentials"],
    scope: "users.read",
  };
}

/** The service that brings assertions (RFC 7523) and exchanges tokens (RFC 8693). */
export function serviceClient(secretHash: string): ClientMetadata {
  return {
    ...confidential(serviceClientId, secretHash),
    grant_types: [jwtBearerGrant, tokenExchangeGrant, "refresh_token"],
    scope: "offline_access users.read users.contact admin",
  };
}

function confidential(clientId: string, secretHash: string): ClientMetadata {
  return {
    client_id: clientId,
    client_secret: secretHash,
    token_endpoint_auth_method: "client_secret_basic",
    redirect_uris: [],
    response_types: [],
  };
}

/**
 * Keeps a client's secret in the database as its scrypt hash, and answers that hash. A hash that is there already and
 * belongs to the secret stays, so that starting twice changes nothing.
 */
export async function storeClientSecret(
  database: DatabaseSync,
  verifier: SecretVerifier,
  clientId: string,
  secret: string,
): Promise<string> {
  const row = database
    .prepare("SELECT secret_hash FROM issuer_clients WHERE client_id = ?")
    .get(clientId);
  const stored = row?.["secret_hash"];
  if (typeof stored === "string" && (await verifier.verify(stored, secret))) return stored;
  const hash = await hashClientSecret(secret);
  database
    .prepare(
      `INSERT INTO issuer_clients (client_id, secret_hash) VALUES (?, ?)
       ON CONFLICT (client_id) DO UPDATE SET secret_hash = excluded.secret_hash`,
    )
    .run(clientId, hash);
  return hash;
}
