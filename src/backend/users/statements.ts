import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import { text } from "./user-record.ts";
import type { Row } from "./user-record.ts";

const MAX_STATEMENTS = 200;

/** A limit that is a value: with a bare one SQLite prepares the whole statement again each time it is bound. */
export const LIMIT = "LIMIT CAST(? AS INTEGER)";

/** Runs SQL text, preparing each text once. */
export interface Statements {
  all(sql: string, values?: readonly SQLInputValue[]): Row[];
  /** Rows without names, which cost half as much; for a text that `all` and `get` never run. */
  rows(sql: string, values?: readonly SQLInputValue[]): SQLOutputValue[][];
  /** What a query with the one column `seq` finds: as one row of JSON, since thousands of rows would cost more than finding them. */
  numbers(sql: string, values?: readonly SQLInputValue[]): number[];
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
    numbers(sql, values = []) {
      const row = statement(`SELECT json_group_array(seq) AS numbers FROM (${sql})`).get(...values);
      return row ? JSON.parse(text(row, "numbers")) : [];
    },
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

/** The greatest number of a user; 0 when there is none. */
export function maxSeq(statements: Statements): number {
  return Number(statements.get("SELECT max(seq) AS seq FROM users")?.["seq"] ?? 0);
}

/** Is another text when others may have changed users: the issuer writes to the same database all the time, but not to these tables. */
export function usersStamp(statements: Statements): string {
  const others = statements.get("PRAGMA data_version")?.["data_version"];
  return `${Number(others)}:${maxSeq(statements)}`;
}
