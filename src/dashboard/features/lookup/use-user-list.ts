import {
  keepPreviousData,
  skipToken,
  useInfiniteQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type { Transport } from "@connectrpc/connect";
import { createInfiniteQueryOptions, useTransport } from "@connectrpc/connect-query";
import { useMemo, useState } from "react";
import { UserService } from "../../../gen/user/v1/user_service_pb.ts";
import type { User } from "../../../gen/user/v1/user_service_pb.ts";
import type { View } from "../../lib/view.ts";
import { describeFailure } from "../../rpc/failure.ts";
import type { Failure } from "../../rpc/failure.ts";
import { askAgain } from "../../rpc/query-client.ts";
import { useNow } from "../../ui/use-now.ts";
import { listRequest } from "./list-request.ts";
import { useSlow } from "./use-slow.ts";

/** What is known of a list: exactly one of the honest states. */
export type ListState =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "empty" }
  | { readonly kind: "rows" };

/** A list and what one can do with it. */
export interface UserList {
  readonly state: ListState;
  /** The view that the rows belong to: an earlier one while they stand in. */
  readonly view: View;
  readonly users: readonly User[];
  readonly total: number;
  readonly totalEstimated: boolean;
  /** Rows of an earlier search stand in while the new one is on its way. */
  readonly stale: boolean;
  /** Old rows have been there for so long that it has to be said. */
  readonly slow: boolean;
  /** The rows are old because the service does not answer. */
  readonly failure: Failure | undefined;
  /** When the rows arrived, in epoch milliseconds. */
  readonly fetchedAt: number;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  readonly loadMore: () => void;
  /** Asks again at once, also in the middle of a pause between attempts. */
  readonly retry: () => void;
}

/**
 * The users of a view, page by page; an older search never overwrites a newer one.
 * Nothing is asked for while nothing is searched.
 */
export function useUserList(view: View): UserList {
  const client = useQueryClient();
  const transport = useTransport();
  const day = useNow().toISOString().slice(0, 10);
  const options = useMemo(() => listOptions(transport, view, day), [transport, view, day]);
  const query = useInfiniteQuery({ ...options, placeholderData: keepPreviousData });
  const pages = query.data?.pages ?? [];
  const users = useMemo(() => query.data?.pages.flatMap((page) => page.users) ?? [], [query.data]);
  const reason = query.error ?? query.failureReason;
  const failure = reason === null ? undefined : describeFailure(reason);
  const hasPage = pages.length > 0;
  const stale = query.isPlaceholderData;
  const [shown, setShown] = useState(view);
  if (!stale && shown !== view) setShown(view);
  const slow = useSlow(hasPage && query.isFetching && !query.isFetchingNextPage);
  return {
    state: stateOf({ hasPage, count: users.length, stale, slow }, failure),
    view: stale ? shown : view,
    users,
    total: Number(pages.at(-1)?.totalSize ?? 0n),
    totalEstimated: pages.at(-1)?.totalSizeEstimated ?? false,
    stale,
    slow,
    failure: hasPage ? failure : undefined,
    fetchedAt: query.dataUpdatedAt,
    hasMore: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    loadMore: () => {
      if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
    },
    retry: () => askAgain(client, options.queryKey, query),
  };
}

function listOptions(transport: Transport, view: View, day: string) {
  const request = listRequest(view, new Date(`${day}T12:00:00Z`));
  const input = view.searched ? request : skipToken;
  return createInfiniteQueryOptions(UserService.method.listUsers, input, {
    transport,
    pageParamKey: "pageToken",
    getNextPageParam: (page) => (page.nextPageToken === "" ? undefined : page.nextPageToken),
  });
}

/** Old rows serve while waiting can help; a refusal is never hidden behind them. */
function stateOf(
  data: { hasPage: boolean; count: number; stale: boolean; slow: boolean },
  failure: Failure | undefined,
): ListState {
  const { hasPage, count, stale, slow } = data;
  if (failure !== undefined && (!hasPage || (stale && (count === 0 || !failure.transient)))) {
    return { kind: "failed", failure };
  }
  if (!hasPage) return { kind: "loading" };
  if (count > 0) return { kind: "rows" };
  return { kind: stale && slow ? "loading" : "empty" };
}
