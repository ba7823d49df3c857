import { allOf } from "./condition.ts";
import type { Condition } from "./condition.ts";
import {
  NOTHING_KNOWN,
  mostKnown,
  numbersThat,
  once,
  scanUsers,
  searchMatches,
  usersInBounds,
} from "./known-numbers.ts";
import type { KnownNumbers } from "./known-numbers.ts";
import type { Memory } from "./memory.ts";
import { setOfList } from "./number-set.ts";
import type { NumberSet } from "./number-set.ts";
import type { Pace } from "./pace.ts";
import type { MakeSource } from "./scan.ts";
import { parseSearchQuery } from "./search-query.ts";
import type { SearchField, SearchQuery } from "./search-query.ts";
import { byRelevance, inOrder, ofNumbers } from "./sources.ts";
import type { Shortcut, Source } from "./source.ts";
import { changeStamp, maxSeq } from "./statements.ts";
import type { Statements } from "./statements.ts";
import { MAX_EXACT, countMatches, totalOf, totalOfSample } from "./total.ts";
import type { Total } from "./total.ts";
import { boundsOfFilter, conditionOfFilter } from "./user-filter.ts";
import type { UserFilter } from "./user-filter.ts";
import { isBounded } from "./user-order.ts";
import type { Bounds, UserOrder } from "./user-order.ts";
import { allBeginning, canTellAll, fewBeginning } from "./word-beginnings.ts";

// So many matches of a text tell how many of all are in the filter.
const SAMPLE = 16_384;
// So many matches of a text tell how many there are, where nothing else does.
const SOME = 1_000;
// To look at so many users costs less than to know who matches ...
const FEW_ROWS = 2_048;
// ... and to look at one as much as to know so many.
const NUMBERS_FOR_A_ROW = 64;
// Walking an order past so many users costs as much as a person notices.
const WALKED_WITH_PATIENCE = 16_384;
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
  /** The users that match the text, or the first of them. */
  readonly found: () => KnownNumbers;
  /** The users that match the text, or else the times of the filter, or the first of them. */
  readonly candidates: () => Candidates;
  /** Those of the candidates who are in the list. */
  readonly known: () => Promise<Candidates>;
  /** How many users the list has by a part of them; undefined when they may be few enough to be counted. */
  readonly guess: () => Promise<Total | undefined>;
  /** The users with those words of a text that are too short for FTS5. */
  readonly usersBeginning: () => Promise<NumberSet>;
  /** What is left to ask of them. */
  readonly left: Condition;
  /** The users of the list, found by looking at all; some 10,000 of them when they are more. */
  readonly find: () => Promise<KnownNumbers>;
  readonly total: () => Promise<Total>;
  readonly pageSize: number;
}

interface Candidates extends KnownNumbers {
  /** What is left to ask of them. */
  readonly where: Condition;
}

/** What `planList` works with. */
export interface PlanContext {
  readonly statements: Statements;
  readonly usersBeginning: Memory<NumberSet>;
  /** How many users the list has; asked for only where the best way depends on it. */
  readonly total: () => Promise<Total>;
  /** The index fits the users, as `Folding` says. */
  readonly isUpToDate: boolean;
  readonly pageSize: number;
  readonly pace: Pace;
}

/** Plans how to read a list. */
export function planList(context: PlanContext, request: WantedUsers): ListPlan {
  const { statements } = context;
  const asked = understand(context, request);
  const { query, order, where, found } = asked;
  return {
    sources: order
      ? [() => ordered(asked, order, request)]
      : query
        ? byRelevance(statements, query, where, found)
        : [],
    count: () => count(asked),
    totalKey: JSON.stringify([query?.text ?? "", where]),
  };
}

function understand(
  { statements, total, pageSize, isUpToDate, pace, ...context }: PlanContext,
  request: WantedUsers,
): Asked {
  const meant = readRequest(request, isUpToDate);
  const { query, order, where, matches, left } = meant;
  const found = once(() => (query ? matchesOf(statements, query) : NOTHING_KNOWN));
  const candidates = once((): Candidates => {
    if (!query) return { ...usersInBounds(statements, request.filter, order?.field), where };
    const unasked = query.isMatchExact ? where : query.words.length === 1 ? left : matches;
    if (found().isAll) return { ...found(), where: unasked };
    const ofWord = query.match ? matchesOfAWord(statements, query) : undefined;
    return ofWord ? { ...ofWord, where: matches } : { ...found(), where: unasked };
  });
  const known = once(async () => {
    const { numbers, isAll, where: unasked } = candidates();
    return {
      numbers: await numbersThat(statements, numbers, unasked, pace),
      isAll,
      where: allOf([]),
    };
  });
  const usersBeginning = once(() => {
    const { beginnings = [], field } = query ?? {};
    const make = () => allBeginning(statements, { beginnings, field }, pace);
    const key = JSON.stringify([beginnings, field]);
    return context.usersBeginning.get(key, changeStamp(statements), make);
  });
  const find = once(async () => {
    if (!query || query.match) return scanUsers(statements, matches, { pace, atMost: FEW });
    const numbers = (await usersBeginning()).list();
    return { numbers: await numbersThat(statements, numbers, left, pace), isAll: true };
  });
  const guess = once(() => guessTotal(statements, { ...meant, candidates, usersBeginning, pace }));
  const learned = { found, candidates, known, guess, usersBeginning, find };
  return { statements, ...meant, ...learned, total, pageSize };
}

function readRequest(request: WantedUsers, isUpToDate: boolean) {
  const query = parseSearchQuery(request.query, request.searchField);
  const order = request.order ?? (query ? undefined : BY_NAME);
  const inFilter = conditionOfFilter(request.filter);
  const where = query ? allOf([inFilter, query.isInField]) : inFilter;
  const matches = query ? allOf([query.condition, where]) : where;
  const isTold = query && !query.match && canTellAll(query) && isUpToDate;
  return { query, order, where, matches, left: isTold ? where : matches };
}

function matchesOf(statements: Statements, query: SearchQuery): KnownNumbers {
  if (!query.match) return fewBeginning(statements, query);
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

// Where many match, walking the order mostly finds a page before it is known who they are.
async function ordered(asked: Asked, order: UserOrder, { filter }: WantedUsers): Promise<Source> {
  const { statements, query, matches, candidates, total, pageSize } = asked;
  const bounds = boundsOfFilter(filter, order.field);
  const walk = (shortcut?: Shortcut): Source =>
    inOrder(order, matches, { ...bounds, ...(shortcut ? { shortcut } : {}) });
  const take = () => byNumbers(asked, order, bounds, walk);
  if (!query) return take();
  const { size } = await total();
  const rowsToPage = (pageSize * maxSeq(statements)) / size;
  if (rowsToPage <= FEW_ROWS) {
    return walk({ afterRows: Math.max(2 * rowsToPage, size / NUMBERS_FOR_A_ROW), take });
  }
  // Within bounds there may be few users to look at.
  const isWalked = isBounded(bounds) && !candidates().isAll;
  return isWalked ? walk({ afterRows: WALKED_WITH_PATIENCE, take }) : take();
}

/** The list by the numbers of its users, as far as these can be known. */
async function byNumbers(
  { query, candidates, known, usersBeginning, left, find, total }: Asked,
  order: UserOrder,
  bounds: Bounds,
  walk: (shortcut?: Shortcut) => Source,
): Promise<Source> {
  const isEstimated = async () => (await total()).isEstimated;
  if (candidates().isAll) {
    const areMany = candidates().numbers.length > SAMPLE && (await isEstimated());
    const { numbers, where } = areMany ? candidates() : await known();
    return ofNumbers(order, setOfList(numbers), where, bounds);
  }
  if (query && query.beginnings.length > 0) {
    return ofNumbers(order, await usersBeginning(), left, bounds);
  }
  const take = async () => {
    const { numbers, isAll } = (await isEstimated()) ? NOTHING_KNOWN : await find();
    return isAll ? ofNumbers(order, setOfList(numbers), allOf([]), bounds) : walk();
  };
  return walk({ afterRows: WALKED_WITH_PATIENCE, take });
}

async function count(asked: Asked): Promise<Total> {
  const { statements, query, where, candidates, known, guess, find } = asked;
  if (query?.match && query.isMatchExact && where.values.length === 0) {
    return countMatches(statements, query.match);
  }
  const { numbers, isAll, where: left } = candidates();
  if (isAll && left.values.length === 0) return totalOf(statements, candidates());
  const guessed = query && (!isAll || numbers.length > SAMPLE) && (await guess());
  if (guessed) return guessed;
  return totalOf(statements, isAll ? await known() : await find());
}

interface Guessing extends Pick<
  Asked,
  "query" | "matches" | "left" | "candidates" | "usersBeginning"
> {
  readonly pace: Pace;
}

// Some tell how many all are.
async function guessTotal(
  statements: Statements,
  { query, matches, left, candidates, usersBeginning, pace }: Guessing,
): Promise<Total | undefined> {
  const known = candidates();
  if (known.numbers.length > 0) return guessBySample(statements, known, known.where, pace);
  const isIndexed = query?.match !== undefined;
  const rows = isIndexed ? Infinity : SAMPLE;
  const some = await scanUsers(statements, matches, { pace, atMost: SOME, rows });
  if (some.isAll || some.numbers.length > SOME) return unlessFew(totalOf(statements, some));
  const all = { numbers: (await usersBeginning()).list(), isAll: true };
  if (left.values.length === 0) return totalOf(statements, all);
  return guessBySample(statements, all, left, pace);
}

async function guessBySample(
  statements: Statements,
  { numbers, isAll }: KnownNumbers,
  where: Condition,
  pace: Pace,
): Promise<Total | undefined> {
  const first = where.values.length === 0 ? numbers : numbers.slice(0, SAMPLE);
  const sample = isAll ? setOfList(numbers).some(SAMPLE) : first;
  const some = await numbersThat(statements, sample, where, pace);
  // Of the first ones only, their numbers tell how many all are.
  const guess = isAll
    ? totalOfSample(some.length, sample.length, numbers.length)
    : totalOf(statements, { numbers: some, isAll }, sample.at(-1));
  return unlessFew(guess);
}

function unlessFew(total: Total): Total | undefined {
  return total.isEstimated && total.size <= FEW ? undefined : total;
}
