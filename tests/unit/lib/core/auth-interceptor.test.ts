import { create } from "@bufbuild/protobuf";
import { Code, createClient, createRouterTransport } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { UserSchema, UserService } from "../../../../src/gen/user/v1/user_service_pb.ts";
import { AuthError, createAuthInterceptor } from "../../../../src/lib/core/index.ts";
import { createApiInMemory, failure, origin } from "../../../support/api-in-memory.ts";

describe("the auth interceptor, for a unary call", () => {
  it("attaches the token", async () => {
    const { client, server } = createApiInMemory();
    expect((await client.getUser({ userId: "user123" })).name).toBe("Ada");
    expect(server.attempts).toEqual(["Bearer t1"]);
  });

  it("refreshes and repeats the call once when the server refuses the token", async () => {
    const { client, server, requests } = createApiInMemory();
    server.accepts = "t2";
    await client.getUser({ userId: "user123" });
    expect(server.attempts).toEqual(["Bearer t1", "Bearer t2"]);
    expect(requests.map(({ rejected }) => rejected)).toEqual([undefined, "t1"]);
  });

  it("never attempts a third time, and says why", async () => {
    const { client, server } = createApiInMemory();
    server.accepts = "none";
    const error = await failure(client.getUser({ userId: "user123" }));
    expect(error.code).toBe(Code.Unauthenticated);
    expect(AuthError.find(error)?.code).toBe("misconfigured");
    expect(server.attempts).toHaveLength(2);
  });

  it("does not refresh for any other code", async () => {
    const { client, server } = createApiInMemory();
    expect((await failure(client.getUser({ userId: "nobody" }))).code).toBe(Code.NotFound);
    expect((await failure(client.getUser({ userId: "secret" }))).code).toBe(Code.PermissionDenied);
    expect(server.attempts).toHaveLength(2);
  });

  it("does not repeat a method whose rule says so", async () => {
    const { client, server } = createApiInMemory({
      rules: { "user.v1.UserService/GetUser": { retry: false } },
    });
    server.accepts = "t2";
    const error = await failure(client.getUser({ userId: "u" }));
    expect(error.code).toBe(Code.Unauthenticated);
    expect(AuthError.find(error)).toMatchObject({ code: "unavailable" });
    expect(server.attempts).toHaveLength(1);
    await client.getUser({ userId: "u" });
    expect(server.attempts.at(-1)).toBe("Bearer t2");
  });

  it("sends no token to a method that is public", async () => {
    const { client, server } = createApiInMemory({
      rules: { "user.v1.UserService/GetUser": { public: true } },
    });
    await failure(client.getUser({ userId: "u" }));
    expect(server.attempts).toEqual([""]);
  });

  it("leaves the caller's own Authorization alone, and does not retry for it", async () => {
    const { client, server, requests } = createApiInMemory();
    const call = client.getUser({ userId: "u" }, { headers: { Authorization: "Bearer mine" } });
    expect((await failure(call)).code).toBe(Code.Unauthenticated);
    expect(server.attempts).toEqual(["Bearer mine"]);
    expect(requests).toHaveLength(0);
  });

  it("sends no token to an origin that is not on the list", async () => {
    const { client, server } = createApiInMemory({ origins: ["https://api.example.com"] });
    const error = await failure(client.getUser({ userId: "u" }));
    expect(error.code).toBe(Code.FailedPrecondition);
    expect(AuthError.find(error)?.code).toBe("origin-not-allowed");
    expect(server.attempts).toHaveLength(0);
  });

  it("knows before the call that a scope is missing", async () => {
    const { client, server } = createApiInMemory({ scopes: ["users.read"] });
    const error = await failure(client.getUserContact({ userId: "u" }));
    expect(error.code).toBe(Code.PermissionDenied);
    expect(AuthError.find(error)).toMatchObject({
      code: "scope-missing",
      details: { scopes: ["users.contact"] },
    });
    expect(server.attempts).toHaveLength(0);
  });

  it("knows a scope by its last part, as Entra grants it with the API's name in front", async () => {
    const { client } = createApiInMemory({ scopes: ["api://users/users.read"] });
    await expect(client.getUser({ userId: "u" })).resolves.toMatchObject({ id: "u" });
    const other = createApiInMemory({ scopes: ["api://users/all.users.read"] });
    expect((await failure(other.client.getUser({ userId: "u" }))).code).toBe(Code.PermissionDenied);
  });
});

describe("the auth interceptor and the source's failures", () => {
  it.each([
    ["signed-out", Code.Unauthenticated],
    ["interaction-required", Code.Unauthenticated],
    ["unavailable", Code.Unavailable],
    ["misconfigured", Code.FailedPrecondition],
    ["scope-missing", Code.PermissionDenied],
  ] as const)(
    "turns %s into a ConnectError with the AuthError as cause",
    async (code, expected) => {
      const cause = new AuthError(code, "why");
      const { client } = createApiInMemory({
        tokenSource: { getToken: () => Promise.reject(cause) },
      });
      const error = await failure(client.getUser({ userId: "u" }));
      expect(error.code).toBe(expected);
      expect(error.cause).toBe(cause);
    },
  );

  it("gives up waiting for a token at the deadline of the call", async () => {
    const { client } = createApiInMemory({
      tokenSource: { getToken: () => new Promise(() => undefined) },
    });
    const error = await failure(client.getUser({ userId: "u" }, { timeoutMs: 20 }));
    expect(error.code).toBe(Code.DeadlineExceeded);
  });

  it("gives up waiting for a token when the caller cancels", async () => {
    const { client } = createApiInMemory({
      tokenSource: { getToken: () => new Promise(() => undefined) },
    });
    const controller = new AbortController();
    const call = failure(client.getUser({ userId: "u" }, { signal: controller.signal }));
    controller.abort();
    expect((await call).code).toBe(Code.Canceled);
  });

  it("aborts a call in flight when the session ends", async () => {
    const session = new AbortController();
    const token = { value: "t1", type: "Bearer" as const, expiresAt: Infinity, scopes: [] };
    const reason = new AuthError("signed-out", "You signed out.");
    const { client } = createApiInMemory({
      tokenSource: {
        async getToken() {
          queueMicrotask(() => session.abort(reason));
          return token;
        },
        ended: session.signal,
      },
    });
    const error = await failure(client.getUser({ userId: "u" }));
    expect(error.code).toBe(Code.Unauthenticated);
    expect(error.cause).toBe(reason);
  });
});

describe("the auth interceptor and deadlines", () => {
  it("tells the server how much time is left after waiting", async () => {
    let now = 1_000;
    const clock = { now: () => now, after: () => () => undefined };
    const seen: (string | null)[] = [];
    const token = { value: "t1", type: "Bearer" as const, expiresAt: Infinity, scopes: [] };
    const interceptor = createAuthInterceptor({
      clock,
      origins: [origin],
      tokenSource: {
        async getToken() {
          now += 400;
          return token;
        },
      },
    });
    const transport = createRouterTransport(
      ({ service }) =>
        void service(UserService, {
          getUser(_, context) {
            seen.push(context.requestHeader.get("connect-timeout-ms"));
            return create(UserSchema, {});
          },
        }),
      { transport: { interceptors: [interceptor], defaultTimeoutMs: 10_000 } },
    );
    await createClient(UserService, transport).getUser({ userId: "u" });
    expect(seen).toEqual(["9600"]);
  });
});
