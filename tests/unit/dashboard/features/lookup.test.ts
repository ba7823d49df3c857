import { create } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { exportUsers } from "../../../../src/dashboard/features/lookup/export-users.ts";
import type { ExportProgress } from "../../../../src/dashboard/features/lookup/export-users.ts";
import { activeFilters } from "../../../../src/dashboard/features/lookup/filter-words.ts";
import { listRequest } from "../../../../src/dashboard/features/lookup/list-request.ts";
import { EMPTY_VIEW, filterCount, withoutFilters } from "../../../../src/dashboard/lib/view.ts";
import type { View } from "../../../../src/dashboard/lib/view.ts";
import {
  ListUsersRequestSchema,
  UserService,
  UserStatus,
} from "../../../../src/gen/user/v1/user_service_pb.ts";
import { createFakeUserService } from "../../../support/dashboard/fake-user-service.ts";

const NOON = new Date("2026-03-12T12:34:56Z");
const filtered: View = {
  ...EMPTY_VIEW,
  searched: true,
  query: " ada ",
  statuses: ["active", "locked"],
  roles: ["admin"],
  createdFrom: "2026-01-01",
  createdTo: "2026-01-31",
  signIn: { dormantDays: 90 },
  sort: { field: "created", descending: true },
};

describe("the request of a list", () => {
  test("says everything that the view says", () => {
    const request = create(ListUsersRequestSchema, listRequest(filtered, NOON));
    expect(request).toMatchObject({ query: "ada", orderBy: "create_time desc", pageToken: "" });
    expect(request.filter?.statuses).toEqual([UserStatus.ACTIVE, UserStatus.LOCKED]);
    const { createdAfter, createdBefore, lastSignIn } = request.filter ?? {};
    expect(createdAfter && timestampDate(createdAfter).toISOString()).toMatch(/^2026-01-01T00/);
    expect(createdBefore && timestampDate(createdBefore).toISOString()).toMatch(/^2026-02-01T00/);
    if (lastSignIn?.case !== "notSignedInSince") throw new Error("a time was expected");
    expect(timestampDate(lastSignIn.value).toISOString()).toBe("2025-12-12T00:00:00.000Z");
  });

  test("stays the same all day, so that it is the same query", () => {
    const evening = new Date("2026-03-12T23:59:59Z");
    expect(listRequest(filtered, evening)).toEqual(listRequest(filtered, NOON));
  });

  test("leaves the order to the server when none is chosen", () => {
    expect(listRequest({ ...filtered, sort: undefined }, NOON).orderBy).toBe("");
  });
});

describe("the filters of a view", () => {
  test("are told in words, each with the view without it", () => {
    const filters = activeFilters(filtered);
    expect(filters.map(({ label, value }) => `${label}: ${value}`)).toEqual([
      "Status: Active, Locked",
      "Role: admin",
      "Created: 2026-01-01 to 2026-01-31",
      "Last sign-in: Not for 90 days",
    ]);
    for (const { without } of filters) expect(filterCount(without)).toBe(3);
    expect(filterCount(withoutFilters(filtered))).toBe(0);
    expect(withoutFilters(filtered)).toMatchObject({ query: " ada ", sort: filtered.sort });
  });
});

describe("the export", () => {
  const setUp = (controller = new AbortController()) => {
    const { transport, state } = createFakeUserService();
    const client = createClient(UserService, transport);
    const progress: ExportProgress[] = [];
    const retries: number[] = [];
    let time = 0;
    const run = exportUsers({
      request: listRequest({ ...EMPTY_VIEW, searched: true }, NOON),
      columns: ["id", "name"],
      fetchPage: (request, signal) => client.listUsers(request, { signal }),
      beforeRetry: async (reason, failures) => {
        retries.push(failures);
        if (retries.length > 2) throw reason;
        state.failure = undefined;
      },
      signal: controller.signal,
      now: () => (time += 100),
      onProgress: (step) => progress.push(step),
    });
    return { run, progress, retries, state };
  };

  test("writes all pages, only the visible columns, and tells how far it is", async () => {
    const { run, progress, state } = setUp();
    state.users = state.users.map((user, index) => (index === 0 ? { ...user, name: "=A1" } : user));
    let text = "";
    let step = await run.next();
    for (; step.done !== true; step = await run.next()) text += step.value;
    const lines = text.split("\r\n");
    expect(lines.slice(0, 2)).toEqual(["Id,Name", "user123,'=A1"]);
    expect(lines).toHaveLength(402);
    expect(step.value).toBe(400);
    expect(progress.map(({ done, total }) => [done, total])).toEqual([
      [200, 400],
      [400, 400],
    ]);
    expect(progress[0]?.remainingMs).toBeGreaterThan(0);
    expect(progress[1]?.remainingMs).toBe(0);
  });

  test("asks for the same page again when that may help, and else tells why it ended", async () => {
    const { run, retries, state } = setUp();
    await run.next();
    await run.next();
    state.failure = new ConnectError("away", Code.Unavailable);
    expect((await run.next()).value).toContain("user522");
    expect(retries).toEqual([0]);
    const other = setUp();
    other.state.failure = new ConnectError("no", Code.PermissionDenied);
    other.retries.push(0, 0);
    await other.run.next();
    await expect(other.run.next()).rejects.toThrow("no");
  });

  test("ends when it is cancelled", async () => {
    const controller = new AbortController();
    const { run } = setUp(controller);
    await run.next();
    controller.abort();
    await expect(run.next()).rejects.toThrow(/abort/i);
  });
});
