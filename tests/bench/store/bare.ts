import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue } from "node:sqlite";

const COLUMNS =
  "u.id, u.name, u.email, u.status, u.roles, u.locale, u.create_time, u.update_time, u.last_sign_in_time, u.version";
const MAX_COUNTED = 10_001;

/** What one would write by hand with node:sqlite, without a store: one prepared statement for each question. */
export interface Bare {
  byId(id: string): unknown;
  byEmail(emailKey: string): unknown;
  prefix(prefix: string): unknown;
  substring(part: string): unknown;
  page(after: readonly [nameKey: string, id: string]): unknown;
  /** How many contain this, up to 10,001. */
  count(part: string): unknown;
  /** Some values of the database, to ask with. */
  ask(sql: string, ...values: readonly SQLInputValue[]): Record<string, unknown>[];
  close(): void;
}

/** A connection of its own, with the settings of the store's. */
export function openBare(file: string): Bare {
  const database = new DatabaseSync(file, { readOnly: true });
  database.exec("PRAGMA mmap_size = 2147418112");
  const all = (sql: string) => {
    const statement = database.prepare(sql);
    return (...values: readonly SQLInputValue[]) => statement.all(...values);
  };
  const id = all(`SELECT ${COLUMNS} FROM users u WHERE id = ?`);
  const email = all(`SELECT ${COLUMNS} FROM users u WHERE email_key = ?`);
  const prefix = all(
    `SELECT ${COLUMNS} FROM users u WHERE name_key >= ? AND name_key < ? ORDER BY name_key, id LIMIT 50`,
  );
  const substring = all(
    `SELECT ${COLUMNS} FROM user_search s CROSS JOIN users u ON u.seq = s.rowid WHERE user_search MATCH ? LIMIT 50`,
  );
  const page = all(
    `SELECT ${COLUMNS} FROM users u WHERE (name_key, id) > (?, ?) ORDER BY name_key, id LIMIT 50`,
  );
  const count = all(
    `SELECT count(*) FROM (SELECT 1 FROM user_search WHERE user_search MATCH ? LIMIT ${MAX_COUNTED})`,
  );
  return {
    byId: (key) => id(key),
    byEmail: (key) => email(key),
    prefix: (key) => prefix(key, `${key}\u{10ffff}`),
    substring: (part) => substring(`"${part}"`),
    page: ([nameKey, key]) => page(nameKey, key),
    count: (part) => count(`"${part}"`),
    ask: (sql, ...values) => all(sql)(...values),
    close: () => database.close(),
  };
}
