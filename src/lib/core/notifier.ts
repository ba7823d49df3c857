import type { SessionSnapshot } from "./session.ts";
import type { SessionEvent } from "./session-event.ts";

/** An event without its time. */
export type EventBody = SessionEvent extends infer Event
  ? Event extends SessionEvent
    ? Omit<Event, "at">
    : never
  : never;

/**
 * Tells listeners of events and of new snapshots; never while the lock between
 * tabs is held, and a listener that throws harms nobody.
 */
export class Notifier {
  readonly #now: () => number;
  readonly #compute: () => SessionSnapshot;
  readonly #listeners = new Set<() => void>();
  readonly #eventListeners = new Set<(event: SessionEvent) => void>();
  #snapshot: SessionSnapshot;
  #notified: SessionSnapshot;
  #pending: SessionEvent[] = [];
  #holds = 0;

  constructor(now: () => number, compute: () => SessionSnapshot) {
    this.#now = now;
    this.#compute = compute;
    this.#snapshot = compute();
    this.#notified = this.#snapshot;
  }

  /** The same object as long as nothing has changed. */
  getSnapshot(): SessionSnapshot {
    const next = this.#compute();
    if (!sameSnapshot(this.#snapshot, next)) this.#snapshot = next;
    return this.#snapshot;
  }

  emit(event: EventBody): void {
    this.#pending.push({ at: this.#now(), ...event });
    this.changed();
  }

  /** The snapshot may have changed. */
  changed(): void {
    if (this.#holds > 0) return;
    const events = this.#pending;
    this.#pending = [];
    for (const event of events) this.#tell(event);
    const snapshot = this.getSnapshot();
    if (snapshot === this.#notified) return;
    this.#notified = snapshot;
    for (const listener of this.#listeners) {
      if (!runs(listener)) this.#tell(this.#listenerFailed());
    }
  }

  /** Keeps back what there is to tell until the function that it returns is called. */
  hold(): () => void {
    this.#holds++;
    return () => {
      this.#holds--;
      this.changed();
    };
  }

  subscribe(listener: () => void): () => void {
    // Wrapped, so that the same function may subscribe twice.
    const own = () => listener();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  onEvent(listener: (event: SessionEvent) => void): () => void {
    const own = (event: SessionEvent) => listener(event);
    this.#eventListeners.add(own);
    return () => void this.#eventListeners.delete(own);
  }

  #tell(event: SessionEvent): void {
    for (const listener of this.#eventListeners) {
      const fine = runs(() => listener(event));
      if (!fine && event.type !== "warning") this.#tell(this.#listenerFailed());
    }
  }

  #listenerFailed(): SessionEvent {
    const message = "A listener of the session threw an error. The session goes on.";
    return { at: this.#now(), type: "warning", about: "listener", message };
  }
}

function runs(listener: () => void): boolean {
  try {
    listener();
    return true;
  } catch {
    return false;
  }
}

function sameSnapshot(a: SessionSnapshot, b: SessionSnapshot): boolean {
  return (
    a.state === b.state &&
    a.subject === b.subject &&
    a.displayName === b.displayName &&
    a.expiresAt === b.expiresAt &&
    a.refresh === b.refresh &&
    a.nextAttemptAt === b.nextAttemptAt &&
    a.scopes.length === b.scopes.length &&
    a.scopes.every((scope, index) => scope === b.scopes[index])
  );
}
