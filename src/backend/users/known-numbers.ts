import { beginning } from "./condition.ts";
import type { Bounds, OrderField } from "./user-order.ts";
import { LIMIT } from "./statements.ts";
import type { Statements } from "./statements.ts";
import { createdBounds, signedInBounds } from "./user-filter.ts";
import type { UserFilter } from "./user-filter.ts";
import { text } from "./user-record.ts";

const LETTERS_AT_MOST = 120_000;
// One trigram has no positions to compare, and is found six times as fast.
const OF_ONE_TRIGRAM = 80_000;
// A range of an index that holds more is not worth reading.
const IN_RANGE_AT_MOST = 10_000;
const NOTHING_KNOWN: KnownNumbers = { numbers: [], isAll: false };

/** The numbers (`users.seq`) of the first users of a list in ascending order, or of all of them. */
export interface KnownNumbers {
  readonly numbers: readonly number[];
  readonly isAll: boolean;
}

/**
 * How many users that match a text are worth knowing: finding them takes some
 * 6 ms in one piece, longer texts take longer. More are so dense that walking
 * an order soon finds a page.
 */
export function mostKnown(query: string): number {
  return query.length <= 3 ? OF_ONE_TRIGRAM : Math.floor(LETTERS_AT_MOST / query.length);
}

/**
 * The first users that an FTS5 query finds: it finds them at once, but to go
 * on from a row in the middle it reads all before it.
 */
export function searchMatches(
  statements: Statements,
  match: string | undefined,
  limit: number,
): KnownNumbers {
  if (match === undefined) return NOTHING_KNOWN;
  const sql = `SELECT rowid AS seq FROM user_search WHERE user_search MATCH ? ORDER BY rowid ${LIMIT}`;
  const numbers = readNumbers(statements, sql, [match, limit + 1]);
  return { numbers, isAll: numbers.length <= limit };
}

/** The users with an id, an address or a word of the name that begins with `prefix`, and perhaps more, when they are few. */
export function usersBeginning(statements: Statements, prefix: string): KnownNumbers {
  const { lower, upper } = beginning(prefix);
  const range = [lower, upper];
  const sql =
    "SELECT seq FROM user_words WHERE word >= ? AND word < ? " +
    "UNION ALL SELECT seq FROM users WHERE id_key >= ? AND id_key < ? " +
    `UNION ALL SELECT seq FROM users WHERE email_key >= ? AND email_key < ? ${LIMIT}`;
  return few(readNumbers(statements, sql, [...range, ...range, ...range, IN_RANGE_AT_MOST + 1]));
}

/** The users within the times of a filter when they are few, and the order is not that of the times. */
export function usersInBounds(
  statements: Statements,
  filter: UserFilter,
  order: OrderField | undefined,
): KnownNumbers {
  const indexes = [
    { field: "create_time", index: "users_by_create_time", bounds: createdBounds(filter) },
    { field: "last_sign_in_time", index: "users_by_last_sign_in", bounds: signedInBounds(filter) },
  ];
  const isOrdered = indexes.some(({ field, bounds }) => field === order && isSet(bounds));
  if (isOrdered) return NOTHING_KNOWN;
  for (const { field, index, bounds } of indexes.filter((each) => isSet(each.bounds))) {
    const { lower = Number.MIN_SAFE_INTEGER, upper = Number.MAX_SAFE_INTEGER } = bounds;
    const sql = `SELECT seq FROM users INDEXED BY ${index} WHERE ${field} >= ? AND ${field} < ? ${LIMIT}`;
    const known = few(readNumbers(statements, sql, [lower, upper, IN_RANGE_AT_MOST + 1]));
    if (known.isAll) return known;
  }
  return NOTHING_KNOWN;
}

/** Makes something when it is first asked for, and then keeps it. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function few(numbers: readonly number[]): KnownNumbers {
  if (numbers.length > IN_RANGE_AT_MOST) return NOTHING_KNOWN;
  return { numbers: [...new Set(numbers)].toSorted((a, b) => a - b), isAll: true };
}

function isSet({ lower, upper }: Bounds): boolean {
  return lower !== undefined || upper !== undefined;
}

// One row of JSON: thousands of rows would cost more than finding them.
function readNumbers(
  statements: Statements,
  sql: string,
  values: readonly (string | number)[],
): number[] {
  const row = statements.get(`SELECT json_group_array(seq) AS numbers FROM (${sql})`, values);
  return row ? JSON.parse(text(row, "numbers")) : [];
}
