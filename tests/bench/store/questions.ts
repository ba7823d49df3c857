import type { ListUsers } from "../../../src/backend/users/list-users.ts";
import type { UserFilter } from "../../../src/backend/users/user-filter.ts";
import type { UserOrder } from "../../../src/backend/users/user-order.ts";

/** Names that begin so fill a page among 10,000 users already. */
export const prefixes = "mar eli ana luk ame bui tra ade ine chi zoe hoa gra ama sta ngo dan".split(
  " ",
);

/** In the middle of words, and often enough to fill a page among 10,000 users. */
export const parts = ["son", "ndr", "ian", "ena", "ski", "ato", "ura", "enko"];

/** Many matches, near the beginning of an order or at its end. */
const frequent = "ann son mar mari opoulos user9 ing ski li a g i m o p x example".split(" ");

const yearMs = 365 * 86_400_000;
const nowMs = Date.UTC(2026, 0, 1);
const none: UserFilter = { statuses: [], roles: [] };

const orders: readonly UserOrder[] = (
  ["name", "email", "create_time", "last_sign_in_time"] as const
).flatMap((field) => [false, true].map((descending) => ({ field, descending })));

const filters: Readonly<Record<string, UserFilter>> = {
  "one status": { ...none, statuses: [4] },
  "three statuses": { ...none, statuses: [2, 3, 4] },
  "a rare role": { ...none, roles: ["admin"] },
  "two roles": { ...none, roles: ["billing", "support"] },
  "created within a year": { ...none, createdFromMs: nowMs - yearMs, createdBeforeMs: nowMs },
  "created within a month": { ...none, createdFromMs: nowMs - yearMs / 12 },
  "never signed in": { ...none, hasNeverSignedIn: true },
  "dormant for 90 days": { ...none, notSignedInSinceMs: nowMs - 90 * 86_400_000 },
  "all at once": {
    statuses: [4],
    roles: ["admin"],
    createdFromMs: nowMs - 5 * yearMs,
    notSignedInSinceMs: nowMs - 90 * 86_400_000,
  },
};

/** A list as the dashboard asks for it, with words for the report. */
export interface Question {
  readonly name: string;
  readonly request: ListUsers;
}

/** The first page of 50, by relevance or name. */
export function list(request: Partial<ListUsers>): ListUsers {
  return {
    query: "",
    filter: none,
    order: undefined,
    pageSize: 50,
    pageToken: "",
    ...request,
  };
}

/** Frequent parts in every order that a column of the table offers. */
export const sortedSearches: readonly Question[] = inEveryOrder(frequent);

/** What a person types on the way to something longer, in every order. */
export const sortedPairs: readonly Question[] = inEveryOrder([
  "mar example",
  "mari l",
  "mail a",
  "an ko",
  "a m",
  "j s",
]);

/** A text that many match and each filter, in two orders that have nothing to do with it. */
export const sortedFilteredSearches: readonly Question[] = Object.entries(filters).flatMap(
  ([name, filter]) =>
    ["mar", "son"].flatMap((query) =>
      orders
        .filter(({ field }) => field === "name" || field === "last_sign_in_time")
        .map((order) => ({
          name: `"${query}" and ${name} by ${words(order)}`,
          request: list({ query, filter, order }),
        })),
    ),
);

/** Every filter in every order, without a text. */
export const filteredLists: readonly Question[] = Object.entries(filters).flatMap(
  ([name, filter]) =>
    orders.map((order) => ({
      name: `${name} by ${words(order)}`,
      request: list({ filter, order }),
    })),
);

/** Every filter with a text that many match, by relevance. */
export const filteredSearches: readonly Question[] = Object.entries(filters).flatMap(
  ([name, filter]) =>
    ["a", "ann", "son"].map((query) => ({
      name: `"${query}" and ${name}`,
      request: list({ query, filter }),
    })),
);

/** What is typed on the way to a name, an address, an id; and what nobody matches. */
export const typed: readonly Question[] = [
  ..."a e q x 7 li wa user1 user12 example.org @ zz9 ann son".split(" "),
  "anna k",
  "li q",
  "maria example",
  "x example",
].map((query) => ({ name: `"${query}"`, request: list({ query }) }));

function inEveryOrder(queries: readonly string[]): Question[] {
  return queries.flatMap((query) =>
    orders.map((order) => ({
      name: `"${query}" by ${words(order)}`,
      request: list({ query, order }),
    })),
  );
}

function words({ field, descending }: UserOrder): string {
  return descending ? `${field} descending` : field;
}
