import type { Clock } from "../../../src/lib/core/ports.ts";

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves on, and calls the timers that are due, in order. */
  advance(ms: number): void;
  /** Sets the wall clock, as an administrator may; no timer is called. */
  jumpTo(epochMs: number): void;
  /** How many timers wait. */
  readonly timers: number;
}

export function createManualClock(startMs = Date.UTC(2030, 0, 1)): ManualClock {
  let now = startMs;
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  function runDue(): void {
    const due = [...timers].filter((timer) => timer.at <= now).toSorted((a, b) => a.at - b.at);
    for (const timer of due) if (timers.delete(timer)) timer.callback();
  }
  return {
    now: () => now,
    after(delayMs, callback) {
      // A timer of Node would end at once.
      if (delayMs > 2 ** 31 - 1) throw new RangeError(`No timer lasts ${delayMs} ms.`);
      const timer = { at: now + delayMs, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      now += ms;
      runDue();
    },
    jumpTo: (epochMs) => (now = epochMs),
    get timers() {
      return timers.size;
    },
  };
}
