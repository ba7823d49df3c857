import { allOf } from "./condition.ts";
import type { Condition } from "./condition.ts";
import type { Pace } from "./pace.ts";
import { maxSeq } from "./source.ts";
import type { Source } from "./source.ts";
import type { Statements } from "./statements.ts";
import { integer } from "./user-record.ts";

const MAX_EXACT = 10_000;
const FIRST_NUMBERS = 8_192;
const MAX_NUMBERS = 32_768;
const MAX_TOTALS = 500;

/** How many users there are; an estimate only beyond 10,000. */
export interface Total {
  readonly size: number;
  readonly isEstimated: boolean;
}

/**
 * Counts the rows of a source that is sliced by number. Beyond 10,000 it
 * concludes from the share of the numbers that it has seen.
 */
export async function countUsers(
  statements: Statements,
  source: Source,
  pace: Pace,
): Promise<Total> {
  const last = maxSeq(statements);
  let size = 0;
  let numbers = FIRST_NUMBERS;
  for (let after = 0; after < last; after += numbers) {
    if (after > 0) numbers = Math.min(numbers * 2, MAX_NUMBERS);
    const slice = countSlice(statements, source, after, after + numbers, MAX_EXACT + 1 - size);
    size += slice.size;
    if (size > MAX_EXACT) return { size: estimate(size, last / slice.last), isEstimated: true };
    await pace.rest();
  }
  return { size, isEstimated: false };
}

function countSlice(
  statements: Statements,
  source: Source,
  after: number,
  end: number,
  limit: number,
): { size: number; last: number } {
  const [number = ""] = source.key;
  const needsUser = source.where.sql !== "TRUE";
  const where = allOf([
    ...(source.within ? [source.within] : []),
    { sql: `${number} > ? AND ${number} <= ?`, values: [after, end] },
    ...(needsUser ? [source.where] : []),
  ]);
  const row = statements.get(
    "SELECT count(*) AS size, coalesce(max(number), 0) AS last FROM " +
      `(SELECT ${number} AS number FROM ${source.from} ${needsUser ? source.join : ""} ` +
      `WHERE ${where.sql} ORDER BY ${number} LIMIT ?)`,
    [...where.values, limit],
  );
  return row ? { size: integer(row, "size"), last: integer(row, "last") } : { size: 0, last: 0 };
}

// Two significant digits: more would claim to know more.
function estimate(counted: number, factor: number): number {
  const guess = counted * Math.max(factor, 1);
  const unit = 10 ** (Math.floor(Math.log10(guess)) - 1);
  return Math.max(Math.round(guess / unit) * unit, counted);
}

/** The users with these numbers that a source yields, or undefined when there are more than `limit`. */
export async function matchingNumbers(
  statements: Statements,
  source: Source,
  limit: number,
  pace: Pace,
): Promise<number[] | undefined> {
  const last = maxSeq(statements);
  const found: number[] = [];
  const within: Condition = source.within ?? { sql: "TRUE", values: [] };
  const [number = ""] = source.key;
  for (let after = 0; after < last; after += MAX_NUMBERS) {
    const rows = statements.all(
      `SELECT ${number} AS number FROM ${source.from} ` +
        `WHERE ${within.sql} AND ${number} > ? AND ${number} <= ? ORDER BY ${number} LIMIT ?`,
      [...within.values, after, after + MAX_NUMBERS, limit + 1 - found.length],
    );
    for (const row of rows) found.push(integer(row, "number"));
    if (found.length > limit) return undefined;
    await pace.rest();
  }
  return found;
}

/** Totals remembered as long as the users have not changed. */
export interface TotalCache {
  get(key: string, stamp: string): Total | undefined;
  set(key: string, stamp: string, total: Total): void;
}

/** Remembers up to 500 totals; another stamp forgets them all. */
export function createTotalCache(): TotalCache {
  const totals = new Map<string, Total>();
  let current = "";
  const moveTo = (stamp: string) => {
    if (stamp !== current) totals.clear();
    current = stamp;
  };
  return {
    get(key, stamp) {
      moveTo(stamp);
      return totals.get(key);
    },
    set(key, stamp, total) {
      moveTo(stamp);
      if (totals.size >= MAX_TOTALS) totals.clear();
      totals.set(key, total);
    },
  };
}
