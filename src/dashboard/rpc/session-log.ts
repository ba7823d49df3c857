import type { Session, SessionEvent } from "../../lib/core/index.ts";

const MAX_EVENTS = 200;

/** What happened in the session since the page was opened, newest first. */
export interface SessionLog {
  /** The same array as long as nothing changes. */
  events(): readonly SessionEvent[];
  subscribe(listener: () => void): () => void;
}

/** Listens to `session` for as long as the page lives. */
export function createSessionLog(session: Session): SessionLog {
  let events: readonly SessionEvent[] = [];
  const listeners = new Set<() => void>();
  session.onEvent((event) => {
    events = [event, ...events].slice(0, MAX_EVENTS);
    for (const listener of listeners) listener();
  });
  return {
    events: () => events,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
