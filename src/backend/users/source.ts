import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import { allOf } from "./condition.ts";
import type { Condition } from "./condition.ts";
import { isBetween, orderOf, stretches } from "./key-range.ts";
import type { Key, KeyRange } from "./key-range.ts";
import { USER_COLUMNS } from "./user-record.ts";
import type { NumberSet } from "./number-set.ts";
import { LIMIT } from "./statements.ts";
import type { Statements } from "./statements.ts";

const SEQ = "u.seq";
const ALL = "users u";
const USER_COLUMN_COUNT = USER_COLUMNS.split(",").length;

/**
 * Users in an order that an index gives, so that any number of rows can be
 * read from any place without reading what lies before it.
 */
export interface Source extends KeyRange {
  /** What to read for the order alone. */
  readonly from: string;
  readonly fromValues?: readonly SQLInputValue[];
  /** What makes the alias `u` for `users` from it, unless `from` does. */
  readonly join?: string;
  /** Rows to leave out. */
  readonly where: Condition;
  /** `where` leaves out a few rows at most, so that any number of others can be read in one piece. */
  readonly isDense?: boolean;
  /** Leaves out more rows than SQL can say. */
  readonly accept?: (key: Key) => boolean;
  /** These users only, by their numbers in ascending order, which is that of the source. */
  readonly numbers?: readonly number[];
  /** These users only; the first ones have to be looked for. */
  readonly among?: NumberSet;
  /** `from` gives them in their order by itself, and few enough for one piece. */
  readonly isInOrder?: boolean;
  /** For when reading the users in their order takes long. */
  readonly shortcut?: Shortcut;
}

/** The same users in the same order in another way, which costs something to begin with. */
export interface Shortcut {
  /** After how many rows it is worth its price. */
  readonly afterRows: number;
  take(): Promise<Source>;
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
  const { sql, values } = allAfter(source, source.key.join(", "), after);
  return statements.rows(`${sql} LIMIT 1 OFFSET ?`, [...values, size - 1])[0];
}

function endOfNumbers(
  numbers: readonly number[],
  after: Key | undefined,
  size: number,
): Key | undefined {
  const first = Number(after?.[0] ?? -Infinity);
  const from = numbers.findIndex((number) => number > first);
  const end = from === -1 ? undefined : numbers[from + size - 1];
  return end === undefined ? undefined : [end];
}

/** Which rows: up to `limit` after the key `after`, up to and including the key `end`, and `only` these users. */
export interface SliceRange {
  readonly after: Key | undefined;
  readonly end: Key | undefined;
  readonly limit: number;
  readonly only?: readonly number[];
}

/** The rows of a slice: the values of `USER_COLUMNS`, then the key. */
export function readSlice(
  statements: Statements,
  source: Source,
  { after, end, limit, only }: SliceRange,
): SQLOutputValue[][] {
  const { from, fromValues = [], join = "", key, isInOrder } = source;
  const numbers = only ?? numbersWithin(source, after, end);
  const { sql, values } = allOf([
    isBetween(source, after, end),
    ...(numbers ? [isOneOf(numbers)] : []),
    source.where,
  ]);
  return statements.rows(
    `SELECT ${USER_COLUMNS}, ${key.join(", ")} FROM ${numbers ? ALL : `${from} ${join}`} ` +
      `WHERE ${sql} ${isInOrder ? "" : `ORDER BY ${orderOf(source)}`} ${LIMIT}`,
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
  const { sql, values } = allAfter(source, SEQ, after);
  return statements.numbers(`${sql} ${LIMIT}`, [...values, size]);
}

/** The numbers of all users after the key `after`, up to and including the key `end`, whether `where` leaves them out or not: several lists, in the order. */
export function numbersUpTo(
  statements: Statements,
  source: Source,
  after: Key | undefined,
  end: Key | undefined,
): number[][] {
  return stretches(source, after, end).map(({ sql, values }) =>
    statements.numbers(`SELECT ${SEQ} FROM ${source.from} WHERE ${sql}`, values),
  );
}

/** The share of users with these numbers who stand after the key `after`, up to and including the key `end`; 0 when nobody has them. */
export function shareUpTo(
  statements: Statements,
  source: Source,
  { among, after, end }: { among: readonly number[]; after: Key | undefined; end: Key | undefined },
): number {
  const { sql, values } = isBetween(source, after, end);
  const [row] = statements.rows(
    `SELECT avg(${sql}) FROM json_each(?) AS j CROSS JOIN users u ON ${SEQ} = j.value`,
    [...values, JSON.stringify(among)],
  );
  return Number(row?.[0] ?? 0);
}

/** The numbers of the first `limit` users after the key `after` among some, in the order. */
export function firstOfNumbers(
  statements: Statements,
  source: Source,
  { among, after, limit }: { among: readonly number[]; after: Key | undefined; limit: number },
): number[] {
  const { sql, values } = allOf([isBetween(source, after, undefined), source.where]);
  return statements.numbers(
    // With IN the numbers would be sorted first, although they are.
    `SELECT ${SEQ} FROM json_each(?) AS j CROSS JOIN users u ON ${SEQ} = j.value ` +
      `WHERE ${sql} ORDER BY ${orderOf(source)} ${LIMIT}`,
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

/** A query for some columns of all rows after the key `after`, whether `where` leaves them out or not, in the order. */
function allAfter(source: Source, columns: string, after: Key | undefined) {
  const parts = stretches(source, after, undefined);
  const sql = parts.map(
    (part) =>
      `SELECT * FROM (SELECT ${columns} FROM ${source.from} WHERE ${part.sql} ORDER BY ${orderOf(source)})`,
  );
  return { sql: sql.join(" UNION ALL "), values: parts.flatMap(({ values }) => values) };
}

function numbersWithin({ numbers }: Source, after: Key | undefined, end: Key | undefined) {
  const first = Number(after?.[0] ?? -Infinity);
  const last = Number(end?.[0] ?? Infinity);
  return numbers?.filter((number) => number > first && number <= last);
}

function isOneOf(numbers: readonly number[]): Condition {
  return { sql: `${SEQ} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(numbers)] };
}
