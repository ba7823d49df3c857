import { attach } from "../client.ts";
import type { Client } from "../client.ts";
import { audience, clientId, issuer, redirectUri } from "../issuer.ts";
import { loadPeer, versionOf } from "../peers.ts";

/** The part of @auth0/auth0-spa-js that is used. */
interface Auth0Client {
  getTokenSilently(): Promise<string>;
  loginWithRedirect(options: { readonly openUrl: (href: string) => void }): Promise<void>;
  handleRedirectCallback(href: string): Promise<unknown>;
}
interface Auth0 {
  readonly Auth0Client: new (options: object) => Auth0Client;
}

const name = "@auth0/auth0-spa-js";

/** auth0-spa-js with refresh tokens that all tabs share, under Web Locks. */
export const auth0: Client = {
  name: "auth0-spa-js",
  version: versionOf(name),
  configuration: "useRefreshTokens, localStorage, getTokenSilently",
  sharesSession: true,
  start: (browser) => {
    let tabs = 0;
    return async (holder) => {
      const file = "dist/auth0-spa-js.production.esm.js";
      const library = await loadPeer<Auth0>(name, file, `${holder}-${++tabs}`);
      const load = () =>
        new library.Auth0Client({
          domain: new URL(issuer).host,
          issuer,
          clientId,
          useRefreshTokens: true,
          cacheLocation: "localstorage",
          authorizationParams: { audience, redirect_uri: redirectUri, scope: "users.read" },
        });
      let client = load();
      return {
        interceptor: attach(() => client.getTokenSilently()),
        async signIn() {
          let departure = "";
          await client.loginWithRedirect({ openUrl: (href) => void (departure = href) });
          client = load();
          await client.handleRedirectCallback(browser.issuer.authorize(departure, holder));
        },
      };
    };
  },
};
