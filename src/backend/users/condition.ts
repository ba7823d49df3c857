import type { SQLInputValue } from "node:sqlite";

/** A piece of SQL that is true or false, and the values of its question marks. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** Every condition holds; with none, always true. */
export function allOf(conditions: readonly Condition[]): Condition {
  if (conditions.length === 0) return { sql: "TRUE", values: [] };
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(" AND "),
    values: conditions.flatMap(({ values }) => values),
  };
}

/** At least one condition holds; with none, never true. */
export function anyOf(conditions: readonly Condition[]): Condition {
  if (conditions.length === 0) return { sql: "FALSE", values: [] };
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(" OR "),
    values: conditions.flatMap(({ values }) => values),
  };
}

/** The condition does not hold. */
export function not(condition: Condition): Condition {
  return { sql: `NOT (${condition.sql})`, values: condition.values };
}

/** Texts from `lower` up to `upper`, without it, in SQLite's order. */
export interface TextRange {
  readonly lower: string;
  readonly upper: string;
}

/** This folded text only: folded texts have no control characters. */
export function exactly(text: string): TextRange {
  return { lower: text, upper: `${text}\u0001` };
}

/** All that begins so. */
export function beginning(prefix: string): TextRange {
  return { lower: prefix, upper: `${prefix}\u{10ffff}` };
}

/** The text of `column` is in the range; can use an index on the column. */
export function isWithin(column: string, { lower, upper }: TextRange): Condition {
  return { sql: `${column} >= ? AND ${column} < ?`, values: [lower, upper] };
}

/** The text of `column` contains `part`. */
export function contains(column: string, part: string): Condition {
  return { sql: `instr(${column}, ?) > 0`, values: [part] };
}
