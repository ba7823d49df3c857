import type { SessionEvent } from "./session-event.ts";
import type { TokenSource } from "./token-source.ts";

/** Whether somebody is signed in. */
export type SessionState = "loading" | "signed-out" | "signed-in" | "interaction-required";

/** What a session looks like now. The same object as long as nothing changes. */
export interface SessionSnapshot {
  readonly state: SessionState;
  /** The `sub` of the person, kept while only a new sign-in is required. */
  readonly subject: string | undefined;
  /** The name to show: `name`, `preferred_username` or `email` of the ID token. */
  readonly displayName: string | undefined;
  /** The scopes of the current access token. */
  readonly scopes: readonly string[];
  /** When the current access token expires, in epoch milliseconds. */
  readonly expiresAt: number | undefined;
  /** What the renewal does: nothing, it runs, or it waits to try again. */
  readonly refresh: "idle" | "running" | "retrying";
  /** When it tries again, in epoch milliseconds; only while `retrying`. */
  readonly nextAttemptAt: number | undefined;
}

/** How to sign in. */
export interface SignInOptions {
  /**
   * `redirect` leaves the page and comes back to it. `tab` signs in in another
   * tab, for a page that must not be lost; it must be called from a click.
   */
  readonly mode?: "redirect" | "tab";
  /** Scopes to ask for in addition to those of the session. */
  readonly scopes?: readonly string[];
  /** The authentication contexts that are wanted (RFC 9470). */
  readonly acrValues?: readonly string[];
  /** The greatest age of the sign-in in seconds (RFC 9470). */
  readonly maxAgeSeconds?: number;
  /** Where to go afterwards: a path of this origin. By default this page. */
  readonly returnTo?: string;
  /** Ends the wait for another tab. */
  readonly signal?: AbortSignal;
}

/**
 * One person's session: one refresh token and one owner of it. It is a
 * `TokenSource`, so it goes into an auth interceptor as it is.
 */
export interface Session extends TokenSource {
  /** See {@link SessionSnapshot}. */
  getSnapshot(): SessionSnapshot;
  /** Calls back after the snapshot has changed. Returns a function that ends it. */
  subscribe(listener: () => void): () => void;
  /**
   * Resolves when the session is known: signed in, signed out, or in need of a
   * person. Also finishes the sign-in when this page is the callback. Never
   * rejects.
   */
  ready(): Promise<SessionSnapshot>;
  /**
   * Waits for a sign-out that is under way. Resolves when the page is still here: signed
   * in by another tab, or brought back by Back. Rejects with an `AuthError`
   * (`sign-in-failed`, `misconfigured`, `unavailable`).
   */
  signIn(options?: SignInOptions): Promise<void>;
  /**
   * Signs out: at once in this tab, in the others as soon as they hear of it.
   * Then revokes and ends the issuer's session as well as the network allows, for
   * which a browser leaves the page: resolves when the page stays. Never rejects.
   */
  signOut(): Promise<void>;
  /** Tells what happened and why. A listener that throws harms nobody. */
  onEvent(listener: (event: SessionEvent) => void): () => void;
}
