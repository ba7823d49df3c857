import { describe, expect, it } from "vitest";
import type { NewUser } from "../../../../src/backend/users/fill-users.ts";
import type { UserPage } from "../../../../src/backend/users/list-users.ts";
import type { UserFilter } from "../../../../src/backend/users/user-filter.ts";
import type { OrderField } from "../../../../src/backend/users/user-order.ts";
import { listPage, listPages, newUser, storeOf } from "../../../support/users.ts";

// When more than 16,384 match a text and more than 11,000 of them the rest, they are not told one by one.
const size = 48_000;
const half = size / 2;
// More begin with a letter than are looked up beforehand.
const early = 20_000;
// Too many to be sorted at once, and so far from the beginning that walking there costs more.
const last = 43_000;
const padded = (number: number) => String(number).padStart(5, "0");
// All numbers below `size`, each once.
const mixed = (index: number, factor: number) => (index * factor) % size;

// By name the zebras are at the end, with the omegas as the last of them, by creation the veterans are one half; all else is spread over every order.
const people = Array.from({ length: size }, (_, index) => {
  const number = mixed(index, 7_919);
  const created = mixed(number, 5_003);
  const id = `u${padded(number)}`;
  const isVeteran = created < half;
  return newUser({
    id,
    name: [
      `${number < early ? "Early" : "Zebra"} ${id} ${number % 2 === 0 ? "Den" : "Odd"}`,
      ...(number < last ? [] : ["Omega"]),
      ...(number % 3 === 0 ? [] : ["Mo"]),
      // Nobody among the first who are looked at.
      ...(index < early ? [] : ["New"]),
    ].join(" "),
    email: `${padded(mixed(number, 1_009))}@${number % 3 === 0 ? "b" : "customers"}.example`,
    status: 1 + (Math.floor(number / 2) % 4),
    roles: [
      ...(isVeteran ? ["veteran"] : []),
      ...(index < early ? ["first"] : []),
      ...(number % 3 === 1 ? ["guide"] : []),
      ...(number % 1_000 === 4 ? ["pilot"] : []),
    ],
    createTimeMs: 1_000 + created,
    lastSignInTimeMs: mixed(number, 31) % 500,
  });
});
const { store, database } = storeOf(people);

const keys: Readonly<Record<OrderField, (user: NewUser) => string>> = {
  name: ({ name }) => name.toLowerCase(),
  email: ({ email }) => email,
  create_time: ({ createTimeMs }) => padded(createTimeMs),
  last_sign_in_time: ({ lastSignInTimeMs, id }) => `${padded(lastSignInTimeMs)} ${id}`,
};
const sorted = Object.fromEntries(
  Object.entries(keys).map(([field, keyOf]) => {
    const rows = people.map((user) => ({ user, key: keyOf(user) }));
    return [field, rows.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ user }) => user)];
  }),
);

interface Wanted {
  readonly query?: string;
  readonly searchField?: "name";
  readonly filter?: UserFilter;
}

const all: UserFilter = { statuses: [], roles: [] };

function isWanted({ query = "", filter = all }: Wanted, user: NewUser) {
  const text = ` ${user.id} ${user.email} ${user.name.toLowerCase()}`;
  const hasWord = (word: string) => text.includes(word.length < 3 ? ` ${word}` : word);
  return (
    query.split(" ").every(hasWord) &&
    user.createTimeMs >= (filter.createdFromMs ?? 0) &&
    user.createTimeMs < (filter.createdBeforeMs ?? Infinity) &&
    (filter.statuses.length === 0 || filter.statuses.includes(user.status)) &&
    (filter.roles.length === 0 || filter.roles.some((role) => user.roles.includes(role)))
  );
}

function orderOf(text: string) {
  const [field, direction] = text.split(" ");
  const found = (["name", "email", "create_time", "last_sign_in_time"] as const).find(
    (each) => each === field,
  );
  if (!found) throw new Error(`There is no order ${text}.`);
  return { field: found, descending: direction === "desc" };
}

function expectedIds(wanted: Wanted, orderBy: string): readonly string[] {
  const { field, descending } = orderOf(orderBy);
  const users = sorted[field] ?? [];
  const ids = users.filter((user) => isWanted(wanted, user)).map(({ id }) => id);
  return descending ? ids.toReversed() : ids;
}

// The diff of two such lists takes longer than to make them, and nobody reads it.
function firstDifference(pages: readonly UserPage[], expected: readonly string[]) {
  const listed = pages.flatMap(({ users }) => users.map(({ id }) => id));
  const longer = listed.length > expected.length ? listed : expected;
  const at = longer.findIndex((_, index) => listed[index] !== expected[index]);
  return at === -1 ? undefined : { at, listed: listed[at], expected: expected[at] };
}

const most: UserFilter = { ...all, statuses: [1, 2, 4] };
const everyStatus: UserFilter = { ...all, statuses: [1, 2, 3, 4] };
const third: UserFilter = { ...all, statuses: [3] };
const veterans: UserFilter = { ...all, roles: ["veteran", "pilot"] };
const pilots: UserFilter = { ...all, roles: ["pilot"] };
const days: UserFilter = { ...all, createdFromMs: 20_000, createdBeforeMs: 20_500 };
const years: UserFilter = { ...all, createdFromMs: 20_000, createdBeforeMs: 45_000 };
const firsts: UserFilter = { ...all, roles: ["first"] };
const staff: UserFilter = { statuses: [1, 2, 4], roles: ["veteran", "guide"] };

const lists: readonly (readonly [string, Wanted, readonly string[]])[] = [
  ["a text", { query: "den" }, ["last_sign_in_time desc"]],
  ["a text at one end", { query: "zebra" }, ["name"]],
  ["a text in one column", { query: "den", searchField: "name" }, ["email"]],
  ["a text and statuses", { query: "den", filter: most }, ["last_sign_in_time desc"]],
  ["a text and roles", { query: "den", filter: veterans }, ["create_time desc"]],
  ["a text, statuses and roles", { query: "den", filter: staff }, ["create_time"]],
  ["a text at one end and statuses", { query: "zebra", filter: most }, ["name", "email desc"]],
  ["a text and a letter at one end", { query: "den z" }, ["name"]],
  ["two words", { query: "den customers.example" }, ["create_time desc"]],
  ["two words, one at one end", { query: "zebra customers.example" }, ["name"]],
  ["two words and statuses", { query: "den customers.example", filter: most }, ["email desc"]],
  ["a text of too many", { query: "customers.example" }, ["last_sign_in_time"]],
  ["too many and statuses", { query: "customers.example", filter: most }, ["name desc"]],
  ["too many and few", { query: "customers.example", filter: third }, ["create_time desc"]],
  ["too many and a letter", { query: "customers.example z" }, ["name", "name desc"]],
  ["fewer of a text and a filter of all", { query: "zebra den", filter: everyStatus }, ["email"]],
  ["a letter at one end", { query: "z" }, ["name", "create_time desc"]],
  ["a letter and statuses", { query: "z", filter: most }, ["name"]],
  ["a letter and few", { query: "z", filter: pilots }, ["name", "email desc"]],
  ["a letter and few days", { query: "z", filter: days }, ["create_time", "create_time desc"]],
  ["a letter and years", { query: "z", filter: years }, ["create_time", "create_time desc"]],
  ["a text and few days", { query: "den", filter: days }, ["create_time", "create_time desc"]],
  ["three letters", { query: "m z o" }, ["name", "create_time"]],
  ["a rare and a frequent letter", { query: "e m" }, ["name desc"]],
  ["a letter of those added last", { query: "n" }, ["email", "name desc"]],
  ["a letter of those and statuses", { query: "n", filter: most }, ["email"]],
  ["a letter and those added first", { query: "z", filter: firsts }, ["email"]],
  ["too many and those added first", { query: "customers.example", filter: firsts }, ["email"]],
  ["those added first", { filter: firsts }, ["email"]],
  ["a letter of those and few", { query: "n", filter: pilots }, ["email desc"]],
  ["two letters", { query: "m z" }, ["name", "last_sign_in_time"]],
  ["a text at the very end", { query: "omega" }, ["name", "name desc", "email"]],
  ["a filter alone", { filter: staff }, ["create_time desc"]],
  ["a filter of few alone", { filter: { ...staff, statuses: [3] } }, ["last_sign_in_time desc"]],
];
const cases = lists.flatMap(([name, wanted, orders]) =>
  orders.map((orderBy) => [name, orderBy, wanted] as const),
);

// By its first pieces an index is walked 1,024 + 2,048 or 3 × 1,024 rows, and one row more than a page is looked for.
const borders = [3_071, 3_072];

describe("listing more of a crowd than are told one by one", () => {
  it.each(cases)("lists the users of %s by %s, each once", async (_, orderBy, wanted) => {
    const expected = expectedIds(wanted, orderBy);
    const request = { ...wanted, order: orderOf(orderBy), pageSize: 6_007 };
    const pages = await listPages(store, request);
    expect(firstDifference(pages, expected)).toBeUndefined();
    for (const { total } of pages) {
      if (!total.isEstimated) expect(total.size).toBe(expected.length);
      else expect(expected.length).toBeGreaterThan(10_000);
      expect(Math.abs(total.size - expected.length)).toBeLessThan(expected.length * 0.05);
    }
  });

  it.each(borders)("lists everybody in pages of %i that end with a piece", async (pageSize) => {
    const wanted = { query: "exa" };
    const pages = await listPages(store, { ...wanted, order: orderOf("name"), pageSize });
    expect(firstDifference(pages, expectedIds(wanted, "name"))).toBeUndefined();
  });

  it("lists whoever is new since the last page, and nobody who is gone", async () => {
    const request = { query: "z", order: orderOf("name"), pageSize: 2 };
    const firstIds = async () => (await listPage(store, request)).users.map(({ id }) => id);
    const [first, second] = expectedIds({ query: "z" }, "name");
    expect(await firstIds()).toEqual([first, second]);
    const values = "(-7, 'new', 'Zaa', 'zaa@example.com')";
    database.exec(`INSERT INTO users (seq, id, name, email) VALUES ${values}`);
    expect(await firstIds()).toEqual(["new", first]);
    database.exec("DELETE FROM users WHERE id = 'new'");
    expect(await firstIds()).toEqual([first, second]);
  });

  it("lists by relevance who is new with a number below zero", async () => {
    const values = "(-5, 'zid', 'Foo', 'foo@example.com')";
    database.exec(`INSERT INTO users (seq, id, name, email) VALUES ${values}`);
    const pages = await listPages(store, { query: "z z", pageSize: 30_000 });
    expect(pages.flatMap(({ users }) => users.filter(({ id }) => id === "zid"))).toHaveLength(1);
    database.exec("DELETE FROM users WHERE id = 'zid'");
  });

  it("lists all of a list that has grown since its first page", async () => {
    const filter: UserFilter = { statuses: [3, 4], roles: ["guide"] };
    const request = { filter, order: orderOf("name"), pageSize: 10 };
    const { nextPageToken, total } = await listPage(store, request);
    expect(total).toEqual({ size: 8_000, isEstimated: false });
    const late = (sorted.name ?? []).slice(30_000).map(({ id }) => id);
    database.exec("BEGIN; UPDATE users SET status = 1");
    const update = "UPDATE users SET status = 3, roles = '[\"guide\"]' WHERE id IN";
    database.prepare(`${update} (SELECT value FROM json_each(?))`).run(JSON.stringify(late));
    const ids: string[] = [];
    for (let pageToken = nextPageToken; pageToken !== "";) {
      const page = await listPage(store, { ...request, pageSize: 6_007, pageToken });
      ids.push(...page.users.map(({ id }) => id));
      pageToken = page.nextPageToken;
    }
    expect(ids.length).toBe(late.length);
    expect(new Set(ids)).toEqual(new Set(late));
    database.exec("ROLLBACK");
  });

  it("estimates how many are left when half are gone", async () => {
    database.exec("DELETE FROM users WHERE seq % 2 = 0");
    const { total } = await listPage(store);
    expect(total.isEstimated).toBe(true);
    expect(Math.abs(total.size - half)).toBeLessThan(half * 0.05);
  });
});
