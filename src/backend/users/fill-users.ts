import type { DatabaseSync } from "node:sqlite";
import { inTransaction } from "../database/index.ts";
import { rememberWords } from "./fold-pending.ts";
import { userKeys } from "./fold.ts";
import { createStatements } from "./statements.ts";
import type { Statements } from "./statements.ts";
import { integer, text } from "./user-record.ts";
import type { ContactRecord, UserRecord } from "./user-record.ts";

/** A user to be added, with version 1. */
export type NewUser = Omit<UserRecord, "version"> & ContactRecord;

const INSERT = `INSERT INTO users (
  id, name, email, status, roles, locale, create_time, update_time, last_sign_in_time,
  phone_number, address_lines, id_key, name_key, email_key, search_key
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq`;

/**
 * Fills a database that has no users, in one transaction; the indexes are made
 * at the end, which is several times faster than user by user.
 *
 * @throws Error when two users share an id or e-mail address; then none is added
 */
export function fillUsers(database: DatabaseSync, users: Iterable<NewUser>): void {
  const statements = createStatements(database);
  inTransaction(database, () => {
    const added = statements.all(
      "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = 'users' AND type <> 'table' AND sql IS NOT NULL",
    );
    for (const row of added) database.exec(`DROP ${text(row, "type")} ${text(row, "name")}`);
    // No row must be in the way, and no note take words that are added now.
    for (const table of ["user_words", "users_to_forget"]) {
      database.exec(`DELETE FROM ${table} WHERE NOT EXISTS (SELECT 1 FROM users)`);
    }
    database.exec("CREATE TEMP TABLE new_words (word TEXT, name_key TEXT, seq INTEGER)");
    for (const user of users) insertUser(statements, user);
    database.exec("INSERT INTO user_words SELECT * FROM new_words ORDER BY word, name_key, seq");
    database.exec("DROP TABLE new_words");
    for (const row of added) database.exec(text(row, "sql"));
    database.exec("INSERT INTO user_search (user_search) VALUES ('rebuild')");
  });
}

function insertUser(statements: Statements, user: NewUser): void {
  const keys = userKeys(user);
  const row = statements.get(INSERT, [
    user.id,
    user.name,
    user.email,
    user.status,
    JSON.stringify(user.roles.toSorted()),
    user.locale,
    user.createTimeMs,
    user.updateTimeMs,
    user.lastSignInTimeMs,
    user.phoneNumber,
    JSON.stringify(user.addressLines),
    keys.idKey,
    keys.nameKey,
    keys.emailKey,
    keys.searchKey,
  ]);
  if (row) rememberWords(statements, "new_words", keys.nameKey, integer(row, "seq"));
}
