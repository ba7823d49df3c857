import { AuthError } from "../../src/lib/core/index.ts";
import type {
  AccessToken,
  Session,
  SessionEvent,
  SessionSnapshot,
  SignInOptions,
} from "../../src/lib/core/index.ts";

/** A `SessionEvent` without its time, whichever of the union it is. */
export type FakeEvent = SessionEvent extends infer Each
  ? Each extends SessionEvent
    ? Omit<Each, "at">
    : never
  : never;

/** A session in memory, moved by the test. It knows no issuer and no tab. */
export interface FakeSession extends Session {
  /** Changes the snapshot and tells the subscribers. */
  become(change: Partial<SessionSnapshot>): void;
  /** Tells the listeners of events. */
  emit(event: FakeEvent): void;
  /** The calls of `signIn` so far. */
  readonly signIns: readonly SignInOptions[];
}

const SIGNED_IN: SessionSnapshot = {
  state: "signed-in",
  subject: "support",
  displayName: "support",
  scopes: ["openid", "users.read"],
  expiresAt: undefined,
  refresh: "idle",
  nextAttemptAt: undefined,
};

/**
 * A session that begins signed in as `support`, unless `initial` says
 * otherwise. `signIn` succeeds at once and leads to the first snapshot again.
 */
export function createFakeSession(initial: Partial<SessionSnapshot> = {}): FakeSession {
  let snapshot: SessionSnapshot = { ...SIGNED_IN, ...initial };
  const first = { ...snapshot, state: "signed-in" } as const;
  const subscribers = new Set<() => void>();
  const listeners = new Set<(event: SessionEvent) => void>();
  const signIns: SignInOptions[] = [];
  const become = (change: Partial<SessionSnapshot>) => {
    snapshot = { ...snapshot, ...change };
    for (const subscriber of subscribers) subscriber();
  };
  const emit = (event: FakeEvent) => {
    for (const listener of listeners) listener({ at: Date.now(), ...event });
  };
  return {
    become,
    emit,
    signIns,
    getSnapshot: () => snapshot,
    subscribe: (listener) => listen(subscribers, listener),
    onEvent: (listener) => listen(listeners, listener),
    ready: () => Promise.resolve(snapshot),
    getToken: () => tokenOf(snapshot),
    signIn(options = {}) {
      signIns.push(options);
      become({ ...first, scopes: [...snapshot.scopes, ...(options.scopes ?? [])] });
      emit({ type: "signed-in", by: options.mode === "tab" ? "another-tab" : "this-tab" });
      return Promise.resolve();
    },
    signOut() {
      become({ state: "signed-out", subject: undefined, displayName: undefined, scopes: [] });
      emit({ type: "signed-out", by: "this-tab" });
      return Promise.resolve();
    },
  };
}

function listen<T>(all: Set<T>, one: T): () => void {
  all.add(one);
  return () => void all.delete(one);
}

function tokenOf({ state, scopes }: SessionSnapshot): Promise<AccessToken> {
  if (state === "signed-in") {
    const expiresAt = Date.now() + 60_000;
    return Promise.resolve({ value: "fake-token", type: "Bearer", expiresAt, scopes });
  }
  const code = state === "interaction-required" ? state : "signed-out";
  return Promise.reject(new AuthError(code, "This session is a fake one and has no token."));
}
