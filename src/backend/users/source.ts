import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import { allOf } from "./condition.ts";
import type { Condition } from "./condition.ts";
import { USER_COLUMNS } from "./user-record.ts";
import type { KnownNumbers } from "./known-numbers.ts";
import { LIMIT } from "./statements.ts";
import type { Statements } from "./statements.ts";

const SEQ = "u.seq";
const ALL = "users u";
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
  readonly fromValues?: readonly SQLInputValue[];
  /** What makes the alias `u` for `users` from it, unless `from` does. */
  readonly join?: string;
  /** Bounds of the first column of the key: at least `lower`, less than `upper`. */
  readonly lower?: SQLInputValue | undefined;
  readonly upper?: SQLInputValue | undefined;
  /** Rows to leave out. */
  readonly where: Condition;
  /** `where` leaves out a few rows at most, so that any number of others can be read in one piece. */
  readonly isDense?: boolean;
  /** Leaves out more rows than SQL can say. */
  readonly accept?: (key: Key) => boolean;
  /** These users only, by their numbers in ascending order; few enough to be sorted. */
  readonly numbers?: readonly number[];
  /** `from` gives them in their order by itself, and few enough for one piece. */
  readonly isInOrder?: boolean;
  /** All users of the source, when these are few, for when reading them in their order takes long. */
  readonly find?: () => Promise<KnownNumbers>;
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
  if (source.isDense || source.isInOrder) return undefined;
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

/** Up to `limit` rows after the key `after`, up to and including the key `end`: the values of `USER_COLUMNS`, then the key. */
export function readSlice(
  statements: Statements,
  source: Source,
  { after, end, limit }: { after: Key | undefined; end: Key | undefined; limit: number },
): SQLOutputValue[][] {
  const { from, fromValues = [], join = "", key, isInOrder } = source;
  const numbers = needsSorting(source) ? source.numbers : numbersWithin(source, after, end);
  const { sql, values } = allOf([
    bounds(source, after, end),
    ...(numbers ? [isOneOf(numbers)] : []),
    source.where,
  ]);
  return statements.rows(
    `SELECT ${USER_COLUMNS}, ${key.join(", ")} FROM ${numbers ? ALL : `${from} ${join}`} ` +
      `WHERE ${sql} ${isInOrder ? "" : `ORDER BY ${order(source)}`} ${LIMIT}`,
    [...fromValues, ...values, limit],
  );
}

/** The numbers of the next `size` users of the order, whether `where` leaves them out or not, in the order. */
export function numbersInOrder(
  statements: Statements,
  source: Source,
  after: Key | undefined,
  size: number,
): number[] {
  const { sql, values } = bounds(source, after, undefined);
  return statements.numbers(
    `SELECT ${SEQ} FROM ${source.from} WHERE ${sql} ORDER BY ${order(source)} ${LIMIT}`,
    [...values, size],
  );
}

/** The numbers of the first `limit` users after the key `after` among some, in no order that matters. */
export function firstOfNumbers(
  statements: Statements,
  source: Source,
  { among, after, limit }: { among: readonly number[]; after: Key | undefined; limit: number },
): number[] {
  const { sql, values } = allOf([bounds(source, after, undefined), source.where]);
  return statements.numbers(
    // With IN the numbers would be sorted first, although they are.
    `SELECT ${SEQ} FROM json_each(?) AS j CROSS JOIN users u ON ${SEQ} = j.value ` +
      `WHERE ${sql} ORDER BY ${order(source)} ${LIMIT}`,
    [JSON.stringify(among), ...values, limit],
  );
}

/** Where a user stands; undefined when there is no such user any more. */
export function keyOfNumber(
  statements: Statements,
  source: Source,
  number: number,
): Key | undefined {
  const sql = `SELECT ${source.key.join(", ")} FROM ${ALL} WHERE ${SEQ} = ?`;
  return statements.rows(sql, [number])[0];
}

/** Where a row that `readSlice` has read stands. */
export function keyOf(source: Source, row: readonly SQLOutputValue[]): Key {
  return row.slice(USER_COLUMN_COUNT, USER_COLUMN_COUNT + source.key.length);
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
