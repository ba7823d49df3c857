import { planList } from "./list-plan.ts";
import type { WantedUsers } from "./asked.ts";
import { once } from "./known-numbers.ts";
import type { Memory } from "./memory.ts";
import type { NumberSet } from "./number-set.ts";
import type { Pace } from "./pace.ts";
import type { PageTokens } from "./page-token.ts";
import { scan } from "./scan.ts";
import type { Statements } from "./statements.ts";
import type { Total } from "./total.ts";
import { userFromValues } from "./user-record.ts";
import type { UserRecord } from "./user-record.ts";

/** Which page to list. */
export interface ListUsers extends WantedUsers {
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
  /** Is another text when users may have changed. */
  readonly stamp: () => string;
  /** The index fits the users, as `Folding` says. */
  readonly isUpToDate: boolean;
  readonly totals: Memory<Total>;
  readonly usersBeginning: Memory<NumberSet>;
}

/** One page of users; `"page-token"` when the page token is not of this list. */
export async function listUsers(
  { tokens, totals, ...context }: ListContext,
  request: ListUsers,
  pace: Pace,
): Promise<UserPage | "page-token"> {
  const { query, searchField = "", filter, order = null } = request;
  const argumentsKey = JSON.stringify([query, searchField, filter, order]);
  const state = request.pageToken ? tokens.open(request.pageToken, argumentsKey) : undefined;
  if (request.pageToken && !state) return "page-token";
  const totalOfAll = once(async () => {
    if (state) return state.total;
    return await totals.get(plan.totalKey, context.stamp(), plan.count);
  });
  const plan = planList(
    { ...context, total: totalOfAll, pageSize: request.pageSize, pace },
    request,
  );
  const position = state?.position ?? { source: 0, key: undefined };
  const { rows, next } = await scan(context.statements, plan.sources, position, {
    limit: request.pageSize,
    pace,
  });
  const total =
    state?.total ?? (next ? atLeast(rows.length + 1, await totalOfAll()) : exactly(rows.length));
  const nextPageToken = next ? tokens.seal({ position: next, total }, argumentsKey) : "";
  return { users: rows.map(userFromValues), nextPageToken, total };
}

function exactly(size: number): Total {
  return { size, isEstimated: false };
}

function atLeast(size: number, total: Total): Total {
  return total.size >= size ? total : { size, isEstimated: true };
}
