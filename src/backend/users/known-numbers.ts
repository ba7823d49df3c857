import { beginning } from "./condition.ts";
import type { Condition } from "./condition.ts";
import type { Pace } from "./pace.ts";
import { createSliceSize } from "./slice-size.ts";
import { LIMIT, maxSeq } from "./statements.ts";
import type { Statements } from "./statements.ts";
import { createdBounds, signedInBounds } from "./user-filter.ts";
import type { UserFilter } from "./user-filter.ts";
import type { Bounds, OrderField } from "./user-order.ts";

const LETTERS_AT_MOST = 240_000;
// One trigram has no positions to compare, and is found several times as fast.
const OF_ONE_TRIGRAM = 120_000;
// A range of an index that holds more is not worth reading.
const IN_RANGE_AT_MOST = { times: 10_000, words: 24_000 };
// Where one number in so many is there, marking them takes two thirds of the time of sorting them; where one in four is, a sixth.
const DENSE = 64;
const ASKED_AT_ONCE = 8_192;
const SCANNED_AT_ONCE = { min: 1_024, max: 16_384 };
const NOTHING_KNOWN: KnownNumbers = { numbers: [], isAll: false };

/** The numbers of the users that an FTS5 query finds, in ascending order. */
export const MATCHES =
  "SELECT rowid AS seq FROM user_search WHERE user_search MATCH ? ORDER BY rowid";

/** The numbers (`users.seq`) of the first users of a list in ascending order, or of all of them. */
export interface KnownNumbers {
  readonly numbers: readonly number[];
  readonly isAll: boolean;
}

/**
 * How many users that match a text are worth knowing: FTS5 finds them in one
 * piece, which takes some 12 ms. More are so dense that walking an order soon
 * finds a page.
 */
export function mostKnown(query: string): number {
  return query.length <= 3 ? OF_ONE_TRIGRAM : Math.floor(LETTERS_AT_MOST / query.length);
}

/**
 * The first users that an FTS5 query finds: it finds them at once, but to go
 * on from a row in the middle it reads all before it.
 */
export function searchMatches(statements: Statements, match: string, limit: number): KnownNumbers {
  const numbers = statements.numbers(`${MATCHES} ${LIMIT}`, [match, limit + 1]);
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
  const atMost = IN_RANGE_AT_MOST.words;
  return few(statements.numbers(sql, [...range, ...range, ...range, atMost + 1]), atMost);
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
    const atMost = IN_RANGE_AT_MOST.times;
    const known = few(statements.numbers(sql, [lower, upper, atMost + 1]), atMost);
    if (known.isAll) return known;
  }
  return NOTHING_KNOWN;
}

/** Those of the numbers whose users fulfil a condition on `users u`. */
export async function numbersThat(
  statements: Statements,
  numbers: readonly number[],
  where: Condition,
  pace: Pace,
): Promise<readonly number[]> {
  if (where.values.length === 0) return numbers;
  const left: number[] = [];
  const sql = `SELECT u.seq FROM json_each(?) AS j CROSS JOIN users u ON u.seq = j.value WHERE ${where.sql}`;
  for (let from = 0; from < numbers.length; from += ASKED_AT_ONCE) {
    const asked = JSON.stringify(numbers.slice(from, from + ASKED_AT_ONCE));
    left.push(...statements.numbers(sql, [asked, ...where.values]));
    await pace.rest();
  }
  return left;
}

/** The first users that fulfil a condition on `users u`, found by looking at one after the other. */
export async function scanUsers(
  statements: Statements,
  where: Condition,
  { pace, atMost }: { pace: Pace; atMost: number },
): Promise<KnownNumbers> {
  const last = maxSeq(statements);
  const sliceSize = createSliceSize(SCANNED_AT_ONCE);
  const numbers: number[] = [];
  const sql = `SELECT u.seq FROM users u NOT INDEXED WHERE u.seq > ? AND u.seq <= ? AND ${where.sql} ORDER BY u.seq ${LIMIT}`;
  for (let after = 0; after < last;) {
    const end = after + sliceSize.size;
    const values = [after, end, ...where.values, atMost + 1 - numbers.length];
    numbers.push(...sliceSize.measure(() => statements.numbers(sql, values)));
    if (numbers.length > atMost) return { numbers, isAll: false };
    after = end;
    await pace.rest();
  }
  return { numbers, isAll: true };
}

/** Makes something when it is first asked for, and then keeps it. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function few(numbers: readonly number[], atMost: number): KnownNumbers {
  if (numbers.length > atMost) return NOTHING_KNOWN;
  return { numbers: ascending(numbers), isAll: true };
}

/** Each number once, in ascending order. */
function ascending(numbers: readonly number[]): number[] {
  const greatest = numbers.reduce((most, number) => Math.max(most, number), 0);
  // Somebody else who writes to the database may number as they like.
  const isDense = numbers.length * DENSE > greatest && numbers.every((number) => number >= 0);
  return isDense ? byMarking(numbers, greatest) : bySorting(numbers);
}

function byMarking(numbers: readonly number[], greatest: number): number[] {
  const marks = new Uint8Array(greatest + 1);
  for (const number of numbers) marks[number] = 1;
  const marked: number[] = [];
  for (let number = 0; number <= greatest; number++) if (marks[number] === 1) marked.push(number);
  return marked;
}

function bySorting(numbers: readonly number[]): number[] {
  const sorted = Float64Array.from(numbers).toSorted();
  return Array.from(sorted.filter((number, at) => number !== sorted[at - 1]));
}

function isSet({ lower, upper }: Bounds): boolean {
  return lower !== undefined || upper !== undefined;
}
