import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import { allOf } from "./condition.ts";
import type { Condition } from "./condition.ts";
import { USER_COLUMNS, asInteger, asText } from "./user-record.ts";
import type { Statements } from "./statements.ts";

const SEQ = "u.seq";
const USER_COLUMN_COUNT = USER_COLUMNS.split(",").length;

/** Where a row stands in the order of its source. */
export type Key = readonly SQLInputValue[];

/**
 * Users in an order that an index gives, so that any number of rows can be
 * read from any place without reading what lies before it.
 */
export interface Source {
  /** The columns of the order; all together are unique. */
  readonly key: readonly string[];
  readonly descending: boolean;
  /** What to read for the order alone. */
  readonly from: string;
  /** What makes the alias `u` for `users` from it; empty when `from` does. */
  readonly join: string;
  /** Bounds of the first column of the key: at least `lower`, less than `upper`. */
  readonly lower?: SQLInputValue;
  readonly upper?: SQLInputValue;
  /** Rows to leave out. */
  readonly where: Condition;
  /** Leaves out more rows than SQL can say. */
  readonly accept?: (row: SourceRow) => boolean;
  /** These users only, by their numbers in ascending order; few enough to be sorted. */
  readonly numbers?: readonly number[];
}

/** A user of a source, not yet read. */
export interface SourceRow {
  readonly key: Key;
  readonly seq: number;
  readonly nameKey: string;
  /** The values of `USER_COLUMNS`, and more. */
  readonly values: readonly SQLOutputValue[];
}

/** Whether all users of a source have to be looked at for the first one of its order. */
export function needsSorting({ numbers, key }: Source): boolean {
  return numbers !== undefined && key[0] !== SEQ;
}

/** The last key of the next `size` rows of the order; undefined when fewer are left. */
export function endOfSlice(
  statements: Statements,
  source: Source,
  after: Key | undefined,
  size: number,
): Key | undefined {
  if (source.numbers) return endOfNumbers(source.numbers, after, size);
  const { sql, values } = bounds(source, after, undefined);
  const rows = statements.rows(
    `SELECT ${source.key.join(", ")} FROM ${source.from} WHERE ${sql} ORDER BY ${order(source)} LIMIT 1 OFFSET ?`,
    [...values, size - 1],
  );
  return rows[0];
}

function endOfNumbers(
  numbers: readonly number[],
  after: Key | undefined,
  size: number,
): Key | undefined {
  const first = Number(after?.[0] ?? 0);
  const end = numbers[numbers.findIndex((number) => number > first) + size - 1];
  return end === undefined ? undefined : [end];
}

/** Up to `limit` rows after the key `after`, up to and including the key `end`. */
export function readSlice(
  statements: Statements,
  source: Source,
  { after, end, limit }: { after: Key | undefined; end: Key | undefined; limit: number },
): SourceRow[] {
  const numbers = needsSorting(source) ? source.numbers : numbersWithin(source, after, end);
  const { sql, values } = allOf([
    bounds(source, after, end),
    ...(numbers ? [isOneOf(numbers)] : []),
    source.where,
  ]);
  const rows = statements.rows(
    `SELECT ${USER_COLUMNS}, u.seq, u.name_key, ${source.key.join(", ")} FROM ${source.from} ${source.join} ` +
      `WHERE ${sql} ORDER BY ${order(source)} LIMIT ?`,
    [...values, limit],
  );
  return rows.map((row) => {
    const [seq, nameKey, ...key] = row.slice(USER_COLUMN_COUNT);
    return { seq: asInteger(seq), nameKey: asText(nameKey), key, values: row };
  });
}

function numbersWithin({ numbers }: Source, after: Key | undefined, end: Key | undefined) {
  const first = Number(after?.[0] ?? 0);
  const last = Number(end?.[0] ?? Infinity);
  return numbers?.filter((number) => number > first && number <= last);
}

function isOneOf(numbers: readonly number[]): Condition {
  return { sql: `${SEQ} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(numbers)] };
}

function bounds(source: Source, after: Key | undefined, end: Key | undefined): Condition {
  const [first = ""] = source.key;
  const tuple = `(${source.key.join(", ")})`;
  const marks = `(${source.key.map(() => "?").join(", ")})`;
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (sql: string, added: readonly SQLInputValue[]) => {
    conditions.push(sql);
    values.push(...added);
  };
  // The index is entered by one lower bound; a second, weaker one could be taken in its place.
  if (after) add(`${tuple} ${source.descending ? "<" : ">"} ${marks}`, after);
  if (end) add(`${tuple} ${source.descending ? ">=" : "<="} ${marks}`, end);
  const hasLower = source.descending ? end : after;
  const hasUpper = source.descending ? after : end;
  if (source.lower !== undefined && !hasLower) add(`${first} >= ?`, [source.lower]);
  if (source.upper !== undefined && !hasUpper) add(`${first} < ?`, [source.upper]);
  return { sql: conditions.length === 0 ? "TRUE" : conditions.join(" AND "), values };
}

function order(source: Source): string {
  return source.key.map((column) => `${column}${source.descending ? " DESC" : ""}`).join(", ");
}
