import { create } from "@bufbuild/protobuf";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import {
  BatchGetUsersResponseSchema,
  ListUsersResponseSchema,
  UserContactSchema,
  type UserService,
  WatchUserResponseSchema,
} from "../../gen/user/v1/user_service_pb.ts";
import type {
  BatchGetUsersRequest,
  BatchGetUsersResponse,
  ListUsersRequest,
  ListUsersResponse,
  UserContact,
  WatchUserRequest,
  WatchUserResponse,
} from "../../gen/user/v1/user_service_pb.ts";
import { getPrincipal } from "../../lib/server/index.ts";
import { invalidField, userNotFound } from "./errors.ts";
import { foreignPageToken, readListRequest, readUserId } from "./list-request.ts";
import type { UserStore } from "./store.ts";
import { userMessage } from "./user-messages.ts";
import type { UserWatches, WatchEvent } from "./user-watches.ts";

const MAX_KEYS = 1_000;
const MAX_KEY_LENGTH = 320;

/** The handlers of `user.v1.UserService`. They trust the token gate: each runs only for a verified principal. */
export function createUserService(
  store: UserStore,
  watches: UserWatches,
): ServiceImpl<typeof UserService> {
  return {
    getUser(request) {
      const userId = readUserId(request.userId);
      const user = store.get(userId);
      if (!user) throw userNotFound(userId);
      return userMessage(user);
    },
    listUsers: (request, context) => listUsers(store, request, context),
    batchGetUsers: (request, context) => batchGetUsers(store, request, context),
    getUserContact: (request) => getUserContact(store, readUserId(request.userId)),
    watchUser: (request, context) => watchUser(watches, request, context),
  };
}

async function listUsers(
  store: UserStore,
  request: ListUsersRequest,
  context: HandlerContext,
): Promise<ListUsersResponse> {
  const page = await store.list(readListRequest(request), context.signal);
  if (page === "page-token") throw foreignPageToken();
  return create(ListUsersResponseSchema, {
    users: page.users.map(userMessage),
    nextPageToken: page.nextPageToken,
    totalSize: BigInt(page.total.size),
    totalSizeEstimated: page.total.isEstimated,
  });
}

async function batchGetUsers(
  store: UserStore,
  { keys }: BatchGetUsersRequest,
  context: HandlerContext,
): Promise<BatchGetUsersResponse> {
  if (keys.length > MAX_KEYS) {
    const message = `keys has ${keys.length} elements. Send at most ${MAX_KEYS} at once.`;
    throw invalidField("keys", message);
  }
  if (keys.some((key) => key === "" || key.length > MAX_KEY_LENGTH)) {
    const message = `An element of keys is empty or has more than ${MAX_KEY_LENGTH} characters. Send ids or e-mail addresses.`;
    throw invalidField("keys", message);
  }
  const { users, notFound } = await store.getMany(keys, context.signal);
  return create(BatchGetUsersResponseSchema, {
    users: users.map(userMessage),
    notFound: [...notFound],
  });
}

function getUserContact(store: UserStore, userId: string): UserContact {
  const contact = store.getContact(userId);
  if (!contact) throw userNotFound(userId);
  const { phoneNumber, addressLines } = contact;
  return create(UserContactSchema, { userId, phoneNumber, addressLines: [...addressLines] });
}

async function* watchUser(
  watches: UserWatches,
  request: WatchUserRequest,
  context: HandlerContext,
): AsyncGenerator<WatchUserResponse> {
  const userId = readUserId(request.userId);
  if (request.afterVersion < 0n) {
    throw invalidField("after_version", "after_version is negative. Send 0 or the last version.");
  }
  const { issuer, subject, clientId = "" } = getPrincipal(context.values);
  const events = watches.watch({
    userId,
    afterVersion: request.afterVersion,
    principal: JSON.stringify([issuer, subject, clientId]),
    signal: context.signal,
  });
  for await (const event of events) yield watchMessage(event);
}

function watchMessage(event: WatchEvent): WatchUserResponse {
  return create(WatchUserResponseSchema, {
    event:
      event.type === "user"
        ? { case: "user", value: userMessage(event.user) }
        : { case: "heartbeat", value: {} },
  });
}
