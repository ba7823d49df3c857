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
import type { NumberSet } from "./number-set.ts";
import type { Pace } from "./pace.ts";
import { parseSearchQuery } from "./search-query.ts";
import type { SearchField, SearchQuery } from "./search-query.ts";
import type { Statements } from "./statements.ts";
import { MAX_EXACT } from "./total.ts";
import type { Total } from "./total.ts";
import { conditionOfFilter } from "./user-filter.ts";
import type { UserFilter } from "./user-filter.ts";
import type { UserOrder } from "./user-order.ts";
import { allBeginning, canTellAll, fewBeginning } from "./word-beginnings.ts";

// What may be no more than 10,000 by a guess is found and counted.
export const FEW = 1.1 * MAX_EXACT;
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

/** What is asked for, and what is found out about it when it is needed. */
export interface Asked {
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
  /** The users with the first of those words of a text that are too short for FTS5. */
  readonly usersBeginning: () => Promise<NumberSet>;
  /** What is left to ask of them. */
  readonly left: Condition;
  /** The users of the list, found by looking at all; some 10,000 of them when they are more. */
  readonly find: () => Promise<KnownNumbers>;
  readonly total: () => Promise<Total>;
  readonly pageSize: number;
  readonly pace: Pace;
}

/** Some users, and what to ask of them. */
export interface Candidates extends KnownNumbers {
  /** What is left to ask of them. */
  readonly where: Condition;
}

/** What `understand` works with. */
export interface AskContext {
  readonly statements: Statements;
  /** Is another text when users may have changed. */
  readonly stamp: () => string;
  readonly usersBeginning: Memory<NumberSet>;
  /** How many users the list has; asked for only where the best way depends on it. */
  readonly total: () => Promise<Total>;
  /** The index fits the users, as `Folding` says. */
  readonly isUpToDate: boolean;
  readonly pageSize: number;
  readonly pace: Pace;
}

/** Understands a request. */
export function understand(
  { statements, stamp, total, pageSize, isUpToDate, pace, ...context }: AskContext,
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
    return context.usersBeginning.get(key, stamp(), make);
  });
  const find = once(async () => {
    if (!query || query.match) return scanUsers(statements, matches, { pace, atMost: FEW });
    const numbers = (await usersBeginning()).list();
    return { numbers: await numbersThat(statements, numbers, left, pace), isAll: true };
  });
  const learned = { found, candidates, known, usersBeginning, find };
  return { statements, ...meant, ...learned, total, pageSize, pace };
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
