import { numbersThat } from "./known-numbers.ts";
import { createSliceSize } from "./slice-size.ts";
import type { Pace } from "./pace.ts";
import { firstOfNumbers, keyOfNumber, numbersInOrder } from "./source.ts";
import type { Key, Source } from "./source.ts";
import type { Statements } from "./statements.ts";

const SORTED_AT_ONCE = 4_096;
// After so many rows of an index it is clear how dense the numbers are.
const FIRST_LOOK = 8_192;
// Seeing so many rows for each number costs as much as sorting the numbers.
const MOST_WALKED = 4;
const WALKED_AT_ONCE = { min: 1_024, max: 8_192 };

/** Which rows: up to `limit` after the key `after`. */
export interface Range {
  readonly after: Key | undefined;
  readonly limit: number;
}

/**
 * Few of a source's known numbers, but all of the rows in the range among
 * them. Many numbers are mostly dense in the order, and then walking its index
 * finds the first of them at once. When they are not, they are sorted.
 */
export async function firstOfOrder(
  statements: Statements,
  source: Source,
  range: Range,
  pace: Pace,
): Promise<readonly number[]> {
  const { numbers = [] } = source;
  if (numbers.length <= SORTED_AT_ONCE) return numbers;
  return (
    (await firstByWalking(statements, source, range, pace)) ??
    (await firstBySorting(statements, source, range, pace))
  );
}

async function firstByWalking(
  statements: Statements,
  source: Source,
  { after, limit }: Range,
  pace: Pace,
): Promise<readonly number[] | undefined> {
  const { numbers = [] } = source;
  const sliceSize = createSliceSize(WALKED_AT_ONCE);
  const found: number[] = [];
  let key = after;
  let seen = 0;
  do {
    const next = sliceSize.measure((size) => numbersInOrder(statements, source, key, size));
    const known = next.filter((number) => isAmong(numbers, number));
    found.push(...(await numbersThat(statements, known, source.where, pace)));
    const last = next.at(-1);
    if (found.length >= limit || last === undefined) return found;
    key = keyOfNumber(statements, source, last);
    seen += next.length;
    await pace.rest();
  } while (
    key &&
    (seen < FIRST_LOOK || found.length * MOST_WALKED * numbers.length > limit * seen)
  );
  return undefined;
}

// SQLite compares texts, since JavaScript orders them otherwise.
async function firstBySorting(
  statements: Statements,
  source: Source,
  range: Range,
  pace: Pace,
): Promise<readonly number[]> {
  const { numbers = [] } = source;
  let best: readonly number[] = [];
  for (let from = 0; from < numbers.length; from += SORTED_AT_ONCE) {
    const among = [...best, ...numbers.slice(from, from + SORTED_AT_ONCE)];
    best = firstOfNumbers(statements, source, { ...range, among });
    await pace.rest();
  }
  return best;
}

// By halves: making a set of all numbers would cost more than looking for a page.
function isAmong(numbers: readonly number[], wanted: number): boolean {
  let [from, to] = [0, numbers.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((numbers[middle] ?? 0) < wanted) from = middle + 1;
    else to = middle;
  }
  return numbers[from] === wanted;
}
