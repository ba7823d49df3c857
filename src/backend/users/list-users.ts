import type { SQLInputValue } from "node:sqlite";
import { allOf } from "./condition.ts";
import type { Condition } from "./condition.ts";
import { mostKnown, once, searchMatches, usersBeginning, usersInBounds } from "./known-numbers.ts";
import type { KnownNumbers } from "./known-numbers.ts";
import type { Pace } from "./pace.ts";
import type { PageTokens } from "./page-token.ts";
import { scan } from "./scan.ts";
import type { Scan } from "./scan.ts";
import { parseSearchQuery } from "./search-query.ts";
import type { SearchField, SearchQuery } from "./search-query.ts";
import { byRelevance, inOrder, ofNumbers } from "./sources.ts";
import type { MakeSource } from "./sources.ts";
import type { UserOrder } from "./user-order.ts";
import type { Statements } from "./statements.ts";
import { MAX_EXACT, countKnown, countMatches, countUsers } from "./total.ts";
import type { Total, TotalCache } from "./total.ts";
import { boundsOfFilter, conditionOfFilter } from "./user-filter.ts";
import type { UserFilter } from "./user-filter.ts";
import { userFromValues } from "./user-record.ts";
import type { UserRecord } from "./user-record.ts";

// By relevance nothing is sorted: this many mostly bring the first page.
const FIRST_MATCHES = 80;
// More than 10,000 users have a word that begins so: these tell how many more.
const SOME = 1_000;
const BY_NAME: UserOrder = { field: "name", descending: false };

/** What to list. */
export interface ListUsers {
  /** As a person typed it; blank means all. */
  readonly query: string;
  /** The one column that is searched; undefined means all. */
  readonly searchField?: SearchField | undefined;
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
  const { statements, tokens } = context;
  const { query, searchField = "", filter, order = null } = request;
  const argumentsKey = JSON.stringify([query, searchField, filter, order]);
  const state = request.pageToken ? tokens.open(request.pageToken, argumentsKey) : undefined;
  if (request.pageToken && !state) return "page-token";
  const plan = planOf(statements, request);
  const position = state?.position ?? { source: 0, key: undefined };
  const page = await scan(statements, plan.sources, position, { limit: request.pageSize, pace });
  const total = state?.total ?? (await totalOf(context, plan, page, pace));
  const nextPageToken = page.next ? tokens.seal({ position: page.next, total }, argumentsKey) : "";
  return { users: page.rows.map(userFromValues), nextPageToken, total };
}

/** How a list is read. */
interface Plan {
  readonly query: SearchQuery | undefined;
  /** What the filter and the field to search in say. */
  readonly where: Condition;
  /** What query and filter say. */
  readonly matches: Condition;
  /** What is left to ask of the known users. */
  readonly ofKnown: Condition;
  readonly known: () => KnownNumbers;
  readonly sources: readonly MakeSource[];
}

function planOf(statements: Statements, request: ListUsers): Plan {
  const query = parseSearchQuery(request.query, request.searchField);
  const inFilter = conditionOfFilter(request.filter);
  const where = query ? allOf([inFilter, query.isInField]) : inFilter;
  const matches = allOf([...(query ? [query.condition] : []), where]);
  const order = request.order ?? (query ? undefined : BY_NAME);
  const known = once(() => {
    if (!query) return usersInBounds(statements, request.filter, order?.field);
    if (!query.match) return usersBeginning(statements, query.words[0] ?? "");
    return searchMatches(statements, query.match, mostKnown(query.text));
  });
  const ofKnown = query?.isMatchExact ? where : matches;
  const common = { query, where, matches, ofKnown, known };
  if (order) {
    const bounds = boundsOfFilter(request.filter, order.field);
    const walk = () => inOrder(order, matches, bounds);
    const sort = () => ofNumbers(order, known().numbers, ofKnown);
    return { ...common, sources: [() => (known().isAll ? sort() : walk())] };
  }
  if (!query) return { ...common, sources: [] };
  const first = once(() => searchMatches(statements, query.match, FIRST_MATCHES));
  return { ...common, sources: byRelevance(statements, query, where, { first, many: known }) };
}

async function totalOf(
  { statements, totals }: ListContext,
  plan: Plan,
  { rows, next }: Scan,
  pace: Pace,
): Promise<Total> {
  if (!next) return { size: rows.length, isEstimated: false };
  const key = JSON.stringify([plan.query?.text ?? "", plan.where]);
  const stamp = usersStamp(statements);
  const remembered = totals.get(key, stamp);
  const total = remembered ?? (await countList(statements, plan, pace));
  if (!remembered) totals.set(key, stamp, total);
  // There is at least one more.
  return total.size > rows.length ? total : { size: rows.length + 1, isEstimated: true };
}

async function countList(statements: Statements, plan: Plan, pace: Pace): Promise<Total> {
  const { query, where, matches, ofKnown, known } = plan;
  if (query?.match && query.isMatchExact && where.values.length === 0) {
    return countMatches(statements, query.match);
  }
  const { numbers, isAll } = known();
  if (numbers.length === 0 && !isAll) {
    return await countUsers(statements, matches, { pace, atMost: query ? SOME : MAX_EXACT });
  }
  return await countKnown(statements, known(), ofKnown, pace);
}

// The issuer writes to the same database all the time, but not to these tables.
function usersStamp(statements: Statements): string {
  const others: SQLInputValue = statements.get("PRAGMA data_version")?.["data_version"] ?? 0;
  const last = statements.get("SELECT max(seq) AS seq FROM users")?.["seq"] ?? 0;
  return `${Number(others)}:${Number(last)}`;
}
