import { Code, ConnectError, createClient } from "@connectrpc/connect";
import type { Interceptor } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { timingOf } from "../../../../src/dashboard/features/inspector/call-timing.ts";
import { curlCommand } from "../../../../src/dashboard/features/inspector/curl.ts";
import { REDACTED } from "../../../../src/dashboard/rpc/call-attempt.ts";
import { createCallLog } from "../../../../src/dashboard/rpc/call-log.ts";
import { UserService } from "../../../../src/gen/user/v1/user_service_pb.ts";
import { createFakeUserService } from "../../../support/dashboard/fake-user-service.ts";

/** Stands where the auth interceptor stands, and repeats a call once. */
const repeatOnce: Interceptor = (next) => async (request) => {
  request.header.set("Authorization", "Bearer s3cret");
  try {
    return await next(request);
  } catch {
    return next(request);
  }
};

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

function setUp() {
  let time = 0;
  const log = createCallLog(() => (time += 10));
  const service = createFakeUserService([log.outer, repeatOnce, log.inner]);
  return { log, service, client: createClient(UserService, service.transport) };
}

describe("the call log", () => {
  test("writes a call down with request, answer and code", async () => {
    const { log, client } = setUp();
    await client.getUser({ userId: "user123" });
    const [call] = log.calls();
    expect(call).toMatchObject({ code: "OK", request: { userId: "user123" }, messageCount: 1 });
    expect(call?.responses[0]?.message).toMatchObject({ id: "user123" });
    expect(call?.attempts).toHaveLength(1);
    expect(log.reachable()).toBe(true);
  });

  test("counts every attempt of a call, and tells waiting from the wire", async () => {
    const { log, client, service } = setUp();
    service.state.failure = new ConnectError("no", Code.Unavailable, { "x-request-id": "r1" });
    await expect(client.getUser({ userId: "user123" })).rejects.toThrow("no");
    const [call] = log.calls();
    expect(call).toMatchObject({ code: "UNAVAILABLE" });
    expect(call?.attempts.map(({ code }) => code)).toEqual(["UNAVAILABLE", "UNAVAILABLE"]);
    expect(log.reachable()).toBe(false);
    if (call === undefined) throw new Error("a call was expected");
    const { bars, waitMs, wireMs } = timingOf(call, 0);
    expect(bars.filter((bar) => bar.wire)).toHaveLength(2);
    expect(waitMs + wireMs).toBe(call.durationMs);
    expect(Math.round(bars.reduce((sum, bar) => sum + bar.width, 0))).toBeLessThanOrEqual(100);
  });

  test("follows the messages of a stream, and its end by the reader", async () => {
    const { log, client, service } = setUp();
    let seen = 0;
    const { signal, abort } = abortable();
    const messages = client.watchUser({ userId: "user123", afterVersion: 1n }, { signal });
    for await (const { event } of messages) {
      seen += 1;
      if (event.case === "user") break;
      service.change("user123", { name: "Ada King" });
    }
    expect(seen).toBe(2);
    expect(log.calls()[0]).toMatchObject({ messageCount: 2, code: undefined });
    const [running] = log.calls();
    if (running === undefined) throw new Error("a call was expected");
    const early = timingOf(running, running.startedAt + 90_000);
    expect(early.totalMs).toBe(90_000);
    expect(early.wireMs).toBeGreaterThan(89_000);
    abort();
    expect(log.calls()[0]).toMatchObject({ messageCount: 2, code: "CANCELED" });
    const { waitMs, wireMs, bars } = timingOf(running, 0);
    expect(wireMs).toBeGreaterThan(waitMs);
    expect(bars.map(({ wire }) => wire)).toEqual([false, true]);
  });

  test("holds no credential anywhere", async () => {
    const { log, client } = setUp();
    await client.listUsers({ query: "ada" });
    const text = JSON.stringify(log.calls(), (key, value: unknown) => {
      if (key === "method") return undefined;
      return typeof value === "bigint" ? String(value) : value;
    });
    expect(text).not.toContain("s3cret");
    expect(text).toContain(`["authorization","${REDACTED}"]`);
  });

  test("keeps the newest 200 calls and can be cleared", async () => {
    const { log, client } = setUp();
    for (let index = 0; index < 205; index++) await client.getUser({ userId: "user124" });
    expect(log.calls()).toHaveLength(200);
    expect(log.calls()[0]?.id).toBe(205);
    log.clear();
    expect(log.calls()).toEqual([]);
  });

  test("gives a call as a command that reads the token from the shell", async () => {
    const { log, client } = setUp();
    await client.getUser({ userId: "user123" });
    const [call] = log.calls();
    if (call === undefined) throw new Error("a call was expected");
    const json = `{"userId":"o'brien"}`;
    const record = { ...call, url: "http://localhost:50051/user.v1.UserService/GetUser" };
    expect(curlCommand("grpcurl", record, json)).toBe(
      `grpcurl -plaintext -import-path proto -proto user/v1/user_service.proto ` +
        `-H "authorization: Bearer $TOKEN" -d '{"userId":"o'\\''brien"}' ` +
        `localhost:50051 user.v1.UserService/GetUser`,
    );
    expect(curlCommand("buf", record, json)).toContain(
      "http://localhost:50051/user.v1.UserService/GetUser",
    );
  });
});
