import type { Clock, Fetch, Random } from "./ports.ts";

/**
 * The clock, the dice and the network of the runtime: the only file of core that touches
 * them, looked up at the time of the call so that a test may replace them.
 */

/** The wall clock and the timers of the runtime. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** The random numbers of the runtime; good enough for jitter, not for secrets. */
export const systemRandom: Random = () => Math.random();

/** The `fetch` of the runtime. */
export const systemFetch: Fetch = (input, init) => fetch(input, init);
