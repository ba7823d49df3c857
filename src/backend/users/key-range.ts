import type { SQLInputValue } from "node:sqlite";
import { allOf } from "./condition.ts";
import type { Condition } from "./condition.ts";

/** Where a row stands in an order: the values of the order's columns. */
export type Key = readonly SQLInputValue[];

/** An order that an index gives, and how much of it. */
export interface KeyRange {
  /** The columns of the order; all together are unique. */
  readonly key: readonly string[];
  readonly descending: boolean;
  /** Bounds of the first column of the key: at least `lower`, less than `upper`. */
  readonly lower?: SQLInputValue | undefined;
  readonly upper?: SQLInputValue | undefined;
}

/** The order, for ORDER BY. */
export function orderOf({ key, descending }: KeyRange): string {
  return key.map((column) => `${column}${descending ? " DESC" : ""}`).join(", ");
}

/** A row is in the range, after the key `after`, and not after the key `end`. */
export function isBetween(
  range: KeyRange,
  after: Key | undefined,
  end: Key | undefined,
): Condition {
  const { later, earlier } = comparisons(range);
  const compared = (operator: string, values: Key | undefined): Condition[] => {
    const sql = `(${range.key.join(", ")}) ${operator} (${range.key.map(() => "?").join(", ")})`;
    return values ? [{ sql, values }] : [];
  };
  // The index is entered by one lower bound; a second, weaker one could be taken in its place.
  return allOf([
    ...compared(later, after),
    ...compared(`${earlier}=`, end),
    ...edges(range, after, end),
  ]);
}

/**
 * The same rows as several stretches of the index, in the order. Walking them
 * takes half as long, because no row is compared with the keys.
 */
export function stretches(
  range: KeyRange,
  after: Key | undefined,
  end: Key | undefined,
): readonly Condition[] {
  const more = edges(range, after, end);
  return split(range.key, range, after, end).map((stretch) => allOf([stretch, ...more]));
}

function split(
  [column, ...columns]: readonly string[],
  range: KeyRange,
  after: Key | undefined,
  end: Key | undefined,
): Condition[] {
  if (column === undefined) return after ? [] : [allOf([])];
  const [first, ...afterRest] = after ?? [];
  const [last, ...endRest] = end ?? [];
  const { later, earlier } = comparisons(range);
  const compared = (operator: string, value: SQLInputValue | undefined): Condition[] =>
    value === undefined ? [] : [{ sql: `${column} ${operator} ?`, values: [value] }];
  const same = (value: SQLInputValue | undefined, from: Key | undefined, to: Key | undefined) =>
    compared("=", value).flatMap((isSame) =>
      split(columns, range, from, to).map((stretch) => allOf([isSame, stretch])),
    );
  if (first !== undefined && first === last) return same(first, afterRest, endRest);
  return [
    ...same(first, afterRest, undefined),
    allOf([...compared(later, first), ...compared(earlier, last)]),
    ...same(last, undefined, endRest),
  ];
}

function edges(
  { key: [first = ""], descending, lower, upper }: KeyRange,
  after: Key | undefined,
  end: Key | undefined,
): Condition[] {
  const [hasLower, hasUpper] = descending ? [end, after] : [after, end];
  return [
    ...(lower === undefined || hasLower ? [] : [{ sql: `${first} >= ?`, values: [lower] }]),
    ...(upper === undefined || hasUpper ? [] : [{ sql: `${first} < ?`, values: [upper] }]),
  ];
}

function comparisons({ descending }: KeyRange) {
  return descending ? { later: "<", earlier: ">" } : { later: ">", earlier: "<" };
}
