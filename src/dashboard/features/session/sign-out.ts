import type { Session } from "../../../lib/core/index.ts";

/** The way out of the dashboard, and whether somebody is on it. */
export interface SignOut {
  /** Signs out. */
  run(): void;
  /** Whether a sign-out is under way: then the page may be left at any moment. */
  underWay(): boolean;
  subscribe(listener: () => void): () => void;
}

/** The only place of the dashboard that signs out of `session`. */
export function createSignOut(session: Pick<Session, "signOut">): SignOut {
  const listeners = new Set<() => void>();
  let running = 0;
  const count = (change: 1 | -1) => {
    running += change;
    for (const listener of listeners) listener();
  };
  return {
    run() {
      // First, so that nobody is offered to sign in between the two.
      count(1);
      void session.signOut().finally(() => count(-1));
    },
    underWay: () => running > 0,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
