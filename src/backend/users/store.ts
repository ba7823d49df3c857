import type { DatabaseSync } from "node:sqlite";
import { foldPending } from "./fold-pending.ts";
import { fold } from "./fold.ts";
import { listUsers } from "./list-users.ts";
import type { ListUsers, UserPage } from "./list-users.ts";
import { createMemory } from "./memory.ts";
import type { NumberSet } from "./number-set.ts";
import { createPace } from "./pace.ts";
import { createPageTokens } from "./page-token.ts";
import { createStatements, usersStamp } from "./statements.ts";
import type { Statements } from "./statements.ts";
import type { Total } from "./total.ts";
import { USER_COLUMNS, contactFromRow, integer, text, userFromValues } from "./user-record.ts";
import type { ContactRecord, UserRecord } from "./user-record.ts";

const KEYS_AT_ONCE = 50;
const MAX_TOTALS = 500;
// Each may have a byte for each number of a user.
const MAX_LETTERS = 4;

/** The users of a database. Nothing here holds the event loop for more than a few milliseconds. */
export interface UserStore {
  /** The user with this id, character by character. */
  get(id: string): UserRecord | undefined;
  /** How the user with this id can be reached. */
  getContact(id: string): ContactRecord | undefined;
  /** Users by id or e-mail address; each user once, both lists in the order of `keys`. */
  getMany(keys: readonly string[], signal?: AbortSignal): Promise<FoundUsers>;
  /** One page. `"page-token"` when the token is not of this list. */
  list(request: ListUsers, signal?: AbortSignal): Promise<UserPage | "page-token">;
  /** The versions of those of these users that exist. */
  versions(ids: Iterable<string>): ReadonlyMap<string, number>;
  /** Is another text when anything in the database may have changed, whoever changed it. */
  changeStamp(): string;
}

/** The result of `getMany`. */
export interface FoundUsers {
  readonly users: readonly UserRecord[];
  readonly notFound: readonly string[];
}

/** The users of a database that has `usersSchema`. */
export function createUserStore(database: DatabaseSync): UserStore {
  const statements = createStatements(database);
  let foldings = 0;
  const bringUpToDate = () => {
    const { isChanged, isDone } = foldPending(database, statements);
    if (isChanged) foldings += 1;
    return isDone;
  };
  const context = {
    statements,
    stamp: () => `${usersStamp(statements)}:${foldings}`,
    tokens: createPageTokens(pageTokenKey(statements)),
    totals: createMemory<Total>(MAX_TOTALS),
    usersBeginning: createMemory<NumberSet>(MAX_LETTERS),
  };
  return {
    get: (id) => findById(statements, id),
    getContact(id) {
      const sql = "SELECT phone_number, address_lines FROM users WHERE id = ?";
      const row = statements.get(sql, [id]);
      return row && contactFromRow(row);
    },
    getMany(keys, signal) {
      bringUpToDate();
      return findMany(statements, keys, signal);
    },
    list(request, signal) {
      return listUsers({ ...context, isUpToDate: bringUpToDate() }, request, createPace(signal));
    },
    versions: (ids) => readVersions(statements, ids),
    changeStamp: () => readChangeStamp(statements),
  };
}

function pageTokenKey(statements: Statements): Uint8Array {
  const row = statements.get("SELECT value FROM users_settings WHERE name = 'page_token_key'");
  const key = row?.["value"];
  if (key instanceof Uint8Array) return key;
  throw new Error(
    "The users' database has no page_token_key in users_settings. Restore it from a backup, or start with a new database.",
  );
}

function findById(statements: Statements, id: string): UserRecord | undefined {
  const [row] = statements.rows(`SELECT ${USER_COLUMNS} FROM users u WHERE u.id = ?`, [id]);
  return row && userFromValues(row);
}

function findByEmail(statements: Statements, email: string): UserRecord | undefined {
  const rows = statements.rows(`SELECT ${USER_COLUMNS} FROM users u WHERE u.email_key = ?`, [
    fold(email),
  ]);
  // The fold also drops accents, but josé@… and jose@… are two addresses.
  const wanted = email.trim().toLowerCase();
  return rows.map(userFromValues).find((user) => user.email.toLowerCase() === wanted);
}

async function findMany(
  statements: Statements,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<FoundUsers> {
  const pace = createPace(signal);
  const users = new Map<string, UserRecord>();
  const notFound = new Set<string>();
  for (const [index, key] of keys.entries()) {
    const user = findById(statements, key) ?? findByEmail(statements, key);
    if (user) users.set(user.id, user);
    else notFound.add(key);
    if (index % KEYS_AT_ONCE === KEYS_AT_ONCE - 1) await pace.rest();
  }
  return { users: [...users.values()], notFound: [...notFound] };
}

function readVersions(statements: Statements, ids: Iterable<string>): Map<string, number> {
  const rows = statements.all(
    "SELECT u.id, u.version FROM json_each(?) AS j CROSS JOIN users u ON u.id = j.value",
    [JSON.stringify([...ids])],
  );
  return new Map(rows.map((row) => [text(row, "id"), integer(row, "version")]));
}

// data_version tells of other connections' commits only, total_changes of this one's.
function readChangeStamp(statements: Statements): string {
  const others = statements.get("PRAGMA data_version")?.["data_version"];
  const own = statements.get("SELECT total_changes() AS changes")?.["changes"];
  return `${Number(others)}:${Number(own)}`;
}
