import { setImmediate } from "node:timers/promises";

const MAX_TURN_MS = 6;

/** Lets long work give way to other work. */
export interface Pace {
  /** Call between two pieces of work; rejects with the signal's reason when nobody wants the result any more. */
  rest(): Promise<void>;
}

/**
 * Work that rests with this pace holds the event loop for about 6 ms at a time,
 * and a piece more.
 */
export function createPace(signal?: AbortSignal): Pace {
  let turnBeganAt = performance.now();
  return {
    async rest() {
      signal?.throwIfAborted();
      if (performance.now() - turnBeganAt < MAX_TURN_MS) return;
      await setImmediate();
      signal?.throwIfAborted();
      turnBeganAt = performance.now();
    },
  };
}
