import type { SQLInputValue } from "node:sqlite";
import { allOf } from "./condition.ts";
import type { Condition } from "./condition.ts";
import type { Pace } from "./pace.ts";
import type { PageState, PageTokens } from "./page-token.ts";
import { scan } from "./scan.ts";
import { parseSearchQuery } from "./search-query.ts";
import type { SearchQuery } from "./search-query.ts";
import type { Source } from "./source.ts";
import { byRelevance, inOrder, numbersInOrder } from "./sources.ts";
import type { KnownNumbers, UserOrder } from "./sources.ts";
import type { Statements } from "./statements.ts";
import { countMatches, countUsers } from "./total.ts";
import type { Total, TotalCache } from "./total.ts";
import { boundsOfFilter, conditionOfFilter } from "./user-filter.ts";
import type { UserFilter } from "./user-filter.ts";
import { integer, text, userFromRow } from "./user-record.ts";
import type { UserRecord } from "./user-record.ts";

// More matches than this are so dense that walking the order finds a page sooner than sorting them.
const MAX_SORTED = 3_000;
// By relevance nothing is sorted: this many bring the first pages, and walking brings the others.
const MAX_AT_ONCE = 500;
const BY_NAME: UserOrder = { field: "name", descending: false };

/** What to list. */
export interface ListUsers {
  /** As a person typed it; blank means all. */
  readonly query: string;
  readonly filter: UserFilter;
  /** Undefined means relevance with a query, else name. */
  readonly order: UserOrder | undefined;
  /** At least 1. */
  readonly pageSize: number;
  /** Empty for the first page. */
  readonly pageToken: string;
}

/** One page of users. */
export interface UserPage {
  readonly users: readonly UserRecord[];
  /** Empty when this is the last page. */
  readonly nextPageToken: string;
  /** On all pages together. */
  readonly total: Total;
}

/** What `listUsers` works with. */
export interface ListContext {
  readonly statements: Statements;
  readonly tokens: PageTokens;
  readonly totals: TotalCache;
}

/** One page of users; `"page-token"` when the page token is not of this list. */
export async function listUsers(
  context: ListContext,
  request: ListUsers,
  pace: Pace,
): Promise<UserPage | "page-token"> {
  const query = parseSearchQuery(request.query);
  const argumentsKey = JSON.stringify([request.query, request.filter, request.order ?? null]);
  const state = request.pageToken
    ? context.tokens.open(request.pageToken, argumentsKey)
    : await firstPage(context, request, query, pace);
  if (!state) return "page-token";
  const sources = sourcesOf(context.statements, request, query);
  const { rows, next } = await scan(context.statements, sources, state.position, {
    limit: request.pageSize,
    pace,
  });
  const nextPageToken = next
    ? context.tokens.seal({ position: next, total: state.total }, argumentsKey)
    : "";
  return { users: rows.map(userFromRow), nextPageToken, total: state.total };
}

async function firstPage(
  context: ListContext,
  { filter }: ListUsers,
  query: SearchQuery | undefined,
  pace: Pace,
): Promise<PageState> {
  const { statements, totals } = context;
  const where = conditionOfFilter(filter);
  const key = JSON.stringify([query?.text ?? "", where]);
  const stamp = usersStamp(statements);
  const known = totals.get(key, stamp);
  const total = known ?? (await countList(statements, query, where, pace));
  if (!known) totals.set(key, stamp, total);
  return { position: { source: 0, key: undefined }, total };
}

async function countList(
  statements: Statements,
  query: SearchQuery | undefined,
  where: Condition,
  pace: Pace,
): Promise<Total> {
  if (!query) return await countUsers(statements, where, pace);
  const isUnfiltered = where.values.length === 0;
  if (isUnfiltered && query.match && query.isMatchExact) {
    return countMatches(statements, query.match);
  }
  const matches = allOf([query.condition, where]);
  const { numbers, isAll } = firstMatches(statements, query, MAX_SORTED);
  if (!isAll) return await countUsers(statements, matches, pace);
  return { size: countNumbers(statements, numbers, matches), isEstimated: false };
}

// The issuer writes to the same database all the time, but not to these tables.
function usersStamp(statements: Statements): string {
  const others: SQLInputValue = statements.get("PRAGMA data_version")?.["data_version"] ?? 0;
  const last = statements.get("SELECT max(seq) AS seq FROM users")?.["seq"] ?? 0;
  return `${Number(others)}:${Number(last)}`;
}

function sourcesOf(
  statements: Statements,
  { filter, order }: ListUsers,
  query: SearchQuery | undefined,
): (() => Source)[] {
  const where = conditionOfFilter(filter);
  const chosen = order ?? BY_NAME;
  const bounds = boundsOfFilter(filter, chosen.field);
  if (!query) return [() => inOrder(chosen, where, bounds)];
  const limit = order ? MAX_SORTED : MAX_AT_ONCE;
  const known = once(() => firstMatches(statements, query, limit));
  if (!order) return byRelevance(query, where, known);
  const matches = allOf([query.condition, where]);
  return [
    () => {
      const { numbers, isAll } = known();
      return isAll ? numbersInOrder(order, numbers, matches) : inOrder(order, matches, bounds);
    },
  ];
}

// FTS5 finds the first matches at once, but to go on from a row in the middle it reads all before it.
function firstMatches(statements: Statements, { match }: SearchQuery, limit: number): KnownNumbers {
  if (match === undefined) return { numbers: [], isAll: false };
  // One row of JSON: thousands of rows would cost more than finding them.
  const row = statements.get(
    "SELECT json_group_array(seq) AS numbers FROM " +
      "(SELECT rowid AS seq FROM user_search WHERE user_search MATCH ? ORDER BY rowid LIMIT ?)",
    [match, limit + 1],
  );
  const numbers: number[] = row ? JSON.parse(text(row, "numbers")) : [];
  return { numbers, isAll: numbers.length <= limit };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function countNumbers(
  statements: Statements,
  numbers: readonly number[],
  where: Condition,
): number {
  const row = statements.get(
    "SELECT count(*) AS size FROM json_each(?) AS j CROSS JOIN users u ON u.seq = j.value " +
      `WHERE ${where.sql}`,
    [JSON.stringify(numbers), ...where.values],
  );
  return row ? integer(row, "size") : 0;
}
