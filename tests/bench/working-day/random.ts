import type { Random } from "../../../src/lib/core/index.ts";

/** A sequence of numbers in [0, 1) that is the same for the same seed (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number from `least` up to `greatest`. */
export function between(random: Random, least: number, greatest: number): number {
  return least + random() * (greatest - least);
}
