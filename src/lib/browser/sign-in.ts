import type { SigninState } from "oidc-client-ts";
import { AuthError } from "../core/auth-error.ts";
import type { RefreshCoordinator } from "../core/refresh-coordinator.ts";
import type { SignInOptions } from "../core/session.ts";
import { raceSignals, withTimeout } from "../core/wait.ts";
import type { ResolveServer } from "../grants/authorization-server.ts";
import { recogniseArrival, signInTabAddress } from "./arrival.ts";
import type { Arrival } from "./arrival.ts";
import type { BrowserPorts } from "./browser-ports.ts";
import { leavePage } from "./leave-page.ts";
import { homeAddress, returnAddress } from "./return-path.ts";
import { finishSignIn, readNote } from "./sign-in-callback.ts";
import { toSignInError } from "./sign-in-error.ts";
import { createOidcClient, createSignInAddress } from "./sign-in-request.ts";
import type { SignInClient, SignInNote } from "./sign-in-request.ts";
import { revokeUnused } from "./sign-out.ts";

/** How the sign-in that this page was opened for went. */
export type SignInOutcome =
  /** The page was not opened for one, or the person has signed out since. */
  | { readonly type: "none" }
  /** `inTab`: the tab has done what it was opened for and can be closed. */
  | { readonly type: "finished"; readonly inTab: boolean }
  /** `error.message` is for people. */
  | { readonly type: "failed"; readonly error: AuthError };

/** What a sign-in works with. */
export interface SignInContext extends BrowserPorts {
  readonly client: SignInClient;
  readonly metadata: ResolveServer;
  readonly timeoutMs: number;
  readonly coordinator: RefreshCoordinator;
}

/**
 * Leaves the page for the issuer, which sends the person back to the callback.
 * Resolves when the page is here all the same.
 */
export async function signInByRedirect(
  context: SignInContext,
  options: SignInOptions,
  inTab = false,
): Promise<void> {
  const { client, page } = context;
  const here = page.href();
  const { origin } = new URL(client.redirectUri);
  if (new URL(here).origin !== origin) {
    throw new AuthError(
      "misconfigured",
      `This page is at ${new URL(here).origin}, but the callback is at ${origin}. Open the app there.`,
    );
  }
  const note: SignInNote = {
    returnTo: returnAddress(options.returnTo ?? here, client.redirectUri),
    inTab,
    maxAgeSeconds: options.maxAgeSeconds,
  };
  try {
    const metadata = await raceSignals(
      withTimeout(context.clock, context.timeoutMs, context.metadata),
      options.signal,
    );
    const storage = stateStorage(context);
    await leavePage(context, await createSignInAddress(client, metadata, storage, options, note));
  } catch (error) {
    options.signal?.throwIfAborted();
    throw toSignInError(error);
  }
}

/**
 * Opens a tab that signs in, and waits until this one has heard of it through
 * the store. A tab that was closed cannot be noticed: `signal` ends the wait.
 */
export async function signInByTab(context: SignInContext, options: SignInOptions): Promise<void> {
  options.signal?.throwIfAborted();
  const { page, client, coordinator } = context;
  let stop = (): void => undefined;
  const signedIn = new Promise<void>((resolve) => {
    stop = coordinator.onEvent((event) => {
      if (event.type === "signed-in" && event.by !== "restored") resolve();
    });
  });
  try {
    if (!page.openTab(signInTabAddress(client.redirectUri, options))) {
      throw new AuthError(
        "sign-in-failed",
        "The browser opens another tab only for a click. Start the sign-in from a button.",
      );
    }
    await raceSignals(signedIn, options.signal);
  } finally {
    stop();
  }
}

/** Does what this page was opened for. Never rejects; the address is clean before it waits. */
export async function arrive(context: SignInContext): Promise<SignInOutcome> {
  try {
    const arrival = recogniseArrival(context.page.href(), context.client.redirectUri);
    if (arrival.kind === "callback") return await finishCallback(context, arrival);
    if (arrival.kind !== "page")
      context.page.replaceAddress(homeAddress(context.client.redirectUri));
    if (arrival.kind === "sign-in-tab") await signInByRedirect(context, arrival.options, true);
    return { type: "none" };
  } catch (error) {
    return { type: "failed", error: toSignInError(error) };
  }
}

async function finishCallback(
  context: SignInContext,
  arrival: Extract<Arrival, { kind: "callback" }>,
): Promise<SignInOutcome> {
  const { page, client, coordinator } = context;
  const epoch = coordinator.epoch();
  // The code must not stay in the history, nor be sent along as a referrer.
  page.replaceAddress(client.redirectUri);
  const state = await takeState(context, arrival);
  const { returnTo, inTab = false } = state === undefined ? {} : readNote(state);
  try {
    if (state === undefined) return await withoutState(coordinator);
    const finished = await withTimeout(context.clock, context.timeoutMs, async (signal) => {
      const metadata = await context.metadata(signal);
      return finishSignIn({ ...context, metadata, signal }, arrival.parameters, state);
    });
    if (!(await coordinator.establish(finished.response, finished.identity, epoch))) {
      void revokeUnused(context, finished.response.refreshToken);
      throw new AuthError("sign-in-failed", "You signed out meanwhile, so nobody was signed in.");
    }
    if (inTab) page.closeTab();
    return { type: "finished", inTab };
  } finally {
    page.replaceAddress(returnAddress(returnTo, client.redirectUri));
  }
}

/** The state of this sign-in, which is gone afterwards: an answer works once. */
async function takeState(
  context: SignInContext,
  { parameters }: Extract<Arrival, { kind: "callback" }>,
): Promise<SigninState | undefined> {
  const oidcClient = createOidcClient(context.client, {}, stateStorage(context));
  const answer = `${context.client.redirectUri.split("?")[0]}?${parameters}`;
  try {
    return (await oidcClient.readSigninResponseState(answer, true)).state;
  } catch {
    // No state, a foreign one, or a damaged one: the same to the person.
    return undefined;
  }
}

/** Back, a duplicated tab, or a forged link (RFC 9700, section 4.7). */
async function withoutState(coordinator: RefreshCoordinator): Promise<SignInOutcome> {
  const { state } = await coordinator.load();
  if (state === "signed-in") return { type: "none" };
  throw new AuthError(
    "sign-in-failed",
    "This sign-in was used before, or was begun in another tab. Sign in again to go on.",
  );
}

function stateStorage({ page }: SignInContext): Storage {
  try {
    return page.stateStorage;
  } catch (error) {
    throw new AuthError(
      "sign-in-failed",
      "This browser blocks site data, so a sign-in cannot be remembered. " +
        "Allow site data and try again.",
      { cause: error },
    );
  }
}
