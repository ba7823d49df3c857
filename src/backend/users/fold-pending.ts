import type { DatabaseSync } from "node:sqlite";
import { inTransaction } from "../database/index.ts";
import { userKeys, wordsOf } from "./fold.ts";
import { LIMIT } from "./statements.ts";
import type { Statements } from "./statements.ts";
import { integer, text } from "./user-record.ts";
import type { Row } from "./user-record.ts";

const MAX_AT_ONCE = 200;
const SQLITE_BUSY = 5;
const IS_PENDING =
  "SELECT 1 WHERE EXISTS (SELECT 1 FROM users_to_fold) OR EXISTS (SELECT 1 FROM users_to_forget)";

/** What `foldPending` did. */
export interface Folding {
  /** The index is another one than before. */
  readonly isChanged: boolean;
  /** The index fits the users; otherwise it may lack some, or tell of some who are gone. */
  readonly isDone: boolean;
}

/**
 * Brings the index up to date with what another process has written with
 * plain SQL: forgets up to 200 users who were deleted, and makes the folded
 * keys of up to 200 who were added or changed. Waits for nobody: while another
 * process holds the write lock it does nothing, and the next search tries
 * again.
 */
export function foldPending(database: DatabaseSync, statements: Statements): Folding {
  if (!statements.get(IS_PENDING)) return { isChanged: false, isDone: true };
  const timeout = statements.get("PRAGMA busy_timeout")?.["timeout"];
  database.exec("PRAGMA busy_timeout = 0");
  try {
    inTransaction(database, () => {
      forgetSome(statements);
      foldSome(statements);
    });
    return { isChanged: true, isDone: !statements.get(IS_PENDING) };
  } catch (error) {
    if (!isBusy(error)) throw error;
    return { isChanged: false, isDone: false };
  } finally {
    database.exec(`PRAGMA busy_timeout = ${Number(timeout)}`);
  }
}

function forgetSome(statements: Statements): void {
  const sql = `SELECT seq, name_key FROM users_to_forget ${LIMIT}`;
  forget(statements, statements.all(sql, [MAX_AT_ONCE]));
}

function foldSome(statements: Statements): void {
  const rows = statements.all(
    `SELECT p.seq, u.id, u.name, u.email FROM users_to_fold p LEFT JOIN users u USING (seq) ${LIMIT}`,
    [MAX_AT_ONCE],
  );
  for (const row of rows) {
    if (row["id"] !== null) foldOne(statements, row);
    statements.run("DELETE FROM users_to_fold WHERE seq = ?", [integer(row, "seq")]);
  }
}

function foldOne(statements: Statements, row: Row): void {
  const seq = integer(row, "seq");
  const keys = userKeys({
    id: text(row, "id"),
    name: text(row, "name"),
    email: text(row, "email"),
  });
  statements.run(
    "UPDATE users SET id_key = ?, name_key = ?, email_key = ?, search_key = ? WHERE seq = ?",
    [keys.idKey, keys.nameKey, keys.emailKey, keys.searchKey, seq],
  );
  // A trigger has noted the words of before; others may be of those who had the number. Later, that would take the new words.
  const sql = "SELECT seq, name_key FROM users_to_forget WHERE seq = ?";
  forget(statements, statements.all(sql, [seq]));
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

function forget(statements: Statements, rows: readonly Row[]): void {
  for (const row of rows) {
    const [seq, nameKey] = [integer(row, "seq"), text(row, "name_key")];
    for (const word of wordsOf(nameKey)) {
      statements.run("DELETE FROM user_words WHERE word = ? AND name_key = ? AND seq = ?", [
        word,
        nameKey,
        seq,
      ]);
    }
    statements.run("DELETE FROM users_to_forget WHERE seq = ? AND name_key = ?", [seq, nameKey]);
  }
}

function isBusy(error: unknown): boolean {
  return (
    error instanceof Error && "errcode" in error && Number(error.errcode) % 256 === SQLITE_BUSY
  );
}
