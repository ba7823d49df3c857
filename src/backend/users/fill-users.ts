import type { DatabaseSync } from "node:sqlite";
import { inTransaction } from "../database/index.ts";
import { rememberWords } from "./fold-pending.ts";
import { userKeys } from "./fold.ts";
import { createStatements } from "./statements.ts";
import type { Statements } from "./statements.ts";
import { integer } from "./user-record.ts";
import type { ContactRecord, UserRecord } from "./user-record.ts";

/** A user to be added, with version 1. */
export type NewUser = Omit<UserRecord, "version"> & Omit<ContactRecord, "userId">;

const INSERT = `INSERT INTO users (
  id, name, email, status, roles, locale, create_time, update_time, last_sign_in_time,
  phone_number, address_lines, id_key, name_key, email_key, search_key
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq`;

/**
 * Fills a database that has no users, in one transaction; the search index is
 * made once, at the end, which is many times faster than user by user.
 *
 * @throws Error when two users share an id or e-mail address; then none is added
 */
export function fillUsers(database: DatabaseSync, users: Iterable<NewUser>): void {
  const statements = createStatements(database);
  inTransaction(database, () => {
    statements.run("INSERT INTO users_settings (name, value) VALUES ('bulk_insert', x'')");
    for (const user of users) insertUser(statements, user);
    statements.run("DELETE FROM users_settings WHERE name = 'bulk_insert'");
    statements.run("INSERT INTO user_search (user_search) VALUES ('rebuild')");
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
  if (row) rememberWords(statements, keys.nameKey, integer(row, "seq"));
}
