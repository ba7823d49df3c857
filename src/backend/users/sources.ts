import { allOf, anyOf, endOfPrefix, endOfText, not } from "./condition.ts";
import type { Condition } from "./condition.ts";
import { wordsOf } from "./fold.ts";
import type { KnownNumbers } from "./known-numbers.ts";
import * as search from "./search-query.ts";
import type { SearchQuery } from "./search-query.ts";
import type { Source } from "./source.ts";
import type { OrderField, UserOrder } from "./user-order.ts";

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
    ...bounds,
  };
}

/** The users with these numbers, without those that fail `where`, sorted. */
export function ofNumbers(order: UserOrder, numbers: readonly number[], where: Condition): Source {
  return { ...inOrder(order, where), from: "users u", numbers };
}

/**
 * The users that match, best first: exact id or address; name begins with the
 * query; its words begin words of the name; address or id begins with it; the
 * rest, as they were added. Every user is in one of these sources only.
 *
 * @param known asked at most once a list: the numbers of the first users that match
 */
export function byRelevance(
  query: SearchQuery,
  where: Condition,
  known: () => KnownNumbers,
): (() => Source)[] {
  const isExactId = search.isExactId(query);
  const isExact = search.isExact(query);
  const isName = search.isNamePrefix(query);
  const isWord = search.isWordPrefix(query);
  const isEmail = search.isEmailPrefix(query);
  const isId = search.isIdPrefix(query);
  const without = (...earlier: Condition[]) => allOf([where, not(anyOf(earlier))]);
  const isRest = without(isExact, isName, isWord, isEmail, isId);
  const isMatch = allOf([query.condition, isRest]);
  const sources = [
    () => idWithin(query.text, endOfText(query.text), where),
    () => within("email", query.text, endOfText(query.text), without(isExactId)),
    () => within("name", query.text, endOfPrefix(query.text), without(isExact)),
    () => wordsBeginning(query, allOf([isWord, without(isExact, isName)])),
    () => within("email", query.text, endOfPrefix(query.text), without(isExact, isName, isWord)),
    () => idWithin(query.text, endOfPrefix(query.text), without(isExact, isName, isWord, isEmail)),
  ];
  // One word that is too short for the middle of a text can only be at a beginning.
  if (query.words.length === 1 && query.match === undefined) return sources;
  return [
    ...sources,
    () => knownRest(known(), query.isMatchExact ? isRest : isMatch),
    () => unknownRest(known(), isMatch),
  ];
}

function knownRest({ numbers }: KnownNumbers, where: Condition): Source {
  return { key: ["u.seq"], descending: false, from: "users u", join: "", numbers, where };
}

function unknownRest({ numbers, isAll }: KnownNumbers, where: Condition): Source {
  if (isAll) return knownRest({ numbers: [], isAll }, where);
  const lower = (numbers.at(-1) ?? 0) + 1;
  return { key: ["u.seq"], descending: false, from: "users u", join: "", lower, where };
}

function within(field: "name" | "email", lower: string, upper: string, where: Condition): Source {
  return inOrder({ field, descending: false }, where, { lower, upper });
}

function idWithin(lower: string, upper: string, where: Condition): Source {
  return {
    key: ["u.id_key", "u.id"],
    descending: false,
    from: "users u INDEXED BY users_by_id_key",
    join: "",
    where,
    lower,
    upper,
  };
}

function wordsBeginning(query: SearchQuery, where: Condition): Source {
  const [driver = ""] = query.words.toSorted((a, b) => b.length - a.length);
  return {
    key: ["w.word", "w.name_key", "w.seq"],
    descending: false,
    from: "user_words w",
    join: "CROSS JOIN users u ON u.seq = w.seq AND u.name_key = w.name_key",
    where,
    lower: driver,
    upper: endOfPrefix(driver),
    // Of several words of a name that begin so, the first one brings the user.
    accept: ({ key, nameKey }) => key[0] === firstWord(nameKey, driver),
  };
}

function firstWord(nameKey: string, prefix: string): string | undefined {
  const words = wordsOf(nameKey).filter((word) => word.startsWith(prefix));
  // SQLite's order is that of UTF-8 bytes, not that of UTF-16 code units.
  return words.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))[0];
}
