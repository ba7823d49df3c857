import type { KnownNumbers } from "./known-numbers.ts";
import { LIMIT, maxSeq } from "./statements.ts";
import type { Statements } from "./statements.ts";

/** Beyond this many a total may be an estimate. */
export const MAX_EXACT = 10_000;

/** How many users there are; an estimate only beyond 10,000. */
export interface Total {
  readonly size: number;
  readonly isEstimated: boolean;
}

/** Counts what an FTS5 query finds, without looking at a user. */
export function countMatches(statements: Statements, match: string): Total {
  const found = "FROM user_search WHERE user_search MATCH ?";
  const sql = `SELECT count(*) FROM (SELECT 1 ${found} ${LIMIT})`;
  const size = firstNumber(statements, sql, [match, MAX_EXACT + 1]);
  if (size <= MAX_EXACT) return { size, isEstimated: false };
  const lastOf = `SELECT rowid ${found} ORDER BY rowid ${LIMIT} OFFSET ?`;
  const last = firstNumber(statements, lastOf, [match, 1, MAX_EXACT]);
  return estimate(size, maxSeq(statements) / last);
}

/** How many the known users are, or these and the others whom the known ones tell of: `upTo` is the last number that was looked at. */
export function totalOf(
  statements: Statements,
  { numbers, isAll }: KnownNumbers,
  upTo = numbers.at(-1) ?? 1,
): Total {
  if (isAll) return { size: numbers.length, isEstimated: false };
  return estimate(numbers.length, maxSeq(statements) / upTo);
}

/** How many of `all` there are when so many of a sample of them are. */
export function totalOfSample(counted: number, sample: number, all: number): Total {
  return sample === 0 ? { size: 0, isEstimated: false } : estimate(counted, all / sample);
}

function firstNumber(statements: Statements, sql: string, values: (string | number)[]): number {
  return Number(statements.rows(sql, values)[0]?.[0] ?? 0);
}

// The share of the numbers seen tells of the rest. Two significant digits: more would claim to know more.
function estimate(counted: number, factor: number): Total {
  const guess = counted * Math.max(factor, 1);
  const unit = 10 ** (Math.floor(Math.log10(Math.max(guess, 1))) - 1);
  return { size: Math.max(Math.round(guess / unit) * unit, counted), isEstimated: true };
}
