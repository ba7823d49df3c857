import { ClientSecretBasic, ClientSecretPost, generateRandomNonce, None } from "oauth4webapi";
import type { ClientAuth } from "oauth4webapi";
import type { User, UserManager } from "oidc-client-ts";
import { AuthError } from "../core/auth-error.ts";
import type { Clock } from "../core/ports.ts";
import { createRefreshCoordinator } from "../core/refresh-coordinator.ts";
import type { RefreshCoordinator } from "../core/refresh-coordinator.ts";
import type { Session, SignInOptions } from "../core/session.ts";
import { systemClock } from "../core/system.ts";
import { defaultKey } from "../core/token-key.ts";
import { raceSignals } from "../core/wait.ts";
import type { ResolveServer } from "../grants/authorization-server.ts";
import { createRefreshExchange } from "../grants/refresh-exchange.ts";
import { createBrowserPorts } from "./browser-ports.ts";
import type { BrowserPorts } from "./browser-ports.ts";
import { toSignInError } from "./sign-in-error.ts";
import { leaveIssuer } from "./sign-out.ts";
import { createUserManagerStore } from "./user-manager-store.ts";
import type { UserManagerStore } from "./user-manager-store.ts";
import { userToRecord } from "./user-record.ts";

/** A session over an app's own `UserManager`. */
export interface UserManagerSession extends Session {
  /** Lets go of timers and listeners; the person stays signed in. */
  close(): void;
}

/**
 * The same coordinator for an app that signs in with oidc-client-ts or
 * react-oidc-context. The app goes on signing in, and finishing its callback,
 * with its manager; this session renews, and hears of both through the
 * manager's events. Nothing else may renew: throws an `AuthError`
 * (`misconfigured`) while `automaticSilentRenew` is on, and with DPoP. Make it
 * once, outside of components, and call `ready()`.
 */
export function sessionFromUserManager(
  manager: UserManager,
  options: { readonly ports?: Partial<BrowserPorts> } = {},
): UserManagerSession {
  const { settings } = manager;
  checkSettings(settings);
  const name = `connectrpc-oauth manager ${settings.client_id} ${settings.authority}`;
  const given = options.ports ?? {};
  const store = createUserManagerStore(manager, given.clock ?? systemClock);
  const ports = createBrowserPorts(name, "shared", { ...given, store }, () => undefined);
  const exchange = createRefreshExchange({
    resolveServer: resolveFrom(manager),
    clientId: settings.client_id,
    clientAuth: clientAuthOf(settings),
    fetch: ports.fetch,
    clock: ports.clock,
  });
  const resource = [settings.resource ?? []].flat()[0];
  const coordinator = createRefreshCoordinator({
    name,
    exchange: (request) => exchange({ ...request, resource: request.resource ?? resource }),
    ...ports,
  });
  const stops = followManager(manager, coordinator, store, ports.clock);
  return {
    getToken: (request) => coordinator.getToken(request),
    get ended() {
      return coordinator.ended;
    },
    getSnapshot: () => coordinator.getSnapshot(),
    subscribe: (listener) => coordinator.subscribe(listener),
    onEvent: (listener) => coordinator.onEvent(listener),
    ready: () => coordinator.load(),
    signIn: (signIn = {}) => signInWith(manager, ports, signIn),
    signOut: () => signOutWith(manager, coordinator, ports),
    close() {
      for (const stop of stops) stop();
      coordinator.close();
    },
  };
}

/** The app signs in and out through its manager, too. */
function followManager(
  manager: UserManager,
  coordinator: RefreshCoordinator,
  store: UserManagerStore,
  clock: Clock,
): readonly (() => void)[] {
  const establish = async (user: User) => {
    store.known(user);
    const epoch = coordinator.epoch();
    const { tokens, subject, ...record } = userToRecord(user, clock.now());
    const accessToken = tokens[defaultKey];
    if (accessToken === undefined) return;
    const response = { accessToken, refreshToken: record.refreshToken, idToken: record.idToken };
    await coordinator.establish(response, { subject, displayName: record.displayName }, epoch);
  };
  return [
    // The manager waits for it, so the app's first call after a sign-in has a token.
    manager.events.addUserLoaded((user) => (store.isOwn(user) ? undefined : establish(user))),
    manager.events.addUserUnloaded(() => {
      if (!store.isOwn(undefined)) coordinator.end();
    }),
    coordinator.onEvent((event) => {
      const elsewhere = event.type === "signed-out" && event.by === "another-tab";
      // A storage that fails is reported when it is next read.
      if (elsewhere) store.forget().catch(() => undefined);
    }),
  ];
}

async function signInWith(
  manager: UserManager,
  { page }: BrowserPorts,
  options: SignInOptions,
): Promise<void> {
  if (options.mode === "tab") {
    throw new AuthError(
      "misconfigured",
      'signIn({ mode: "tab" }) needs createBrowserSession. A UserManager signs in by redirect.',
    );
  }
  const { scope } = manager.settings;
  const acrValues = options.acrValues?.join(" ");
  try {
    await manager.signinRedirect({
      nonce: generateRandomNonce(),
      // Comes back as `user.state`, for the app's own callback.
      state: { returnTo: options.returnTo ?? page.href() },
      ...(options.scopes === undefined ? {} : { scope: [scope, ...options.scopes].join(" ") }),
      ...(acrValues === undefined ? {} : { acr_values: acrValues }),
      ...(options.maxAgeSeconds === undefined ? {} : { max_age: options.maxAgeSeconds }),
    });
  } catch (error) {
    throw toSignInError(error);
  }
}

async function signOutWith(
  manager: UserManager,
  coordinator: RefreshCoordinator,
  ports: BrowserPorts,
): Promise<void> {
  const ended = coordinator.end();
  const { authority, client_id, redirect_uri, post_logout_redirect_uri } = manager.settings;
  const client = {
    issuer: authority,
    clientId: client_id,
    redirectUri: redirect_uri,
    scopes: [],
    postLogoutRedirectUri: post_logout_redirect_uri,
  };
  const context = { ...ports, client, clientAuth: clientAuthOf(manager.settings) };
  await leaveIssuer({ ...context, metadata: resolveFrom(manager), coordinator }, ended);
}

/** The metadata that the manager uses, however it came by it. */
function resolveFrom(manager: UserManager): ResolveServer {
  return async (signal) => {
    try {
      const metadata = await raceSignals(manager.metadataService.getMetadata(), signal);
      return {
        ...metadata,
        issuer: metadata.issuer ?? manager.settings.authority,
      };
    } catch (cause) {
      const message = `The metadata of ${manager.settings.authority} could not be had. It is asked again later.`;
      throw AuthError.find(cause) ?? new AuthError("unavailable", message, { cause });
    }
  };
}

function clientAuthOf({ client_secret, client_authentication }: Settings): ClientAuth {
  if (client_secret === undefined) return None();
  return client_authentication === "client_secret_basic"
    ? ClientSecretBasic(client_secret)
    : ClientSecretPost(client_secret);
}

function checkSettings(settings: Settings): void {
  if (settings.automaticSilentRenew) {
    throw new AuthError(
      "misconfigured",
      "automaticSilentRenew is on, so two would use one refresh token, and the issuer would end " +
        "the session. Create the UserManager with automaticSilentRenew: false.",
    );
  }
  if (settings.dpop !== undefined) {
    throw new AuthError(
      "misconfigured",
      "The UserManager uses DPoP, which this session cannot renew yet. Leave its dpop setting out.",
    );
  }
}

type Settings = UserManager["settings"];
