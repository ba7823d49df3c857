import type { Condition } from "./condition.ts";
import { spread } from "./number-set.ts";
import type { Pace } from "./pace.ts";
import { createSliceSize } from "./slice-size.ts";
import { LIMIT, maxSeq } from "./statements.ts";
import type { Statements } from "./statements.ts";
import { createdBounds, signedInBounds } from "./user-filter.ts";
import type { UserFilter } from "./user-filter.ts";
import { isBounded } from "./user-order.ts";
import type { OrderField } from "./user-order.ts";

const LETTERS_AT_MOST = 320_000;
// One trigram has no positions to compare, and is found several times as fast.
const OF_ONE_TRIGRAM = 120_000;
// A range of times that holds more is not worth reading.
const IN_RANGE_AT_MOST = 10_000;
const ASKED_AT_ONCE = { min: 1_024, max: 8_192 };
const SCANNED_AT_ONCE = { min: 1_024, max: 16_384 };
const ASKED_FOR_GAPS = 256;

/** Nobody was looked for. */
export const NOTHING_KNOWN: KnownNumbers = { numbers: [], isAll: false };

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
  const isOrdered = indexes.some(({ field, bounds }) => field === order && isBounded(bounds));
  if (isOrdered) return NOTHING_KNOWN;
  for (const { field, index, bounds } of indexes.filter((each) => isBounded(each.bounds))) {
    const { lower = Number.MIN_SAFE_INTEGER, upper = Number.MAX_SAFE_INTEGER } = bounds;
    const sql = `SELECT seq FROM users INDEXED BY ${index} WHERE ${field} >= ? AND ${field} < ? ${LIMIT}`;
    const numbers = statements.numbers(sql, [lower, upper, IN_RANGE_AT_MOST + 1]);
    if (numbers.length <= IN_RANGE_AT_MOST) {
      return { numbers: numbers.toSorted((a, b) => a - b), isAll: true };
    }
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
  const sliceSize = createSliceSize(ASKED_AT_ONCE);
  for (let from = 0; from < numbers.length;) {
    const asked = numbers.slice(from, from + sliceSize.size);
    const values = [JSON.stringify(asked), ...where.values];
    left.push(...sliceSize.measure(() => statements.numbers(sql, values)));
    from += asked.length;
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
  const sliceSize = createSliceSize(SCANNED_AT_ONCE);
  const numbers: number[] = [];
  const last = maxSeq(statements);
  const endOf = endsOfPieces(statements, last);
  const sql = `SELECT u.seq FROM users u NOT INDEXED WHERE u.seq > ? AND u.seq <= ? AND ${where.sql} ORDER BY u.seq ${LIMIT}`;
  for (let after = Number.MIN_SAFE_INTEGER; after < last;) {
    const from = after;
    after = sliceSize.measure((size) => {
      const end = endOf(from, size);
      const values = [from, end, ...where.values, atMost + 1 - numbers.length];
      numbers.push(...statements.numbers(sql, values));
      return end;
    });
    if (numbers.length > atMost) return { numbers, isAll: false };
    await pace.rest();
  }
  return { numbers, isAll: true };
}

/** Tells the last number of a piece of about so many users, or fewer. Users with numbers that are far apart are counted, which doubles the time. */
function endsOfPieces(statements: Statements, last: number) {
  const some = spread(ASKED_FOR_GAPS, last + 1);
  const sql = "SELECT u.seq FROM json_each(?) AS j CROSS JOIN users u ON u.seq = j.value";
  const isDense = statements.numbers(sql, [JSON.stringify(some)]).length * 4 > some.length;
  return (after: number, size: number): number => {
    if (isDense && after >= 0) return after + size;
    const rows = statements.rows(
      "SELECT seq FROM users WHERE seq > ? ORDER BY seq LIMIT 1 OFFSET ?",
      [after, size - 1],
    );
    return Number(rows[0]?.[0] ?? last);
  };
}

/** Makes something when it is first asked for, and then keeps it. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
