import { numbersThat } from "./known-numbers.ts";
import { spread } from "./number-set.ts";
import type { NumberSet } from "./number-set.ts";
import { createSliceSize } from "./slice-size.ts";
import type { Pace } from "./pace.ts";
import { firstOfNumbers, keyOfNumber, numbersInOrder, shareUpTo } from "./source.ts";
import type { Key } from "./key-range.ts";
import type { Source } from "./source.ts";
import { maxSeq } from "./statements.ts";
import type { Statements } from "./statements.ts";

const SORTED_AT_ONCE = 4_096;
// To learn more about an order costs as much as walking so many rows of its index.
const FIRST_LOOK = 16_384;
// So many rows of an index cost as much as sorting one number.
const ROWS_FOR_A_NUMBER = 6;
const WALKED_AT_ONCE = { min: 1_024, max: 8_192 };
// So many of all users tell where in an order somebody stands.
const ASKED_FOR_A_PLACE = 1_024;

/** Which rows: up to `limit` after the key `after`. */
export interface Range {
  readonly after: Key | undefined;
  readonly limit: number;
  readonly pace: Pace;
}

/** Some users of an order. */
export interface FirstUsers {
  readonly numbers: readonly number[];
  /** There are no others after the key. */
  readonly isAll: boolean;
}

/**
 * Few of some users of a source, but all of the rows in the range among them.
 * Many users are mostly dense in the order, and then walking its index finds
 * the first of them at once. When they are not, some of them tell where the
 * first ones will be: it may cost less to sort them all.
 */
export async function firstOfOrder(
  statements: Statements,
  source: Source,
  among: NumberSet,
  range: Range,
): Promise<FirstUsers> {
  if (among.size <= SORTED_AT_ONCE) return { numbers: among.list(), isAll: true };
  const walk = createWalk(statements, source, among, range);
  const worthWalking = among.size * ROWS_FOR_A_NUMBER;
  const walked =
    (await walk(FIRST_LOOK)) ??
    (rowsToWalk(statements, source, among, range) < worthWalking
      ? await walk(worthWalking)
      : undefined);
  if (walked) return { numbers: walked, isAll: walked.length < range.limit };
  return firstBySorting(statements, source, among, range);
}

/** Goes on until it has seen so many rows in all; undefined when there may be more to be found. */
type Walk = (rows: number) => Promise<readonly number[] | undefined>;

function createWalk(
  statements: Statements,
  source: Source,
  among: NumberSet,
  { after, limit, pace }: Range,
): Walk {
  const sliceSize = createSliceSize(WALKED_AT_ONCE);
  const found: number[] = [];
  let key = after;
  let seen = 0;
  return async (rows) => {
    while (seen < rows) {
      const next = sliceSize.measure((size) => numbersInOrder(statements, source, key, size));
      const known = next.filter((number) => among.has(number));
      const last = next.at(-1);
      // At once: later, somebody else may have deleted or changed this user.
      key = last === undefined ? undefined : keyOfNumber(statements, source, last);
      found.push(...(await numbersThat(statements, known, source.where, pace)));
      if (found.length >= limit || last === undefined) return found;
      seen = key ? seen + next.length : Infinity;
      await pace.rest();
    }
    return undefined;
  };
}

/** How many rows of the index have the first users among them, by a part of these and of all users. */
function rowsToWalk(
  statements: Statements,
  source: Source,
  among: NumberSet,
  { after, limit }: Range,
): number {
  const some = among.some(SORTED_AT_ONCE);
  const rank = Math.ceil((limit * some.length) / among.size);
  const first = firstOfNumbers(statements, source, { among: some, after, limit: rank });
  const last = first[rank - 1];
  const end = last === undefined ? undefined : keyOfNumber(statements, source, last);
  if (!end) return Infinity;
  const all = maxSeq(statements);
  const anybody = spread(ASKED_FOR_A_PLACE, all + 1);
  return shareUpTo(statements, source, { among: anybody, after, end }) * all;
}

// SQLite compares texts, since JavaScript orders them otherwise.
async function firstBySorting(
  statements: Statements,
  source: Source,
  among: NumberSet,
  { after, limit, pace }: Range,
): Promise<FirstUsers> {
  const numbers = among.list();
  let best: readonly number[] = [];
  let isAll = true;
  for (let from = 0; from < numbers.length; from += SORTED_AT_ONCE) {
    const some = [...best, ...numbers.slice(from, from + SORTED_AT_ONCE)];
    best = firstOfNumbers(statements, source, { among: some, after, limit });
    // Although fewer may be left at the end, when somebody else deletes some.
    if (best.length === limit) isAll = false;
    await pace.rest();
  }
  return { numbers: best, isAll };
}
