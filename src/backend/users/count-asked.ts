import { FEW } from "./asked.ts";
import type { Asked } from "./asked.ts";
import type { Condition } from "./condition.ts";
import { numbersThat } from "./known-numbers.ts";
import type { KnownNumbers } from "./known-numbers.ts";
import { setOfList, spread } from "./number-set.ts";
import { maxSeq } from "./statements.ts";
import { countMatches, totalOf, totalOfSample } from "./total.ts";
import type { Total } from "./total.ts";

/** So many matches of a text tell how many of all are in the filter. */
export const SAMPLE = 16_384;
// So many of all users, and of them so many in the list, tell how many all of the list are.
const ANYBODY = 8_192;
const SOME = 400;

/** How many users the list has on all pages. */
export async function countAsked(asked: Asked): Promise<Total> {
  const { statements, query, where, candidates, known, find } = asked;
  if (query?.match && query.isMatchExact && where.values.length === 0) {
    return countMatches(statements, query.match);
  }
  const { numbers, isAll, where: left } = candidates();
  if (isAll && left.values.length === 0) return totalOf(statements, candidates());
  const guessed = query && (!isAll || numbers.length > SAMPLE) && (await guessTotal(asked));
  if (guessed) return guessed;
  const all = isAll ? await known() : await find();
  const total = all.isAll ? undefined : await guessByAnybody(asked);
  return total && total.size >= all.numbers.length ? total : totalOf(statements, all);
}

// Some tell how many all are.
async function guessTotal(asked: Asked): Promise<Total | undefined> {
  const { left, candidates, usersBeginning } = asked;
  const known = candidates();
  if (known.isAll) return guessBySample(asked, known, known.where);
  const total = await guessByAnybody(asked);
  if (total) return unlessFew(total);
  if (known.numbers.length > 0) return guessBySample(asked, known, known.where);
  const all = { numbers: (await usersBeginning()).list(), isAll: true };
  if (left.values.length === 0) return totalOf(asked.statements, all);
  return guessBySample(asked, all, left);
}

/** By some of all users; undefined when few of these are in the list. */
async function guessByAnybody({ statements, matches, pace }: Asked): Promise<Total | undefined> {
  // Nothing would be asked, not even whether there is such a user.
  if (matches.values.length === 0) return undefined;
  const end = maxSeq(statements) + 1;
  const some = spread(Math.min(ANYBODY, end), end);
  const found = await numbersThat(statements, some, matches, pace);
  return found.length < SOME ? undefined : totalOfSample(found.length, some.length, end);
}

async function guessBySample(
  { statements, pace }: Asked,
  { numbers, isAll }: KnownNumbers,
  where: Condition,
): Promise<Total | undefined> {
  const sample = isAll ? setOfList(numbers).some(SAMPLE) : numbers.slice(0, SAMPLE);
  const some = await numbersThat(statements, sample, where, pace);
  // Of the first ones only, their numbers tell how many all are.
  const guess = isAll
    ? totalOfSample(some.length, sample.length, numbers.length)
    : totalOf(statements, { numbers: some, isAll }, sample.at(-1));
  return unlessFew(guess);
}

function unlessFew(total: Total): Total | undefined {
  return total.isEstimated && total.size <= FEW ? undefined : total;
}
