import { between, createRandom } from "./random.ts";

/** A stretch of the day, in epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What happens on one working day: the same for every client. */
export interface Day {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** The laptop is closed. */
  readonly sleeps: readonly Span[];
  /** The token endpoint answers 503. */
  readonly issuerOutage: Span;
  /** There is no network. */
  readonly networkOutage: Span;
  /** Whether the browser notices that the network goes and comes. */
  readonly announced: boolean;
}

const minuteMs = 60_000;
/** 2026-03-02, 09:00 UTC, a Monday. */
const dayStart = Date.UTC(2026, 2, 2, 9);
const dayMs = 8 * 60 * minuteMs;
const apartMs = 10 * minuteMs;

/** The days that are run. In every second one the browser notices the outage of the network. */
export const seeds: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** How long after waking up the network is back. */
export const reconnectMs = 2_000;

/** The day of a seed. Troubles come at any time, at least ten minutes apart. */
export function planDay(seed: number): Day {
  const random = createRandom(seed);
  const taken: Span[] = [];
  const place = (minutes: number): Span => {
    for (;;) {
      const from = Math.round(dayStart + between(random, apartMs, dayMs - apartMs));
      const span = { from, to: from + minutes * minuteMs };
      const free = taken.every(
        (other) => span.to + apartMs < other.from || other.to + apartMs < span.from,
      );
      if (!free || span.to + apartMs > dayStart + dayMs) continue;
      taken.push(span);
      return span;
    }
  };
  const sleeps = [place(45), place(20)].toSorted((a, b) => a.from - b.from);
  return {
    seed,
    from: dayStart,
    to: dayStart + dayMs,
    sleeps,
    issuerOutage: place(2),
    networkOutage: place(2),
    announced: seed % 2 === 0,
  };
}
