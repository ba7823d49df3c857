import { ClientSecretBasic, ClientSecretPost, generateRandomNonce, None } from "oauth4webapi";
import type { ClientAuth } from "oauth4webapi";
import type { User, UserManager } from "oidc-client-ts";
import { AuthError } from "../core/auth-error.ts";
import { createRefreshCoordinator } from "../core/refresh-coordinator.ts";
import type { Session, SignInOptions } from "../core/session.ts";
import { defaultKey } from "../core/token-key.ts";
import { raceSignals } from "../core/wait.ts";
import type { ResolveServer } from "../grants/authorization-server.ts";
import { createRefreshExchange } from "../grants/refresh-exchange.ts";
import { createBrowserPorts } from "./browser-ports.ts";
import type { BrowserPorts } from "./browser-ports.ts";
import { createDeparture } from "./departure.ts";
import { toSignInError } from "./sign-in-error.ts";
import { revokeUnused } from "./sign-out.ts";
import type { SignOutContext } from "./sign-out.ts";
import { createUserManagerStore } from "./user-manager-store.ts";
import type { UserManagerStore } from "./user-manager-store.ts";
import { createUsedRefreshTokens } from "./used-refresh-tokens.ts";
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
 *
 * Give the manager a `userStore` that all tabs share, such as localStorage. In
 * its default, sessionStorage, a duplicated tab begins with a copy of the refresh
 * token. The first of the two that renews goes on; the other one hears that its copy
 * was used, never sends it, and is `interaction-required` once its token expires.
 */
export function sessionFromUserManager(
  manager: UserManager,
  options: { readonly ports?: Partial<BrowserPorts> } = {},
): UserManagerSession {
  const { settings } = manager;
  checkSettings(settings);
  const name = `connectrpc-oauth manager ${settings.client_id} ${settings.authority}`;
  const shared = createBrowserPorts(name, "shared", options.ports ?? {}, (message) =>
    coordinator.warn("store", message),
  );
  const used = createUsedRefreshTokens(shared.store);
  const store = createUserManagerStore(manager, shared.clock, used);
  const ports = { ...shared, store };
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
  const atIssuer = { ...ports, ...clientOf(settings), metadata: resolveFrom(manager), coordinator };
  const departure = createDeparture(atIssuer);
  const stops = followManager(manager, store, atIssuer);
  return {
    getToken: (request) => coordinator.getToken(request),
    get ended() {
      return coordinator.ended;
    },
    getSnapshot: () => coordinator.getSnapshot(),
    subscribe: (listener) => coordinator.subscribe(listener),
    onEvent: (listener) => coordinator.onEvent(listener),
    ready: () => coordinator.load(),
    signIn: (signIn = {}) =>
      departure.enter(() => signInWith(manager, ports, signIn), signIn.signal),
    async signOut() {
      await departure.leave(coordinator.end());
    },
    close() {
      for (const stop of stops) stop();
      coordinator.close();
    },
  };
}

/** The app signs in and out through its manager, too. */
function followManager(
  manager: UserManager,
  store: UserManagerStore,
  atIssuer: SignOutContext,
): readonly (() => void)[] {
  const { coordinator, clock } = atIssuer;
  const establish = async (user: User) => {
    store.known(user);
    const epoch = coordinator.epoch();
    const { tokens, subject, ...record } = userToRecord(user, clock.now());
    const accessToken = tokens[defaultKey];
    if (accessToken === undefined) return;
    const response = { accessToken, refreshToken: record.refreshToken, idToken: record.idToken };
    const identity = { subject, displayName: record.displayName };
    if (await coordinator.establish(response, identity, epoch)) return;
    await store.forget();
    void revokeUnused(atIssuer, record.refreshToken);
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

/** The manager's client, as the end of a session needs it. */
function clientOf(settings: Settings): Pick<SignOutContext, "client" | "clientAuth"> {
  const client = {
    issuer: settings.authority,
    clientId: settings.client_id,
    redirectUri: settings.redirect_uri,
    scopes: [],
    postLogoutRedirectUri: settings.post_logout_redirect_uri,
  };
  return { client, clientAuth: clientAuthOf(settings) };
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
