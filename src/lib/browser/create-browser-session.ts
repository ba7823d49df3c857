import { isLoopback } from "../core/allowed-origins.ts";
import { AuthError } from "../core/auth-error.ts";
import { createRefreshCoordinator } from "../core/refresh-coordinator.ts";
import type { Session, SignInOptions } from "../core/session.ts";
import { raceSignals } from "../core/wait.ts";
import { createRefreshExchange } from "../grants/refresh-exchange.ts";
import { createBrowserPorts } from "./browser-ports.ts";
import type { BrowserPorts, StoreKind } from "./browser-ports.ts";
import { createDeparture } from "./departure.ts";
import { createEntrance } from "./entrance.ts";
import { createIssuerMetadata } from "./issuer-metadata.ts";
import { signInByRedirect, signInByTab } from "./sign-in.ts";
import type { SignInContext, SignInOutcome } from "./sign-in.ts";
import type { SignInClient } from "./sign-in-request.ts";
import { revokeUnused } from "./sign-out.ts";

/** What a browser session is made of. The client is a public one: it has no secret. */
export interface BrowserSessionOptions {
  /** The issuer, exactly as its metadata names it; https, or http on this machine. */
  readonly issuer: string;
  readonly clientId: string;
  /** The callback: a page of this app, exactly as it is registered. */
  readonly redirectUri: string;
  /** The scopes of the API; `openid` and `offline_access` are added. */
  readonly scopes: readonly string[];
  /**
   * False leaves `offline_access` out (OpenID Connect Core, section 11), for an
   * issuer that gives refresh tokens without it: at Keycloak it makes a session
   * that outlives the person's sign-out elsewhere. By default it is asked for
   * unless the issuer lists its scopes without it.
   */
  readonly offlineAccess?: boolean | undefined;
  /** The API the tokens are for (RFC 8707). */
  readonly resource?: string | undefined;
  /**
   * `shared` (default): encrypted in IndexedDB, for all tabs, across reloads.
   * `memory`: gone with the page.
   */
  readonly store?: StoreKind | undefined;
  /** Where the issuer sends people after a sign-out, exactly as it is registered. */
  readonly postLogoutRedirectUri?: string | undefined;
  /**
   * Sends the ID token as a hint at sign-out (OpenID Connect RP-Initiated Logout,
   * section 2). Default false, because it travels in a URL and so into logs. Some
   * issuers ask the person without it, and some refuse.
   */
  readonly idTokenHint?: boolean | undefined;
  /** `consent` for an issuer that gives refresh tokens only then (OpenID Connect Core, section 11). */
  readonly prompt?: string | undefined;
  /** How long one request to the issuer may take. By default 10,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * How long one renewal may take. Five seconds later a tab goes on without the
   * lock of another tab that stalls in the middle of one. By default 20,000.
   */
  readonly renewalTimeoutMs?: number | undefined;
  /** Replaces parts of the environment, for tests. */
  readonly ports?: Partial<BrowserPorts> | undefined;
}

/** A session in a browser. Make it once, outside of components. */
export interface BrowserSession extends Session {
  /**
   * How the sign-in that this page was opened for went; `none` until `ready()`
   * resolves. The same object as long as nothing changes.
   */
  signInOutcome(): SignInOutcome;
  /** Lets go of timers and listeners; the person stays signed in. */
  close(): void;
}

/**
 * A session that signs people in with authorization code and PKCE at an OpenID
 * Connect issuer, and keeps them signed in. Throws an `AuthError`
 * (`misconfigured`) for options that cannot work. Call `ready()` before
 * rendering: it finishes the sign-in when the page is the callback.
 */
export function createBrowserSession(options: BrowserSessionOptions): BrowserSession {
  checkOptions(options);
  const { issuer, clientId, timeoutMs = 10_000, renewalTimeoutMs } = options;
  const name = `connectrpc-oauth ${clientId} ${issuer}`;
  const ports = createBrowserPorts(
    name,
    options.store ?? "shared",
    options.ports ?? {},
    (message) => coordinator.warn("store", message),
  );
  const { fetch, clock } = ports;
  const client: SignInClient = options;
  const metadata = createIssuerMetadata(issuer, fetch);
  const exchange = createRefreshExchange({ resolveServer: metadata, clientId, fetch, clock });
  const coordinator = createRefreshCoordinator({
    name,
    // Without it an issuer may give a token for nobody in particular (RFC 8707, section 2.2).
    exchange: (request) => exchange({ ...request, resource: request.resource ?? options.resource }),
    ...ports,
    onReplaced(refreshToken) {
      // Where only this tab knows of the new session, the others go on with the old one.
      if (ports.sharesStore()) void revokeUnused({ client, metadata, fetch, clock }, refreshToken);
    },
    ...(renewalTimeoutMs === undefined ? {} : { holdTimeoutMs: renewalTimeoutMs }),
  });
  return assembleSession({ ...ports, client, metadata, timeoutMs, coordinator });
}

function assembleSession(context: SignInContext): BrowserSession {
  const { coordinator } = context;
  const entrance = createEntrance(context);
  const departure = createDeparture(context);
  const begin = (signIn: SignInOptions) => {
    if (signIn.mode !== "tab") return signInByRedirect(context, signIn);
    if (context.sharesStore()) return signInByTab(context, signIn);
    coordinator.warn("store", tabNeedsStore);
    return signInByRedirect(context, signIn);
  };
  return {
    getToken: (request) =>
      entrance.open()
        ? coordinator.getToken(request)
        : raceSignals(entrance.ready(), request?.signal).then(() => coordinator.getToken(request)),
    get ended() {
      // Before that, nobody knows whose session it will be.
      return entrance.open() ? coordinator.ended : undefined;
    },
    getSnapshot: () => entrance.getSnapshot(),
    subscribe: (listener) => entrance.subscribe(listener),
    onEvent: (listener) => coordinator.onEvent(listener),
    ready: () => entrance.ready(),
    signInOutcome: () => entrance.outcome(),
    signIn: (signIn = {}) => departure.enter(() => begin(signIn), signIn.signal),
    async signOut() {
      // Before anything is awaited: from here on no call carries the old token.
      const ended = coordinator.end();
      entrance.forget();
      await departure.leave(ended);
    },
    close: () => coordinator.close(),
  };
}

const tabNeedsStore =
  "Another tab can sign in for this one only through the shared store, which does not work here. " +
  "This page was left instead.";

function checkOptions({ issuer, clientId, redirectUri }: BrowserSessionOptions): void {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  const safe =
    url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
  if (url === undefined || !safe || url.search !== "" || url.hash !== "") {
    throw misconfigured(
      `issuer must be an https address without query, not ${JSON.stringify(issuer)}.`,
    );
  }
  if (clientId === "") throw misconfigured("clientId must not be empty.");
  if (!URL.canParse(redirectUri)) {
    throw misconfigured(`redirectUri must be a whole address, not ${JSON.stringify(redirectUri)}.`);
  }
}

function misconfigured(problem: string): AuthError {
  return new AuthError("misconfigured", `createBrowserSession: ${problem}`);
}
