import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createBrowserSession } from "../lib/browser/index.ts";
import { createAuthInterceptor } from "../lib/core/index.ts";
import { SiteConfigError, parseSiteConfig } from "../site/index.ts";
import type { SiteConfig } from "../site/index.ts";
import { App } from "./app.tsx";
import { ConfigErrorPage } from "./features/session/config-error.tsx";
import { goTo, hrefOf } from "./lib/navigation.ts";
import { losesWithReload } from "./lib/reload-once.ts";
import { safeStorage } from "./lib/safe-storage.ts";
import { loadWords, words } from "./messages/messages.ts";
import { apiRules } from "./rpc/api-rules.ts";
import { createCallLog } from "./rpc/call-log.ts";

const CALLBACK_PATH = "/callback";

/** The only file of the dashboard that puts real things together. */
export async function main(): Promise<void> {
  const element = document.getElementById("root");
  if (element === null) throw new Error("index.html has no element with the id root.");
  const root = createRoot(element);
  try {
    const config = await loadConfig();
    // A session in memory ends with its page.
    if (config.store === "memory") losesWithReload();
    root.render(
      <StrictMode>
        <App {...wire(config)} />
      </StrictMode>,
    );
  } catch (reason) {
    if (!(reason instanceof SiteConfigError)) throw reason;
    root.render(<ConfigErrorPage field={reason.field} message={reason.message} />);
  }
}

/** Configuration and words come at the same time; what went wrong is said in those words. */
async function loadConfig(): Promise<SiteConfig> {
  const answer = fetchConfig().catch(() => undefined);
  await loadWords(navigator.languages);
  document.documentElement.lang = words().language;
  const value = await answer;
  if (value === undefined) throw new SiteConfigError("", words().configError.unreadable);
  return parseSiteConfig(value);
}

async function fetchConfig(): Promise<unknown> {
  const response = await fetch(hrefOf("/config.json"));
  return response.ok ? ((await response.json()) as unknown) : undefined;
}

function wire(config: SiteConfig) {
  const session = createBrowserSession({
    issuer: config.issuer,
    clientId: config.clientId,
    redirectUri: new URL(hrefOf(CALLBACK_PATH), location.origin).href,
    postLogoutRedirectUri: new URL(hrefOf("/"), location.origin).href,
    scopes: config.scopes,
    // What config.json says is what is asked for: not every issuer wants it.
    offlineAccess: config.scopes.includes("offline_access"),
    store: config.store,
    idTokenHint: config.idTokenHint,
    ...(config.resource === undefined ? {} : { resource: config.resource }),
  });
  const calls = createCallLog();
  const auth = createAuthInterceptor({
    tokenSource: session,
    origins: [new URL(config.apiBaseUrl).origin],
    rules: apiRules(config.scopes),
  });
  const transport = createGrpcWebTransport({
    baseUrl: config.apiBaseUrl,
    interceptors: [calls.outer, auth, calls.inner],
  });
  // A callback that brought nobody in leaves an address that means nothing any more.
  void session.ready().then(() => {
    if (location.pathname === hrefOf(CALLBACK_PATH)) goTo("/", { replace: true });
  });
  const signInProblem = () => {
    const outcome = session.signInOutcome();
    return outcome.type === "failed" ? outcome.error.message : undefined;
  };
  return { session, transport, config, calls, storage: safeStorage(), signInProblem };
}
