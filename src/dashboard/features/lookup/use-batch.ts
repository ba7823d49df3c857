import { callUnaryMethod, useTransport } from "@connectrpc/connect-query";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { UserService } from "../../../gen/user/v1/user_service_pb.ts";
import type { BatchGetUsersResponse, User } from "../../../gen/user/v1/user_service_pb.ts";
import { MAX_BATCH_KEYS } from "../../lib/search-intent.ts";
import { describeFailure } from "../../rpc/failure.ts";
import type { Failure } from "../../rpc/failure.ts";

/** What came of one key. */
export interface BatchLine {
  readonly key: string;
  /** Undefined: nobody has this key. */
  readonly user: User | undefined;
}

/** A lookup of many keys. */
export interface Batch {
  /** In the order of the keys; undefined until all are there. */
  readonly lines: readonly BatchLine[] | undefined;
  readonly failure: Failure | undefined;
  readonly loading: boolean;
  readonly retry: () => void;
}

/** Looks any number of ids and e-mail addresses up, a thousand a call. */
export function useBatch(keys: readonly string[]): Batch {
  const client = useQueryClient();
  const transport = useTransport();
  const queryKey = ["batch", keys];
  const query = useQuery({
    queryKey,
    enabled: keys.length > 0,
    queryFn: async ({ signal }) => {
      const lines: BatchLine[] = [];
      for (let at = 0; at < keys.length; at += MAX_BATCH_KEYS) {
        const asked = keys.slice(at, at + MAX_BATCH_KEYS);
        const method = UserService.method.batchGetUsers;
        const answer = await callUnaryMethod(transport, method, { keys: asked }, { signal });
        lines.push(...linesOf(asked, answer));
      }
      return lines;
    },
  });
  const reason = query.error ?? query.failureReason;
  return {
    lines: query.data,
    failure: reason === null ? undefined : describeFailure(reason),
    loading: query.isFetching,
    retry: () => void client.cancelQueries({ queryKey }).then(() => query.refetch()),
  };
}

/** Which user a key brought: the answer names only those that brought nobody. */
function linesOf(keys: readonly string[], { users, notFound }: BatchGetUsersResponse): BatchLine[] {
  const missing = new Set(notFound);
  const byId = new Map(users.map((user) => [user.id, user]));
  const byEmail = new Map(users.map((user) => [user.email.toLowerCase(), user]));
  const known = (key: string) => byId.get(key) ?? byEmail.get(key.toLowerCase());
  // Another service may look at addresses in another way. The order is still that of the keys; and
  // where it says nothing for sure, a wrong user is worse than none.
  const named = new Set(keys.map(known));
  const others = users.filter((user) => !named.has(user));
  const open = keys.filter((key) => !missing.has(key) && known(key) === undefined);
  const paired = new Map(
    open.length === others.length ? open.map((key, at) => [key, others[at]]) : [],
  );
  return keys.map((key) => ({
    key,
    user: missing.has(key) ? undefined : (known(key) ?? paired.get(key)),
  }));
}
