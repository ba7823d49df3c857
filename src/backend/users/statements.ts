import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import type { Row } from "./user-record.ts";

const MAX_STATEMENTS = 200;

/** A limit that is a value: with a bare one SQLite prepares the whole statement again each time it is bound. */
export const LIMIT = "LIMIT CAST(? AS INTEGER)";

/** Runs SQL text, preparing each text once. */
export interface Statements {
  all(sql: string, values?: readonly SQLInputValue[]): Row[];
  /** Rows without names, which cost half as much; for a text that `all` and `get` never run. */
  rows(sql: string, values?: readonly SQLInputValue[]): SQLOutputValue[][];
  get(sql: string, values?: readonly SQLInputValue[]): Row | undefined;
  run(sql: string, values?: readonly SQLInputValue[]): void;
}

/** Prepared statements of a connection, the least recently used dropped beyond 200. */
export function createStatements(database: DatabaseSync): Statements {
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    const found = prepared.get(sql) ?? database.prepare(sql);
    prepared.delete(sql);
    prepared.set(sql, found);
    const [oldest] = prepared.keys();
    if (prepared.size > MAX_STATEMENTS && oldest !== undefined) prepared.delete(oldest);
    return found;
  };
  return {
    all: (sql, values = []) => statement(sql).all(...values),
    get: (sql, values = []) => statement(sql).get(...values),
    rows(sql, values = []) {
      const nameless = statement(sql);
      nameless.setReturnArrays(true);
      const rows: unknown[] = nameless.all(...values);
      return rows.filter((row) => Array.isArray(row));
    },
    run: (sql, values = []) => void statement(sql).run(...values),
  };
}
