import type { SQLInputValue } from "node:sqlite";
import { allOf } from "./condition.ts";
import type { Pace } from "./pace.ts";
import type { PageState, PageTokens } from "./page-token.ts";
import { scan } from "./scan.ts";
import { parseSearchQuery } from "./search-query.ts";
import type { SearchQuery } from "./search-query.ts";
import type { Source } from "./source.ts";
import { byRelevance, inOrder, matching, numbersInOrder } from "./sources.ts";
import type { UserOrder } from "./sources.ts";
import type { Statements } from "./statements.ts";
import { countUsers, matchingNumbers } from "./total.ts";
import type { Total, TotalCache } from "./total.ts";
import { boundsOfFilter, conditionOfFilter } from "./user-filter.ts";
import type { UserFilter } from "./user-filter.ts";
import { userFromRow } from "./user-record.ts";
import type { UserRecord } from "./user-record.ts";

// More matches than this are so dense that walking the order finds a page sooner than sorting them.
const MAX_SORTED = 2_000;
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
  const sources = await sourcesOf(context.statements, request, query, pace);
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
  { statements, totals }: ListContext,
  { filter }: ListUsers,
  query: SearchQuery | undefined,
  pace: Pace,
): Promise<PageState> {
  const position = { source: 0, key: undefined };
  const source = countedSource(query, filter);
  const key = JSON.stringify([source.from, source.within ?? null, source.where]);
  const stamp = usersStamp(statements);
  const known = totals.get(key, stamp);
  if (known) return { position, total: known };
  const total = await countUsers(statements, source, pace);
  totals.set(key, stamp, total);
  return { position, total };
}

function countedSource(query: SearchQuery | undefined, filter: UserFilter): Source {
  const where = conditionOfFilter(filter);
  if (!query) return allUsers(where);
  return matching(query, query.isMatchExact ? where : allOf([query.condition, where]));
}

function allUsers(where: Source["where"]): Source {
  const key = ["u.seq"];
  return { key, descending: false, from: "users u", join: "", where, isSlicedByNumber: true };
}

// The issuer writes to the same database all the time, but not to these tables.
function usersStamp(statements: Statements): string {
  const others: SQLInputValue = statements.get("PRAGMA data_version")?.["data_version"] ?? 0;
  const last = statements.get("SELECT max(seq) AS seq FROM users")?.["seq"] ?? 0;
  return `${Number(others)}:${Number(last)}`;
}

async function sourcesOf(
  statements: Statements,
  { filter, order }: ListUsers,
  query: SearchQuery | undefined,
  pace: Pace,
): Promise<Source[]> {
  const where = conditionOfFilter(filter);
  if (query && !order) return byRelevance(query, where);
  const chosen = order ?? BY_NAME;
  const bounds = boundsOfFilter(filter, chosen.field);
  if (!query) return [inOrder(chosen, where, bounds)];
  const matches = allOf([query.condition, where]);
  const numbers = query.match
    ? await matchingNumbers(statements, matching(query, where), MAX_SORTED, pace)
    : undefined;
  if (numbers) return [numbersInOrder(chosen, numbers, matches)];
  return [inOrder(chosen, matches, bounds)];
}
