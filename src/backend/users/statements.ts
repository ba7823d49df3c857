import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { Row } from "./user-record.ts";

const MAX_STATEMENTS = 200;

/** Runs SQL text, preparing each text once. */
export interface Statements {
  all(sql: string, values?: readonly SQLInputValue[]): Row[];
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
    run: (sql, values = []) => void statement(sql).run(...values),
  };
}
