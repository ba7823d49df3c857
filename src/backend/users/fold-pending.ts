import type { DatabaseSync } from "node:sqlite";
import { inTransaction } from "../database/index.ts";
import { userKeys, wordsOf } from "./fold.ts";
import { LIMIT } from "./statements.ts";
import type { Statements } from "./statements.ts";
import { integer, text } from "./user-record.ts";
import type { Row } from "./user-record.ts";

const MAX_AT_ONCE = 200;
const SQLITE_BUSY = 5;

/**
 * Makes the folded keys of users that another process has written with plain
 * SQL, up to 200 at a time. Waits for nobody: while another process holds the
 * write lock it does nothing, and the next search tries again.
 *
 * @returns how many users it has brought up to date
 */
export function foldPending(database: DatabaseSync, statements: Statements): number {
  if (!statements.get("SELECT seq FROM users_to_fold LIMIT 1")) return 0;
  const timeout = statements.get("PRAGMA busy_timeout")?.["timeout"];
  database.exec("PRAGMA busy_timeout = 0");
  try {
    return inTransaction(database, () => foldSome(statements));
  } catch (error) {
    if (isBusy(error)) return 0;
    throw error;
  } finally {
    database.exec(`PRAGMA busy_timeout = ${Number(timeout)}`);
  }
}

function foldSome(statements: Statements): number {
  const rows = statements.all(
    `SELECT p.seq, u.id, u.name, u.email, u.name_key FROM users_to_fold p LEFT JOIN users u USING (seq) ${LIMIT}`,
    [MAX_AT_ONCE],
  );
  for (const row of rows) {
    if (row["id"] !== null) foldOne(statements, row);
    statements.run("DELETE FROM users_to_fold WHERE seq = ?", [integer(row, "seq")]);
  }
  return rows.length;
}

function foldOne(statements: Statements, row: Row): void {
  const seq = integer(row, "seq");
  const keys = userKeys({
    id: text(row, "id"),
    name: text(row, "name"),
    email: text(row, "email"),
  });
  forgetWords(statements, text(row, "name_key"), seq);
  statements.run(
    "UPDATE users SET id_key = ?, name_key = ?, email_key = ?, search_key = ? WHERE seq = ?",
    [keys.idKey, keys.nameKey, keys.emailKey, keys.searchKey, seq],
  );
  rememberWords(statements, "user_words", keys.nameKey, seq);
}

/** Adds the words of a user's folded name to the index of words, or to a table like it. */
export function rememberWords(
  statements: Statements,
  table: "user_words" | "new_words",
  nameKey: string,
  seq: number,
): void {
  const sql = `INSERT OR IGNORE INTO ${table} (word, name_key, seq) VALUES (?, ?, ?)`;
  for (const word of wordsOf(nameKey)) statements.run(sql, [word, nameKey, seq]);
}

function forgetWords(statements: Statements, nameKey: string, seq: number): void {
  for (const word of wordsOf(nameKey)) {
    statements.run("DELETE FROM user_words WHERE word = ? AND name_key = ? AND seq = ?", [
      word,
      nameKey,
      seq,
    ]);
  }
}

function isBusy(error: unknown): boolean {
  return (
    error instanceof Error && "errcode" in error && Number(error.errcode) % 256 === SQLITE_BUSY
  );
}
