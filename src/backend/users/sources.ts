import { beginningsOf, driverOf } from "./beginnings.ts";
import type { Beginnings } from "./beginnings.ts";
import { allOf, anyOf, beginning, contains, exactly, isWithin, not } from "./condition.ts";
import type { Condition, TextRange } from "./condition.ts";
import { wordsOf } from "./fold.ts";
import { once } from "./known-numbers.ts";
import type { KnownNumbers } from "./known-numbers.ts";
import type { SearchQuery } from "./search-query.ts";
import type { Source } from "./source.ts";
import type { Statements } from "./statements.ts";
import type { OrderField, UserOrder } from "./user-order.ts";

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
  bounds: Pick<Source, "lower" | "upper"> = {},
): Source {
  const { column, index } = ORDERS[order.field];
  return {
    key: [column, "u.id"],
    descending: order.descending,
    from: `users u INDEXED BY ${index}`,
    join: "",
    where,
    isDense: where.values.length === 0,
    ...bounds,
  };
}

/** The users with these numbers, without those that fail `where`, sorted. */
export function ofNumbers(order: UserOrder, numbers: readonly number[], where: Condition): Source {
  return { ...inOrder(order, where), from: "users u", numbers };
}

/** What a search by relevance asks of its match: the numbers of the first users, and of as many as are worth knowing. */
export interface Matches {
  readonly first: () => KnownNumbers;
  readonly many: () => KnownNumbers;
}

/** Makes a source when it is its turn; undefined when it would be empty. */
export type MakeSource = () => Source | undefined;

/**
 * The users that match, best first: exact id or address; name begins with the
 * query; its words begin words of the name; address or id begins with it; the
 * rest, as they were added. Every user is in one of these sources only.
 */
export function byRelevance(
  statements: Statements,
  query: SearchQuery,
  where: Condition,
  { first, many }: Matches,
): MakeSource[] {
  const tiers = tiersOf(query, beginningsOf(statements, query));
  const isLeft = (index: number) => {
    const earlier = tiers.slice(0, index).filter(({ exists }) => exists);
    if (earlier.length === 0) return where;
    return allOf([where, not(anyOf(earlier.map(({ condition }) => condition)))]);
  };
  const sources = tiers.map(({ exists, source }, index): MakeSource => {
    // Before the names come only the few who are exactly the query.
    const isDense = where.values.length === 0 && index <= FIRST_NAMES;
    return () => exists && { ...source(isLeft(index)), isDense };
  });
  // One word that is too short for the middle of a text can only be at a beginning.
  if (query.words.length === 1 && query.match === undefined) return sources;
  const isRest = once(() => isLeft(tiers.length));
  const isMatch = () => allOf([query.condition, isRest()]);
  const ofKnown = () => (query.isMatchExact ? isRest() : isMatch());
  return [
    ...sources,
    () => knownRest(first(), ofKnown()),
    () => (first().isAll ? undefined : knownRest(afterwards(first(), many()), ofKnown())),
    () => (first().isAll || many().isAll ? undefined : unknownRest(many(), isMatch())),
  ];
}

interface Tier {
  readonly exists: true | undefined;
  readonly condition: Condition;
  readonly source: (where: Condition) => Source;
}

function tiersOf(query: SearchQuery, some: Beginnings): Tier[] {
  const same = exactly(query.text);
  const begins = beginning(query.text);
  const id = (range: TextRange) => (where: Condition) => idWithin(range, where);
  const email = (range: TextRange) => (where: Condition) => within("email", range, where);
  const name = (where: Condition) => within("name", begins, where);
  const isWord = allOf(query.words.map((word) => contains("u.search_key", ` ${word}`)));
  const word = (where: Condition) => wordsBeginning(query, allOf([isWord, where]));
  return [
    { exists: some.exactId, condition: isWithin("u.id_key", same), source: id(same) },
    { exists: some.exactEmail, condition: isWithin("u.email_key", same), source: email(same) },
    { exists: some.name, condition: isWithin("u.name_key", begins), source: name },
    { exists: some.word, condition: isWord, source: word },
    { exists: some.email, condition: isWithin("u.email_key", begins), source: email(begins) },
    { exists: some.id, condition: isWithin("u.id_key", begins), source: id(begins) },
  ];
}

function knownRest({ numbers }: KnownNumbers, where: Condition): Source {
  return { key: ["u.seq"], descending: false, from: "users u", join: "", numbers, where };
}

function afterwards(first: KnownNumbers, many: KnownNumbers): KnownNumbers {
  const last = first.numbers.at(-1) ?? 0;
  return { ...many, numbers: many.numbers.filter((number) => number > last) };
}

function unknownRest({ numbers }: KnownNumbers, where: Condition): Source {
  const lower = (numbers.at(-1) ?? 0) + 1;
  return { key: ["u.seq"], descending: false, from: "users u", join: "", lower, where };
}

function within(field: "name" | "email", range: TextRange, where: Condition): Source {
  return inOrder({ field, descending: false }, where, range);
}

function idWithin(range: TextRange, where: Condition): Source {
  const from = "users u INDEXED BY users_by_id_key";
  return { key: ["u.id_key", "u.id"], descending: false, from, join: "", where, ...range };
}

function wordsBeginning(query: SearchQuery, where: Condition): Source {
  const driver = driverOf(query);
  return {
    key: ["w.word", "w.name_key", "w.seq"],
    descending: false,
    from: "user_words w",
    join: "CROSS JOIN users u ON u.seq = w.seq AND u.name_key = w.name_key",
    where,
    ...beginning(driver),
    // Of several words of a name that begin so, the first one brings the user.
    accept: ([word, nameKey]) => typeof nameKey === "string" && word === firstWord(nameKey, driver),
  };
}

function firstWord(nameKey: string, prefix: string): string | undefined {
  const words = wordsOf(nameKey).filter((word) => word.startsWith(prefix));
  // SQLite's order is that of UTF-8 bytes, not that of UTF-16 code units.
  return words.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))[0];
}
