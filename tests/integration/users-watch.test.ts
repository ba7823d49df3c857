import { DatabaseSync } from "node:sqlite";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Code } from "@connectrpc/connect";
import type { WatchUserResponse } from "../../src/gen/user/v1/user_service_pb.ts";
import { startTestBackend } from "../support/backend.ts";
import type { TestBackend, Way } from "../support/backend.ts";
import { codeOf } from "../support/failure.ts";

const streaming: Way[] = ["gRPC over HTTP/2", "gRPC-Web with fetch", "Connect over HTTP/1.1"];
let backend: TestBackend;
let token: string;

beforeAll(async () => {
  backend = await startTestBackend();
  token = await backend.serviceToken();
});
afterAll(() => backend.remove());

function watch(
  userId: string,
  options: { afterVersion?: bigint; way?: Way; on?: TestBackend } = {},
) {
  const controller = new AbortController();
  const client = (options.on ?? backend).client(token, options.way);
  const request = { userId, afterVersion: options.afterVersion ?? 0n };
  const messages = client.watchUser(request, { signal: controller.signal })[Symbol.asyncIterator]();
  return {
    leave: () => controller.abort(),
    async next(): Promise<WatchUserResponse["event"]> {
      const { value, done } = await messages.next();
      if (done) throw new Error("the stream has ended");
      return value.event;
    },
  };
}

/** Runs SQL in a process of its own, as an import would. */
async function runElsewhere(file: string, sql: string): Promise<void> {
  const program =
    "const { DatabaseSync } = require('node:sqlite');" +
    "const database = new DatabaseSync(process.argv[1], { timeout: 5000 });" +
    "database.exec(process.argv[2]); database.close();";
  await promisify(execFile)(process.execPath, ["-e", program, file, sql]);
}

describe.each(streaming)("WatchUser as %s", (way) => {
  it("tells what another process has changed, and forgets who has left", async () => {
    const userId = `user${1 + streaming.indexOf(way)}`;
    const stream = watch(userId, { way });
    expect(await stream.next()).toMatchObject({ case: "user", value: { version: 1n } });
    const next = stream.next();
    await runElsewhere(backend.databaseFile, `UPDATE users SET status = 3 WHERE id = '${userId}'`);
    expect(await next).toMatchObject({
      case: "user",
      value: { id: userId, status: 3, version: 2n },
    });
    const waiting = stream.next();
    stream.leave();
    expect(await codeOf(waiting)).toBe(Code.Canceled);
    await expect.poll(() => backend.openWatches()).toBe(0);
  });

  it("answers at once with a heartbeat when the version is known", async () => {
    const stream = watch("user20", { way, afterVersion: 1n });
    expect(await stream.next()).toMatchObject({ case: "heartbeat" });
    stream.leave();
    await expect.poll(() => backend.openWatches()).toBe(0);
  });

  it("ends with UNAVAILABLE when the server shuts down", async () => {
    const other = await startTestBackend({ seedUsers: 20 });
    token = await other.serviceToken();
    const stream = watch("user123", { way, on: other });
    await stream.next();
    const next = stream.next();
    const closed = other.close();
    expect(await codeOf(next)).toBe(Code.Unavailable);
    await closed;
    await other.remove();
    token = await backend.serviceToken();
  });
});

describe("WatchUser", () => {
  it("says NOT_FOUND for nobody, and when the user goes away", async () => {
    expect(await codeOf(watch("nobody").next())).toBe(Code.NotFound);
    const stream = watch("user30");
    await stream.next();
    const next = stream.next();
    const database = new DatabaseSync(backend.databaseFile);
    database.exec("DELETE FROM users WHERE id = 'user30'");
    database.close();
    expect(await codeOf(next)).toBe(Code.NotFound);
  });

  it("ends with UNAUTHENTICATED when the token expires", async () => {
    const brief = await startTestBackend({ seedUsers: 5, accessTokenTtlSeconds: 1 });
    token = await brief.serviceToken();
    const stream = watch("user123", { on: brief });
    await stream.next();
    expect(await codeOf(stream.next())).toBe(Code.Unauthenticated);
    await expect.poll(() => brief.openWatches()).toBe(0);
    await brief.remove();
    token = await backend.serviceToken();
  });

  it("leaves nothing behind when many have come and gone", async () => {
    const streams = Array.from({ length: 40 }, (_, index) =>
      watch(`user${40 + index}`, {
        way: index % 2 === 0 ? "gRPC over HTTP/2" : "Connect over HTTP/1.1",
      }),
    );
    await Promise.all(streams.map((stream) => stream.next()));
    expect(backend.openWatches()).toBe(40);
    for (const stream of streams) stream.leave();
    await expect.poll(() => backend.openWatches()).toBe(0);
  });
});
