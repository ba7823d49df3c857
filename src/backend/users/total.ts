import type { SQLOutputValue } from "node:sqlite";
import type { Condition } from "./condition.ts";
import type { KnownNumbers } from "./known-numbers.ts";
import type { Pace } from "./pace.ts";
import { createSliceSize } from "./slice-size.ts";
import { LIMIT } from "./statements.ts";
import type { Statements } from "./statements.ts";
import { integer } from "./user-record.ts";
import type { Row } from "./user-record.ts";

/** Beyond this many a total may be an estimate. */
export const MAX_EXACT = 10_000;
const NUMBERS = { min: 1_024, max: 8_192 };
const MAX_TOTALS = 500;

/** How many users there are; an estimate only beyond 10,000. */
export interface Total {
  readonly size: number;
  readonly isEstimated: boolean;
}

/** Counts the users for which a condition on `users u` holds, by looking at them; an estimate beyond `atMost`. */
export async function countUsers(
  statements: Statements,
  where: Condition,
  { pace, atMost }: { pace: Pace; atMost: number },
): Promise<Total> {
  const last = maxSeq(statements);
  const sliceSize = createSliceSize(NUMBERS);
  let size = 0;
  for (let after = 0; after < last;) {
    const end = after + sliceSize.size;
    const range = { after, end, limit: atMost + 1 - size };
    const slice = sliceSize.measure(() => countSlice(statements, where, range));
    size += slice.size;
    if (size > atMost) return estimate(size, last / slice.last);
    after = end;
    await pace.rest();
  }
  return { size, isEstimated: false };
}

/** Counts what an FTS5 query finds, without looking at a user. */
export function countMatches(statements: Statements, match: string): Total {
  const found = "FROM user_search WHERE user_search MATCH ?";
  const sql = `SELECT count(*) FROM (SELECT 1 ${found} ${LIMIT})`;
  const size = firstOf(statements.rows(sql, [match, MAX_EXACT + 1]));
  if (size <= MAX_EXACT) return { size, isEstimated: false };
  const last = statements.rows(`SELECT rowid ${found} ORDER BY rowid ${LIMIT} OFFSET ?`, [
    match,
    1,
    MAX_EXACT,
  ]);
  return estimate(size, maxSeq(statements) / firstOf(last));
}

function firstOf(rows: readonly (readonly SQLOutputValue[])[]): number {
  return Number(rows[0]?.[0] ?? 0);
}

/** Counts those of the known users for which a condition on `users u` holds; an estimate when more may match. */
export async function countKnown(
  statements: Statements,
  { numbers, isAll }: KnownNumbers,
  where: Condition,
  pace: Pace,
): Promise<Total> {
  let size = 0;
  for (let from = 0; from < numbers.length; from += NUMBERS.max) {
    const row = statements.get(
      "SELECT count(*) AS size FROM json_each(?) AS j CROSS JOIN users u ON u.seq = j.value " +
        `WHERE ${where.sql}`,
      [JSON.stringify(numbers.slice(from, from + NUMBERS.max)), ...where.values],
    );
    size += row ? integer(row, "size") : 0;
    await pace.rest();
  }
  if (isAll || size === 0) return { size, isEstimated: !isAll };
  return estimate(size, maxSeq(statements) / (numbers.at(-1) ?? 1));
}

function countSlice(
  statements: Statements,
  where: Condition,
  { after, end, limit }: { after: number; end: number; limit: number },
): { size: number; last: number } {
  const row = statements.get(
    "SELECT count(*) AS size, coalesce(max(seq), 0) AS last FROM (SELECT u.seq FROM users u " +
      `WHERE u.seq > ? AND u.seq <= ? AND ${where.sql} ORDER BY u.seq ${LIMIT})`,
    [after, end, ...where.values, limit],
  );
  return readCount(row);
}

function readCount(row: Row | undefined): { size: number; last: number } {
  return row ? { size: integer(row, "size"), last: integer(row, "last") } : { size: 0, last: 0 };
}

function maxSeq(statements: Statements): number {
  const row = statements.get("SELECT coalesce(max(seq), 0) AS last FROM users");
  return row ? integer(row, "last") : 0;
}

// The share of the numbers seen tells of the rest. Two significant digits: more would claim to know more.
function estimate(counted: number, factor: number): Total {
  const guess = counted * Math.max(factor, 1);
  const unit = 10 ** (Math.floor(Math.log10(guess)) - 1);
  return { size: Math.max(Math.round(guess / unit) * unit, counted), isEstimated: true };
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
