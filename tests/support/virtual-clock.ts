import type { Clock } from "../../src/lib/core/index.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. */
export interface VirtualClock extends Clock {
  /** Moves time on, calling timers in order, and lets promises settle in between. */
  advance(byMs: number): Promise<void>;
  /** Sets the wall clock without letting time pass; timers stay where they were. */
  jump(byMs: number): void;
  /** How many timers wait. */
  pending(): number;
}

/** A clock that starts at `startMs`. */
export function createVirtualClock(startMs = 1_700_000_000_000): VirtualClock {
  const timers = new Set<Timer>();
  let elapsedMs = 0;
  let offsetMs = startMs;
  const next = (until: number) =>
    [...timers].filter((timer) => timer.at <= until).toSorted((a, b) => a.at - b.at)[0];
  return {
    now: () => offsetMs + elapsedMs,
    after(delayMs, callback) {
      const timer = { at: elapsedMs + delayMs, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(byMs) {
      const until = elapsedMs + byMs;
      await settle();
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        timers.delete(timer);
        elapsedMs = Math.max(elapsedMs, timer.at);
        timer.callback();
        await settle();
      }
      elapsedMs = until;
    },
    jump(byMs) {
      offsetMs += byMs;
    },
    pending: () => timers.size,
  };
}

/** Lets everything run that waits for nothing but promises. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
}
