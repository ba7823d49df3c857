import { allOf, anyOf, beginning, contains, exactly, isWithin, not } from "./condition.ts";
import type { Condition, TextRange } from "./condition.ts";
import { wordsOf } from "./fold.ts";
import { MATCHES, once } from "./known-numbers.ts";
import type { KnownNumbers } from "./known-numbers.ts";
import type { NumberSet } from "./number-set.ts";
import type { MakeSource } from "./scan.ts";
import type { SearchQuery } from "./search-query.ts";
import type { Source } from "./source.ts";
import type { Statements } from "./statements.ts";
import type { Bounds, OrderField, UserOrder } from "./user-order.ts";

// By relevance nothing is sorted: this many mostly bring the first page.
const FIRST_MATCHES = 80;
// The place of the names among the tiers.
const FIRST_NAMES = 2;

const ORDERS: Readonly<Record<OrderField, { column: string; index: string }>> = {
  name: { column: "u.name_key", index: "users_by_name" },
  email: { column: "u.email_key", index: "users_by_email" },
  create_time: { column: "u.create_time", index: "users_by_create_time" },
  last_sign_in_time: { column: "u.last_sign_in_time", index: "users_by_last_sign_in" },
};

/** All users in an order, without those that fail `where`. */
export function inOrder(
  order: UserOrder,
  where: Condition,
  more: Pick<Source, "lower" | "upper" | "shortcut"> = {},
): Source {
  const { column, index } = ORDERS[order.field];
  return {
    key: [column, "u.id"],
    descending: order.descending,
    from: `users u INDEXED BY ${index}`,
    where,
    isDense: where.values.length === 0,
    ...more,
  };
}

/** These users, without those that fail `where` or are not within the bounds, sorted. */
export function ofNumbers(
  order: UserOrder,
  among: NumberSet,
  where: Condition,
  bounds: Bounds = {},
): Source {
  return { ...inOrder(order, where, bounds), among };
}

/**
 * The users that match, best first: exact id or address; name begins with the
 * query; its words begin words of the name; address or id begins with it; the
 * rest, as they were added. Every user is in one of these sources only.
 */
export function byRelevance(
  statements: Statements,
  query: SearchQuery,
  where: Condition,
  candidates: () => KnownNumbers,
): MakeSource[] {
  const tiers = tiersOf(query);
  const exists = whichExist(statements, tiers);
  const isLeft = (index: number) => {
    const earlier = tiers.slice(0, index).filter((_, at) => exists[at]);
    if (earlier.length === 0) return where;
    return allOf([where, not(anyOf(earlier.map(({ condition }) => condition)))]);
  };
  const sources = tiers.map(({ source }, index): MakeSource => {
    // Before the names come only the few who are exactly the query.
    const isDense = where.values.length === 0 && index <= FIRST_NAMES;
    return () => (exists[index] ? { ...source(isLeft(index)), isDense } : undefined);
  });
  if (query.isBeginning) return sources;
  const isRest = once(() => isLeft(tiers.length));
  const isMatch = () => allOf([query.condition, isRest()]);
  const ofKnown = () => (query.isMatchExact ? isRest() : isMatch());
  const later = () => candidates().numbers.slice(query.match === undefined ? 0 : FIRST_MATCHES);
  return [
    ...sources,
    () => firstRest(query.match, ofKnown()),
    () => knownRest(later(), ofKnown()),
    () => unknownRest(candidates(), isMatch()),
  ];
}

interface Tier {
  /** The index that tells whether anybody is in it: somebody is when a text of its column is in the range. */
  readonly table: "users" | "user_words";
  readonly column: string;
  readonly range: TextRange;
  readonly condition: Condition;
  readonly source: (where: Condition) => Source;
}

function tiersOf(query: SearchQuery): Tier[] {
  const same = exactly(query.text);
  const begins = beginning(query.text);
  return [
    fieldWithin("id", same),
    fieldWithin("email", same),
    fieldWithin("name", begins),
    wordsBeginning(query),
    fieldWithin("email", begins),
    fieldWithin("id", begins),
  ];
}

// One question to the indexes costs less than reading sources that are empty.
function whichExist(statements: Statements, tiers: readonly Tier[]): boolean[] {
  const parts = tiers.map(
    ({ table, column, range }) =>
      `EXISTS (SELECT 1 FROM ${table} WHERE ${isWithin(column, range).sql})`,
  );
  const values = tiers.flatMap(({ range: { lower, upper } }) => [lower, upper]);
  const [row = []] = statements.rows(`SELECT ${parts.join(", ")}`, values);
  return row.map((found) => found === 1);
}

// A subquery with a limit is read row by row as it is joined, and its order is kept; to ask for that order sorts again.
function firstRest(match: string | undefined, where: Condition): Source | undefined {
  if (match === undefined) return undefined;
  return {
    key: ["u.seq"],
    descending: false,
    from: `(${MATCHES} LIMIT ${FIRST_MATCHES}) s`,
    fromValues: [match],
    join: "CROSS JOIN users u ON u.seq = s.seq",
    where,
    isInOrder: true,
  };
}

function knownRest(numbers: readonly number[], where: Condition): Source | undefined {
  if (numbers.length === 0) return undefined;
  return { key: ["u.seq"], descending: false, from: "users u", numbers, where };
}

function unknownRest({ numbers, isAll }: KnownNumbers, where: Condition): Source | undefined {
  if (isAll) return undefined;
  const last = numbers.at(-1);
  const lower = last === undefined ? undefined : last + 1;
  return { key: ["u.seq"], descending: false, from: "users u", lower, where };
}

function fieldWithin(field: "id" | "email" | "name", range: TextRange): Tier {
  const column = `${field}_key`;
  const condition = isWithin(`u.${column}`, range);
  const source = (where: Condition): Source => {
    if (field !== "id") return inOrder({ field, descending: false }, where, range);
    const from = "users u INDEXED BY users_by_id_key";
    return { key: ["u.id_key", "u.id"], descending: false, from, where, ...range };
  };
  return { table: "users", column, range, condition, source };
}

function wordsBeginning({ words }: SearchQuery): Tier {
  // The word that the fewest users have, as its length tells.
  const driver = words.toSorted((a, b) => b.length - a.length)[0] ?? "";
  const range = beginning(driver);
  const condition = allOf(words.map((word) => contains("u.search_key", ` ${word}`)));
  const source = (where: Condition): Source => ({
    key: ["w.word", "w.name_key", "w.seq"],
    descending: false,
    from: "user_words w",
    join: "CROSS JOIN users u ON u.seq = w.seq AND u.name_key = w.name_key",
    where: allOf([condition, where]),
    ...range,
    // Of several words of a name that begin so, the first one brings the user.
    accept: ([word, nameKey]) => typeof nameKey === "string" && word === firstWord(nameKey, driver),
  });
  return { table: "user_words", column: "word", range, condition, source };
}

function firstWord(nameKey: string, prefix: string): string | undefined {
  const words = wordsOf(nameKey).filter((word) => word.startsWith(prefix));
  // SQLite's order is that of UTF-8 bytes, not that of UTF-16 code units.
  return words.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))[0];
}
