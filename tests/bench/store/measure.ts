import { quantile, summarise } from "../bench-result.ts";
import type { BenchResult } from "../bench-result.ts";

/** Milliseconds of each call. */
export interface Race {
  readonly ours: readonly number[];
  readonly peers: readonly number[];
}

/** Asks both the same, one after the other and each first in turn: a busy machine slows both. */
export async function race(
  questions: readonly (readonly [ours: () => unknown, peers: () => unknown])[],
): Promise<Race> {
  const ours: number[] = [];
  const peers: number[] = [];
  for (const [index, [askOurs, askPeer]] of questions.entries()) {
    if (index % 2 === 0) ours.push(await milliseconds(askOurs));
    peers.push(await milliseconds(askPeer));
    if (index % 2 === 1) ours.push(await milliseconds(askOurs));
  }
  return { ours, peers };
}

/** How long it took. */
export async function milliseconds(work: () => unknown): Promise<number> {
  const began = performance.now();
  const result = work();
  // What is there at once is not to wait for a turn of the event loop.
  if (result instanceof Promise) await result;
  return performance.now() - began;
}

/** The longest time in which nothing else could run, in milliseconds: the best of three, since the machine stalls too. */
export async function longestStall(work: () => Promise<unknown>): Promise<number> {
  const stalls: number[] = [];
  for (let round = 0; round < 3; round++) stalls.push(await stallOf(work));
  return Math.min(...stalls);
}

async function stallOf(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let ended = false;
  const tick = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!ended) setImmediate(tick);
  };
  setImmediate(tick);
  await new Promise((resolve) => setImmediate(resolve));
  await work();
  ended = true;
  await new Promise((resolve) => setImmediate(resolve));
  return longest;
}

/** Two lines, p50 and p99; the ratio is that of the p50s. */
export function lines(
  name: string,
  { ours, peers }: Race,
  promise: { readonly peer: string; readonly ratioAtMost: number },
): BenchResult[] {
  const { spread } = summarise(ours);
  const ratio = quantile(ours, 0.5) / quantile(peers, 0.5);
  const [p50, p99] = [quantile(ours, 0.5), quantile(ours, 0.99)];
  return [
    { name: `${name}: p50`, value: p50, unit: "ms", spread, ratio, ...promise },
    {
      name: `${name}: p99`,
      value: p99,
      unit: "ms",
      spread,
      peer: promise.peer,
      ratio: p99 / quantile(peers, 0.99),
    },
  ];
}
