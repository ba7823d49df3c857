import { Code, ConnectError } from "@connectrpc/connect";
import type { Interceptor } from "@connectrpc/connect";
import type { Browser, Client } from "../client.ts";
import { clientId, issuer, redirectUri } from "../issuer.ts";

/**
 * The interceptor that most apps write: refresh on UNAUTHENTICATED, once for all
 * calls of the tab, and sign out only when the issuer refuses the refresh token.
 */
export const reactive: Client = {
  name: "reactive interceptor",
  version: "",
  configuration: "localStorage, single flight in the tab",
  sharesSession: true,
  start: (browser) => (holder) => {
    const tokens = createTokens(browser);
    return Promise.resolve({
      interceptor: createInterceptor(tokens),
      signIn: () => {
        const callback = new URL(browser.issuer.authorize(`${issuer}/authorize`, holder));
        const code = callback.searchParams.get("code") ?? "";
        return tokens.ask({ grant_type: "authorization_code", code, redirect_uri: redirectUri });
      },
    });
  },
};

function createInterceptor(tokens: ReturnType<typeof createTokens>): Interceptor {
  let refreshing: Promise<void> | undefined;
  return (next) => async (request) => {
    request.header.set("Authorization", `Bearer ${tokens.access()}`);
    try {
      return await next(request);
    } catch (error) {
      if (ConnectError.from(error).code !== Code.Unauthenticated) throw error;
      refreshing ??= tokens.refresh().finally(() => (refreshing = undefined));
      await refreshing;
      request.header.set("Authorization", `Bearer ${tokens.access()}`);
      return next(request);
    }
  };
}

function createTokens({ globals }: Browser) {
  const storage = globals.localStorage;
  async function ask(parameters: Readonly<Record<string, string>>): Promise<void> {
    const body = new URLSearchParams({ client_id: clientId, ...parameters });
    const response = await fetch(`${issuer}/token`, { method: "POST", body });
    if (response.status === 400) storage.clear();
    if (!response.ok) throw new Error(`The token endpoint answered ${response.status}.`);
    const answer = (await response.json()) as { access_token: string; refresh_token: string };
    storage.setItem("access_token", answer.access_token);
    storage.setItem("refresh_token", answer.refresh_token);
  }
  return {
    ask,
    access: () => storage.getItem("access_token"),
    async refresh() {
      const refreshToken = storage.getItem("refresh_token");
      if (refreshToken === null) throw new Error("Nobody is signed in.");
      await ask({ grant_type: "refresh_token", refresh_token: refreshToken });
    },
  };
}
