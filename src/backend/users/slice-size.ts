const SHORT_MS = 1.5;
const LONG_MS = 4;

/** How much to do at once, learned from how long the last piece took. */
export interface SliceSize {
  /** The size of the next piece. */
  readonly size: number;
  /** Does one piece of work and learns from it. */
  measure<T>(work: (size: number) => T): T;
}

/** Pieces that grow and shrink by halves and doubles, so that one takes a few milliseconds. */
export function createSliceSize(bounds: { min: number; max: number }): SliceSize {
  let size = bounds.min;
  return {
    get size() {
      return size;
    },
    measure(work) {
      const beganAt = performance.now();
      const result = work(size);
      const tookMs = performance.now() - beganAt;
      if (tookMs < SHORT_MS) size = Math.min(size * 2, bounds.max);
      if (tookMs > LONG_MS) size = Math.max(Math.floor(size / 2), bounds.min);
      return result;
    },
  };
}
