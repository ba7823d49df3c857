import { createConnectQueryKey, useQuery, useTransport } from "@connectrpc/connect-query";
import type { Transport } from "@connectrpc/connect";
import { useQueryClient } from "@tanstack/react-query";
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { UserService } from "../../../gen/user/v1/user_service_pb.ts";
import type { ListUsersResponse, User } from "../../../gen/user/v1/user_service_pb.ts";
import { whenShown } from "../../lib/when-shown.ts";
import { describeFailure } from "../../rpc/failure.ts";
import type { Failure } from "../../rpc/failure.ts";
import { askAgain } from "../../rpc/query-client.ts";

/** One user, as far as known. */
export interface UserState {
  readonly user: User | undefined;
  /** It is what was known before: the user's own answer has not come yet. */
  readonly preview: boolean;
  readonly failure: Failure | undefined;
  readonly retry: () => void;
}

/**
 * The user with this id: at once as far as a list knows it, and from the
 * service when that is on the screen. Whom no list knows, and who could not be
 * shown last time, is asked for at once.
 */
export function useUser(id: string): UserState {
  const client = useQueryClient();
  const transport = useTransport();
  const [row] = useState(() => userInLists(client, id));
  const failedBefore = () => client.getQueryState(userKey(transport, id))?.status === "error";
  const waits = useWaits(() => row !== undefined && !failedBefore());
  const query = useQuery(
    UserService.method.getUser,
    { userId: id },
    { placeholderData: () => (waits ? row : userInLists(client, id)), enabled: !waits },
  );
  const reason = query.error ?? query.failureReason;
  return {
    user: query.data,
    preview: waits || query.isPlaceholderData,
    failure: reason === null ? undefined : describeFailure(reason),
    retry: () => askAgain(client, userKey(transport, id), query),
  };
}

/** Whether to wait until the first picture is on the screen; `wanted` is asked once. */
function useWaits(wanted: () => boolean): boolean {
  const [waits, setWaits] = useState(wanted);
  useEffect(() => (waits ? whenShown(() => setWaits(false)) : undefined), [waits]);
  return waits;
}

/** Where the answer of GetUser is kept. */
export function userKey(transport: Transport, id: string) {
  return createConnectQueryKey({
    schema: UserService.method.getUser,
    input: { userId: id },
    transport,
    cardinality: "finite",
  });
}

type UserPages = InfiniteData<ListUsersResponse>;

const LISTS = createConnectQueryKey({
  schema: UserService.method.listUsers,
  cardinality: "infinite",
});

function userInLists(client: QueryClient, id: string): User | undefined {
  const lists = client.getQueriesData<UserPages>({ queryKey: LISTS });
  // The last list is the one that is on the screen, as a rule.
  for (const [, data] of lists.toReversed()) {
    for (const { users } of data?.pages ?? []) {
      const found = users.find((user) => user.id === id);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Puts a newer version of a user wherever an older one is kept. */
export function storeUser(client: QueryClient, transport: Transport, user: User): void {
  const newer = (old: User | undefined) =>
    old !== undefined && old.version > user.version ? old : user;
  client.setQueryData(userKey(transport, user.id), newer);
  client.setQueriesData({ queryKey: LISTS }, (data: UserPages | undefined) => {
    if (data === undefined) return data;
    const pages = data.pages.map((page) => ({
      ...page,
      users: page.users.map((row) => (row.id === user.id ? newer(row) : row)),
    }));
    return { ...data, pages };
  });
}
