import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { createAuthInterceptor } from "connectrpc-oauth";
import { sessionFromUserManager } from "connectrpc-oauth/browser";
import { UserManager, WebStorageStateStore } from "oidc-client-ts";
import { UserService } from "../../../src/gen/user/v1/user_service_pb.ts";

/** Where this deployment is; the app reads it from `config.json`. */
export interface Settings {
  readonly issuer: string;
  readonly clientId: string;
  readonly resource: string;
  readonly apiBaseUrl: string;
}

/** What the app had before, and the three lines that make its calls last. */
export function createServices({ issuer, clientId, resource, apiBaseUrl }: Settings) {
  const userManager = new UserManager({
    authority: issuer,
    client_id: clientId,
    redirect_uri: `${location.origin}/callback`,
    post_logout_redirect_uri: `${location.origin}/`,
    scope: "openid offline_access profile users.read",
    resource,
    userStore: new WebStorageStateStore({ store: localStorage }),
    automaticSilentRenew: false, // The session renews.
  });
  const session = sessionFromUserManager(userManager); // 1
  const auth = createAuthInterceptor({ tokenSource: session, origins: [apiBaseUrl] }); // 2
  const transport = createGrpcWebTransport({ baseUrl: apiBaseUrl, interceptors: [auth] }); // 3
  return { userManager, users: createClient(UserService, transport) };
}

/** What {@link createServices} makes. */
export type Services = ReturnType<typeof createServices>;
