import { allOf } from "./condition.ts";
import type { Condition } from "./condition.ts";
import {
  mostKnown,
  numbersThat,
  once,
  scanUsers,
  searchMatches,
  usersBeginning,
  usersInBounds,
} from "./known-numbers.ts";
import type { KnownNumbers } from "./known-numbers.ts";
import type { Pace } from "./pace.ts";
import type { MakeSource } from "./scan.ts";
import { parseSearchQuery } from "./search-query.ts";
import type { SearchField, SearchQuery } from "./search-query.ts";
import { byRelevance, inOrder, ofNumbers } from "./sources.ts";
import type { Statements } from "./statements.ts";
import { MAX_EXACT, countMatches, totalOf } from "./total.ts";
import type { Total } from "./total.ts";
import { boundsOfFilter, conditionOfFilter } from "./user-filter.ts";
import type { UserFilter } from "./user-filter.ts";
import type { UserOrder } from "./user-order.ts";

// So many matches of a text tell how many of all are in the filter.
const SAMPLE = 16_384;
// So many matches of a text tell how many there are, where nothing else does.
const SOME = 1_000;
// What may be no more than 10,000 by a guess is found and counted.
const FEW = 1.1 * MAX_EXACT;
const BY_NAME: UserOrder = { field: "name", descending: false };

/** Which users to list, and how. */
export interface WantedUsers {
  /** As a person typed it; blank means all. */
  readonly query: string;
  /** The one column that is searched; undefined means all. */
  readonly searchField?: SearchField | undefined;
  readonly filter: UserFilter;
  /** Undefined means relevance with a query, else name. */
  readonly order: UserOrder | undefined;
}

/** How a list is read. */
export interface ListPlan {
  readonly sources: readonly MakeSource[];
  /** How many users there are on all pages. */
  readonly count: () => Promise<Total>;
  /** The same for lists of the same users, whatever their order. */
  readonly totalKey: string;
}

/** What is asked for, and what is found out about it when it is needed. */
interface Asked {
  readonly statements: Statements;
  readonly query: SearchQuery | undefined;
  readonly order: UserOrder | undefined;
  /** What the filter and the field to search in say. */
  readonly where: Condition;
  /** What query and filter say. */
  readonly matches: Condition;
  /** The users that match the text, or else the times of the filter, or the first of them. */
  readonly candidates: () => Candidates;
  /** The users of the list when they can be told one by one, else the candidates. */
  readonly known: () => Promise<Candidates>;
  /** How many users the list has by a part of them; undefined when they may be few enough to be counted. */
  readonly guess: () => Promise<Total | undefined>;
  /** The first users of the list, found by looking at all: up to 10,000. */
  readonly find: () => Promise<KnownNumbers>;
}

interface Candidates extends KnownNumbers {
  /** What is left to ask of them. */
  readonly where: Condition;
}

/** Plans how to read a list. `total` is asked for only where the best way depends on it. */
export function planList(
  statements: Statements,
  request: WantedUsers,
  pace: Pace,
  total: () => Promise<Total>,
): ListPlan {
  const asked = understand(statements, request, pace);
  const { query, order, where } = asked;
  return {
    sources: order
      ? [() => ordered(asked, order, request, total)]
      : query
        ? byRelevance(statements, query, where, () => matchesOf(statements, query))
        : [],
    count: () => count(asked),
    totalKey: JSON.stringify([query?.text ?? "", where]),
  };
}

function understand(statements: Statements, request: WantedUsers, pace: Pace): Asked {
  const query = parseSearchQuery(request.query, request.searchField);
  const order = request.order ?? (query ? undefined : BY_NAME);
  const inFilter = conditionOfFilter(request.filter);
  const where = query ? allOf([inFilter, query.isInField]) : inFilter;
  const matches = query ? allOf([query.condition, where]) : where;
  const candidates = once((): Candidates => {
    if (!query) return { ...usersInBounds(statements, request.filter, order?.field), where };
    const found = matchesOf(statements, query);
    const isExact = query.isMatchExact || query.isBeginning;
    if (found.isAll) return { ...found, where: isExact ? where : matches };
    const ofWord = query.match ? matchesOfAWord(statements, query) : undefined;
    if (ofWord) return { ...ofWord, where: matches };
    return { ...found, where: query.isMatchExact ? where : matches };
  });
  const guess = once(() => guessTotal(statements, candidates(), matches, pace));
  const known = once(async () => {
    const { numbers, isAll, where: left } = candidates();
    if (!isAll || (numbers.length > SAMPLE && (await guess()))) return candidates();
    return { numbers: await numbersThat(statements, numbers, left, pace), isAll, where: allOf([]) };
  });
  const find = once(() => scanUsers(statements, matches, { pace, atMost: FEW }));
  return { statements, query, order, where, matches, candidates, known, guess, find };
}

function matchesOf(statements: Statements, query: SearchQuery): KnownNumbers {
  if (!query.match) return usersBeginning(statements, query.words[0] ?? "");
  return searchMatches(statements, query.match, mostKnown(query.text));
}

// More numbers of one word can be known than of several: they have fewer letters.
function matchesOfAWord(statements: Statements, query: SearchQuery): KnownNumbers | undefined {
  if (query.indexed.length < 2) return undefined;
  for (const { word, match } of query.indexed) {
    const found = searchMatches(statements, match, mostKnown(word));
    if (found.isAll) return found;
  }
  return undefined;
}

async function ordered(
  { known, matches, find }: Asked,
  order: UserOrder,
  { filter }: WantedUsers,
  total: () => Promise<Total>,
) {
  const { numbers, isAll, where } = await known();
  if (isAll) return ofNumbers(order, numbers, where);
  // Those of a text alone are too many to be found one by one.
  const isDense = numbers.length > 0 && where.values.length === 0;
  const few = async () => ((await total()).isEstimated ? { numbers: [], isAll: false } : find());
  return inOrder(order, matches, {
    ...boundsOfFilter(filter, order.field),
    ...(isDense ? {} : { find: few }),
  });
}

async function count(asked: Asked): Promise<Total> {
  const { statements, query, order, where, candidates, known, guess, find } = asked;
  if (query?.match && query.isMatchExact && where.values.length === 0 && !order) {
    return countMatches(statements, query.match);
  }
  const { numbers, isAll, where: left } = candidates();
  if (isAll && left.values.length === 0) return totalOf(statements, candidates());
  const guessed = query && (!isAll || numbers.length > SAMPLE) && (await guess());
  if (guessed) return guessed;
  return totalOf(statements, isAll ? await known() : await find());
}

// Some tell how many all are.
async function guessTotal(
  statements: Statements,
  { numbers, where }: Candidates,
  matches: Condition,
  pace: Pace,
): Promise<Total | undefined> {
  const sample = where.values.length === 0 ? numbers : numbers.slice(0, SAMPLE);
  const some =
    sample.length === 0
      ? await scanUsers(statements, matches, { pace, atMost: SOME })
      : { numbers: await numbersThat(statements, sample, where, pace), isAll: false };
  const guess = totalOf(statements, some, sample.at(-1));
  return guess.isEstimated && guess.size <= FEW ? undefined : guess;
}
