import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, createRouterTransport } from "@connectrpc/connect";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import {
  UserSchema,
  UserService,
  WatchUserResponseSchema,
} from "../../src/gen/user/v1/user_service_pb.ts";
import { createAuthInterceptor } from "../../src/lib/core/index.ts";
import type {
  AccessToken,
  AuthInterceptorOptions,
  TokenRequest,
} from "../../src/lib/core/index.ts";

/** The origin of the API in memory. */
export const origin = "https://in-memory";

/** A client over a real router in memory, whose server accepts one token value. */
export function createApiInMemory(
  options: Partial<AuthInterceptorOptions> & { readonly scopes?: string[] } = {},
) {
  const server = {
    accepts: "t1",
    challenge: "",
    attempts: [] as string[],
    timeouts: [] as string[],
  };
  const requests: TokenRequest[] = [];
  let issued = 0;
  let current: AccessToken | undefined;
  const issue = (): AccessToken => ({
    value: `t${++issued}`,
    type: "Bearer",
    expiresAt: Date.now() + 60_000,
    scopes: options.scopes ?? ["users.read", "users.contact"],
  });
  const tokenSource = {
    async getToken(request: TokenRequest = {}) {
      requests.push(request);
      if (current === undefined || request.rejected === current.value) current = issue();
      return current;
    },
  };
  const check = (context: HandlerContext) => {
    const authorization = context.requestHeader.get("Authorization") ?? "";
    server.attempts.push(authorization);
    server.timeouts.push(context.requestHeader.get("connect-timeout-ms") ?? "");
    if (authorization === `Bearer ${server.accepts}`) return;
    const metadata = server.challenge === "" ? {} : { "www-authenticate": server.challenge };
    throw new ConnectError("no", Code.Unauthenticated, metadata);
  };
  const service: Partial<ServiceImpl<typeof UserService>> = {
    getUser(request, context) {
      check(context);
      if (request.userId === "nobody") throw new ConnectError("none", Code.NotFound);
      if (request.userId === "secret") throw new ConnectError("no", Code.PermissionDenied);
      return create(UserSchema, { id: request.userId, name: "Ada" });
    },
    getUserContact(request, context) {
      check(context);
      return { userId: request.userId };
    },
    async *watchUser(request, context) {
      check(context);
      const message = () =>
        create(WatchUserResponseSchema, {
          event: { case: "user", value: create(UserSchema, { id: request.userId }) },
        });
      yield message();
      if (request.afterVersion === 7n) throw new ConnectError("over", Code.Unauthenticated);
      yield message();
    },
  };
  const transport = createRouterTransport(({ service: add }) => void add(UserService, service), {
    transport: {
      interceptors: [
        createAuthInterceptor({
          tokenSource: options.tokenSource ?? tokenSource,
          origins: options.origins ?? [origin],
          ...(options.rules === undefined ? {} : { rules: options.rules }),
          ...(options.stepUp === undefined ? {} : { stepUp: options.stepUp }),
        }),
      ],
    },
  });
  return { client: createClient(UserService, transport), server, requests };
}

/** The ConnectError that a call fails with. */
export async function failure(promise: Promise<unknown>): Promise<ConnectError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ConnectError) return error;
    throw error;
  }
  throw new Error("It did not fail.");
}

/** All messages of a stream. */
export async function collect<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const message of messages) all.push(message);
  return all;
}
