import { openDatabase } from "../../../src/backend/database/index.ts";
import { createUserStore } from "../../../src/backend/users/index.ts";
import type { UserStore } from "../../../src/backend/users/index.ts";
import { quantile, summarise } from "../bench-result.ts";
import type { BenchResult } from "../bench-result.ts";
import { openBare } from "./bare.ts";
import { userDatabase } from "./databases.ts";
import { race } from "./measure.ts";
import * as questions from "./questions.ts";
import { nextPages, sampleSize, sampleUsers } from "./sample.ts";

const rounds = 60;
const warmUp = 10;

/** A store, and some of its users. */
interface Crowd {
  readonly store: UserStore;
  readonly users: readonly { readonly id: string; readonly email: string }[];
}

type Ask = () => unknown;

/** What may take only a little longer among more users. */
const kinds: Readonly<Record<string, (crowd: Crowd) => readonly Ask[]>> = {
  "a user by id": ({ store, users }) =>
    users.map(
      ({ id }) =>
        () =>
          store.get(id),
    ),
  "a user by e-mail address": ({ store, users }) =>
    users.map(
      ({ email }) =>
        () =>
          store.getMany([email]),
    ),
  "names that begin so": ({ store }) => searches(store, questions.prefixes),
  "a part of a word": ({ store }) => searches(store, questions.parts),
  "the next page of 50": ({ store }) => Array<Ask>(sampleSize).fill(nextPages(store)),
};

/**
 * How many times as long the largest store takes as the smallest. Both are
 * asked in turn, because a machine that is slow for a while slows both.
 */
export async function growth(sizes: readonly number[]): Promise<BenchResult[]> {
  const [from = 0, to = 0] = [sizes[0], sizes.at(-1)];
  const [small, large] = [openCrowd(from), openCrowd(to)];
  const results: BenchResult[] = [];
  for (const [name, ask] of Object.entries(kinds)) {
    const ofSmall = ask(small);
    const pairs = ask(large).map((asked, index) => [asked, ofSmall[index] ?? asked] as const);
    const { ours, peers } = await race(pairs);
    results.push({
      name: `growth of p50 from ${from.toLocaleString("en")} to ${to.toLocaleString("en")} users: ${name}`,
      value: p50(ours) / p50(peers),
      unit: "×",
      atMost: 2,
      spread: summarise(ours).spread,
    });
  }
  for (const { close } of [small, large]) close();
  return results;
}

/** The first answers fill caches, and are not looked at. */
function p50(times: readonly number[]): number {
  return quantile(times.slice(Math.floor((times.length * warmUp) / (warmUp + rounds))), 0.5);
}

function openCrowd(size: number): Crowd & { readonly close: () => void } {
  const file = userDatabase(size);
  const database = openDatabase(file);
  const bare = openBare(file);
  const users = sampleUsers(bare);
  bare.close();
  return { store: createUserStore(database), users, close: () => database.close() };
}

function searches(store: UserStore, queries: readonly string[]): Ask[] {
  return Array.from({ length: warmUp + rounds }).flatMap(() =>
    queries.map((query) => () => store.list(questions.list({ query }))),
  );
}
