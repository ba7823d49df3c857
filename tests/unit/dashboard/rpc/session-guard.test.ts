import { QueryObserver } from "@tanstack/react-query";
import { describe, expect, test, vi } from "vitest";
import { createQueryClient } from "../../../../src/dashboard/rpc/query-client.ts";
import { guardQueries } from "../../../../src/dashboard/rpc/session-guard.ts";
import { createSessionLog } from "../../../../src/dashboard/rpc/session-log.ts";
import { createFakeSession } from "../../../support/fake-session.ts";
import { waitFor } from "../../../support/wait-for.ts";

async function setUp() {
  const session = createFakeSession();
  const client = createQueryClient();
  const forget = vi.fn();
  guardQueries(session, client, forget);
  const queryFn = vi.fn(() => Promise.resolve(session.getSnapshot().subject ?? "nobody"));
  const observer = new QueryObserver(client, { queryKey: ["who"], queryFn });
  observer.subscribe(() => undefined);
  client.setQueryData(["old"], "somebody's");
  await waitFor(() => expect(client.getQueryData(["who"])).toBe("support"));
  return { session, client, forget, queryFn };
}

describe("what was fetched", () => {
  test("goes with a sign-out", async () => {
    const { session, client, forget } = await setUp();
    await session.signOut();
    expect(client.getQueryData(["who"])).toBeUndefined();
    expect(client.getQueryData(["old"])).toBeUndefined();
    expect(forget).toHaveBeenCalledTimes(1);
  });

  test("is asked for anew for another person, and nothing of the first stays", async () => {
    const { session, client, forget } = await setUp();
    session.become({ subject: "supervisor" });
    expect(client.getQueryData(["who"])).toBeUndefined();
    expect(client.getQueryData(["old"])).toBeUndefined();
    await waitFor(() => expect(client.getQueryData(["who"])).toBe("supervisor"));
    expect(forget).toHaveBeenCalledTimes(1);
  });

  test("stays while only a new sign-in is needed, and is asked for again after it", async () => {
    const { session, client, forget, queryFn } = await setUp();
    session.become({ state: "interaction-required" });
    expect(client.getQueryData(["who"])).toBe("support");
    session.become({ state: "signed-in" });
    await waitFor(() => expect(queryFn).toHaveBeenCalledTimes(2));
    expect(forget).not.toHaveBeenCalled();
  });

  test("is left alone by a renewal", async () => {
    const { session, queryFn } = await setUp();
    session.become({ refresh: "running" });
    session.become({ refresh: "idle", expiresAt: 1 });
    expect(queryFn).toHaveBeenCalledTimes(1);
  });
});

test("the session log keeps the newest 200 events, newest first", () => {
  const session = createFakeSession();
  const log = createSessionLog(session);
  for (let index = 0; index < 250; index++) session.emit({ type: "adopted" });
  session.emit({ type: "signed-out", by: "another-tab" });
  expect(log.events()).toHaveLength(200);
  expect(log.events()[0]).toMatchObject({ type: "signed-out" });
});
