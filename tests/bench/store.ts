import type { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../src/backend/database/index.ts";
import { createUserStore } from "../../src/backend/users/index.ts";
import type { UserStore } from "../../src/backend/users/index.ts";
import { quantile, summarise } from "./bench-result.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { openBare } from "./store/bare.ts";
import type { Bare } from "./store/bare.ts";
import { userDatabase } from "./store/databases.ts";
import { growth } from "./store/growth.ts";
import { lines, longestStall, milliseconds, race } from "./store/measure.ts";
import * as questions from "./store/questions.ts";
import type { Question } from "./store/questions.ts";
import { nextPages, sampleSize, sampleUsers } from "./store/sample.ts";

const stallSize = 100_000;
const freshStores = 12;

/** What the users' store needs for an answer, beside SQL written by hand, as the users become more. */
export async function bench({ quick }: BenchOptions): Promise<readonly BenchResult[]> {
  const sizes = quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000];
  const results: BenchResult[] = [];
  for (const size of sizes) {
    const file = userDatabase(size);
    const database = openDatabase(file);
    const bare = openBare(file);
    try {
      const rows = await measure(database, bare, size);
      results.push(...rows);
    } finally {
      bare.close();
      database.close();
    }
  }
  return [...results, ...(await growth(sizes))];
}

async function measure(database: DatabaseSync, bare: Bare, size: number) {
  const store = createUserStore(database);
  const users = `${size.toLocaleString("en")} users`;
  const rows = [
    ...(await byKey(store, bare, users)),
    ...(await known(store, bare, users)),
    ...(await pages(store, bare, users)),
    ...(await withTotal(database, bare, users)),
    ...(await worst(store, questions.sortedSearches, `a search in any order, ${users}`, 100)),
    ...(await worst(store, questions.sortedPairs, `two words in any order, ${users}`)),
    ...(await worst(
      store,
      questions.sortedFilteredSearches,
      `a search with a filter in any order, ${users}`,
    )),
    ...(await worst(store, questions.filteredLists, `any filter in any order, ${users}`)),
    ...(await worst(store, questions.filteredSearches, `a search with any filter, ${users}`)),
    ...(await worst(store, questions.typed, `whatever is typed, ${users}`)),
  ];
  return size === stallSize ? [...rows, await stall(database, users)] : rows;
}

async function byKey(store: UserStore, bare: Bare, users: string): Promise<BenchResult[]> {
  const sample = sampleUsers(bare);
  const rounds = [...sample, ...sample, ...sample];
  const ids = await race(rounds.map(({ id }) => [() => store.get(id), () => bare.byId(id)]));
  const emails = await race(
    rounds.map(({ email, key }) => [
      () => store.getMany([email]),
      // It may be an id as well, so both are asked.
      () => [bare.byId(email), bare.byEmail(key)],
    ]),
  );
  return [
    ...lines(`a user by id, ${users}`, ids, { peer: "node:sqlite", ratioAtMost: 2 }),
    ...lines(`a user by e-mail address, ${users}`, emails, {
      peer: "node:sqlite, an id and an address",
      ratioAtMost: 2,
    }),
  ];
}

/** Searches whose total is known, and of which both have answered some before: what a page costs by itself. */
async function known(store: UserStore, bare: Bare, users: string): Promise<BenchResult[]> {
  const again = (queries: readonly string[], byHand: (query: string) => unknown) =>
    queries.map(
      (query) => [() => store.list(questions.list({ query })), () => byHand(query)] as const,
    );
  const warm = async (pairs: ReturnType<typeof again>) => {
    await race(Array.from({ length: 10 }).flatMap(() => pairs));
    return await race(Array.from({ length: 60 }).flatMap(() => pairs));
  };
  const prefix = await warm(again(questions.prefixes, bare.prefix));
  const part = await warm(again(questions.parts, bare.substring));
  return [
    ...lines(`names that begin so, ${users}`, prefix, { peer: "node:sqlite", ratioAtMost: 2 }),
    ...lines(`a part of a word, ${users}`, part, { peer: "node:sqlite FTS5", ratioAtMost: 2 }),
  ];
}

/** One page after the other, and around again. */
async function pages(store: UserStore, bare: Bare, users: string): Promise<BenchResult[]> {
  const ours = nextPages(store);
  let last: readonly [string, string] = ["", ""];
  const keys = bare
    .ask("SELECT name_key, id FROM users ORDER BY name_key, id LIMIT 20000")
    .map((row) => [String(row["name_key"]), String(row["id"])] as const);
  const rounds = Array.from({ length: sampleSize }, (_, index) => {
    const key = keys[(index * 50) % keys.length] ?? last;
    return [ours, () => bare.page((last = key))] as const;
  });
  const paged = await race(rounds);
  return lines(`the next page of 50, ${users}`, paged, { peer: "node:sqlite", ratioAtMost: 2 });
}

/** Searches that are new to a store: what a page and its total cost. */
async function withTotal(
  database: DatabaseSync,
  bare: Bare,
  users: string,
): Promise<BenchResult[]> {
  const rounds: (readonly [() => unknown, () => unknown])[] = [];
  for (let round = 0; round < freshStores; round++) {
    const store = createUserStore(database);
    for (const query of ["lin", "man"]) await store.list(questions.list({ query }));
    for (const query of questions.prefixes) {
      const byHand = () => [bare.prefix(query), bare.count(query)];
      rounds.push([() => store.list(questions.list({ query })), byHand]);
    }
  }
  return lines(`names that begin so, with their total, ${users}`, await race(rounds), {
    peer: "node:sqlite, a page and a count",
    ratioAtMost: 2,
  });
}

/** The slowest of several questions: the medians of each, and the single worst answer. */
async function worst(
  store: UserStore,
  asked: readonly Question[],
  name: string,
  atMost?: number,
): Promise<BenchResult[]> {
  const medians: number[] = [];
  const all: number[] = [];
  for (const { request } of asked) {
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      times.push(await milliseconds(() => store.list(request)));
    }
    medians.push(quantile(times, 0.5));
    all.push(...times);
  }
  const slowest = asked[medians.indexOf(Math.max(...medians))];
  console.log(`slowest of ${asked.length}, ${name}: ${slowest?.name}`);
  const { spread } = summarise(medians);
  const promise = atMost === undefined ? {} : { atMost };
  return [
    { name: `${name}: p50`, value: quantile(all, 0.5), unit: "ms", spread: summarise(all).spread },
    { name: `${name}: slowest p50`, value: Math.max(...medians), unit: "ms", spread, ...promise },
  ];
}

async function stall(database: DatabaseSync, users: string): Promise<BenchResult> {
  const asked = [
    ...questions.typed,
    ...questions.sortedSearches,
    ...questions.sortedPairs,
    ...questions.sortedFilteredSearches,
    ...questions.filteredLists,
    ...questions.filteredSearches,
  ];
  const stalls: number[] = [];
  for (const { request } of asked) {
    // A store of its own has no total in memory.
    stalls.push(await longestStall(() => createUserStore(database).list(request)));
  }
  const value = Math.max(...stalls);
  console.log(`longest stall of ${asked.length} questions: ${asked[stalls.indexOf(value)]?.name}`);
  const { spread } = summarise(stalls);
  return {
    name: `longest stall of the event loop, ${users}`,
    value,
    unit: "ms",
    atMost: 20,
    spread,
  };
}
