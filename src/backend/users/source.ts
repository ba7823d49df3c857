import type { SQLInputValue } from "node:sqlite";
import type { Condition } from "./condition.ts";
import { USER_COLUMNS } from "./user-record.ts";
import type { Row } from "./user-record.ts";
import type { Statements } from "./statements.ts";

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
  /** The values of the question marks in `from`. */
  readonly fromValues?: readonly SQLInputValue[];
  /** What makes the alias `u` for `users` from it; empty when `from` does. */
  readonly join: string;
  /** Bounds of the first column of the key: at least `lower`, less than `upper`. */
  readonly lower?: SQLInputValue;
  readonly upper?: SQLInputValue;
  /** Rows to leave out. */
  readonly where: Condition;
  /** Leaves out more rows than SQL can say. */
  readonly accept?: (row: Row) => boolean;
  /** Has few rows and is read in one piece. */
  readonly isSmall?: boolean;
  /** The first column of the key in ascending order, known already; `from` has one question mark for a part of it. */
  readonly numbers?: readonly number[];
  /** The numbers of all users of this source, in any order: they are sorted instead of walking the index. */
  readonly known?: readonly number[];
}

/** The last key of the next `size` rows of the order; undefined when fewer are left. */
export function endOfSlice(
  statements: Statements,
  source: Source,
  after: Key | undefined,
  size: number,
): Key | undefined {
  if (source.isSmall) return undefined;
  if (source.numbers) return endOfNumbers(source.numbers, after, size);
  const { sql, values } = bounds(source, after, undefined);
  const row = statements.get(
    `SELECT ${keyColumns(source)} FROM ${source.from} WHERE ${sql} ORDER BY ${order(source)} LIMIT 1 OFFSET ?`,
    [...(source.fromValues ?? []), ...values, size - 1],
  );
  return row && keyOf(source, row);
}

function endOfNumbers(
  numbers: readonly number[],
  after: Key | undefined,
  size: number,
): Key | undefined {
  const end = numbers.filter((number) => number > Number(after?.[0] ?? 0))[size - 1];
  return end === undefined ? undefined : [end];
}

/** Up to `limit` rows after the key `after`, up to and including the key `end`. */
export function readSlice(
  statements: Statements,
  source: Source,
  range: { after: Key | undefined; end: Key | undefined; limit: number },
): Row[] {
  const { sql, values } = bounds(source, range.after, range.end);
  return statements.all(
    `SELECT ${keyColumns(source)}, ${USER_COLUMNS}, u.seq, u.name_key AS folded_name FROM ${source.from} ${source.join} ` +
      `WHERE ${sql} AND ${source.where.sql} ORDER BY ${order(source)} LIMIT ?`,
    [...fromValues(source, range), ...values, ...source.where.values, range.limit],
  );
}

/** The same source, of these users only. */
export function ofNumbers(source: Source, numbers: readonly number[]): Source {
  return {
    ...source,
    from: "json_each(?) AS j CROSS JOIN users u ON u.seq = j.value",
    fromValues: [JSON.stringify(numbers)],
  };
}

function fromValues(
  { numbers, fromValues: values = [] }: Source,
  { after, end }: { after: Key | undefined; end: Key | undefined },
): readonly SQLInputValue[] {
  if (!numbers) return values;
  const first = Number(after?.[0] ?? 0);
  const last = Number(end?.[0] ?? Infinity);
  return [JSON.stringify(numbers.filter((number) => number > first && number <= last))];
}

/** The key of a row that `readSlice` returned. */
export function keyOf(source: Source, row: Row): Key {
  return source.key.map((_, index) => row[`key${index}`] ?? null);
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

function keyColumns(source: Source): string {
  return source.key.map((column, index) => `${column} AS key${index}`).join(", ");
}

function order(source: Source): string {
  return source.key.map((column) => `${column}${source.descending ? " DESC" : ""}`).join(", ");
}
