import type { SessionSnapshot } from "../core/session.ts";
import { arrive } from "./sign-in.ts";
import type { SignInContext, SignInOutcome } from "./sign-in.ts";

/**
 * The way into a session: until what this page was opened for is done, the
 * session is `loading`, whatever the store says. An app that saw "signed out"
 * for a moment would leave for the issuer in the middle of a sign-in.
 */
export interface Entrance {
  /** Whether the session is known. */
  open(): boolean;
  /** How the sign-in of this page went. */
  outcome(): SignInOutcome;
  /** Does it, once. Never rejects. */
  ready(): Promise<SessionSnapshot>;
  /** The snapshot that may be shown. */
  getSnapshot(): SessionSnapshot;
  /** Calls back after that snapshot has changed. */
  subscribe(listener: () => void): () => void;
  /** The outcome is past: the person has signed out. */
  forget(): void;
}

const nothing: SignInOutcome = { type: "none" };

const loadingSnapshot: SessionSnapshot = {
  state: "loading",
  subject: undefined,
  displayName: undefined,
  scopes: [],
  expiresAt: undefined,
  refresh: "idle",
  nextAttemptAt: undefined,
};

/** The entrance of a page that was just loaded. */
export function createEntrance(context: SignInContext): Entrance {
  const { coordinator } = context;
  const listeners = new Set<() => void>();
  let outcome = nothing;
  let isOpen = false;
  let entering: Promise<SessionSnapshot> | undefined;
  const enter = async () => {
    outcome = await arrive(context);
    await coordinator.load();
    isOpen = true;
    // In a task of its own, so that a listener that throws harms nobody else.
    for (const listener of listeners) queueMicrotask(listener);
    listeners.clear();
    return coordinator.getSnapshot();
  };
  return {
    open: () => isOpen,
    outcome: () => outcome,
    // One promise for all callers: effects run twice in React's StrictMode.
    ready: () => (entering ??= enter()),
    getSnapshot: () => (isOpen ? coordinator.getSnapshot() : loadingSnapshot),
    subscribe(listener) {
      const stop = coordinator.subscribe(() => {
        if (isOpen) listener();
      });
      const own = () => listener();
      if (!isOpen) listeners.add(own);
      return () => {
        stop();
        listeners.delete(own);
      };
    },
    forget: () => {
      outcome = nothing;
    },
  };
}
