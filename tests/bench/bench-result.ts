/** What `npm run bench` was asked for. */
export interface BenchOptions {
  /** Puts tables into the README, too. */
  readonly write: boolean;
  /** Less of everything, while one works on a bench. */
  readonly quick: boolean;
}

/** One line of `bench-results.json`. */
export interface BenchResult {
  readonly name: string;
  /** The median of all rounds, or their sum where the name says so. */
  readonly value: number;
  readonly unit: string;
  /** What was promised: a greater value makes `npm run bench` fail. */
  readonly atMost?: number;
  /** The same for a smaller value. */
  readonly atLeast?: number;
  /** What it is compared with. */
  readonly peer?: string;
  /** Our value divided by the peer's. */
  readonly ratio?: number;
  /** What was promised of the ratio: a greater one makes `npm run bench` fail. */
  readonly ratioAtMost?: number;
  /** (greatest − least) / median of the rounds; 0 when all are the same. */
  readonly spread: number;
}

/** The middle of the values; of an even number of them, the upper one. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The value that a share of the values does not exceed: 0.99 for p99. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(values.length * share), values.length - 1)] ?? Number.NaN;
}

/** Value and spread of the rounds. A median of 0 has no share, so it spreads by the range itself. */
export function summarise(values: readonly number[]): { value: number; spread: number } {
  const value = median(values);
  const range = Math.max(...values) - Math.min(...values);
  return { value, spread: value === 0 ? range : range / value };
}
