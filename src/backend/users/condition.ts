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

/** The text of `column` begins with `prefix`; can use an index on the column. */
export function startsWith(column: string, prefix: string): Condition {
  return {
    sql: `${column} >= ? AND ${column} < ?`,
    values: [prefix, endOfPrefix(prefix)],
  };
}

/** The first text after all that begin with `prefix`, in SQLite's binary order. */
export function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}

/** The first folded text after this one: folded texts have no control characters. */
export function endOfText(text: string): string {
  return `${text}\u0001`;
}

/** The text of `column` contains `part`. */
export function contains(column: string, part: string): Condition {
  return { sql: `instr(${column}, ?) > 0`, values: [part] };
}
