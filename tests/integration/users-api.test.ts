import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Code } from "@connectrpc/connect";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { ErrorInfoSchema } from "../../src/gen/google/rpc/error_details_pb.ts";
import { RequestInfoSchema } from "../../src/gen/google/rpc/request_info_pb.ts";
import { SearchField, UserStatus } from "../../src/gen/user/v1/user_service_pb.ts";
import { startTestBackend, ways } from "../support/backend.ts";
import type { TestBackend, Way } from "../support/backend.ts";
import { failure } from "../support/failure.ts";

let backend: TestBackend;
let token: string;

beforeAll(async () => {
  backend = await startTestBackend();
  token = await backend.serviceToken();
});
afterAll(() => backend.remove());

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const message of stream) expect(message).toBeDefined();
}

describe.each(ways)("UserService as %s", (way: Way) => {
  const client = () => backend.client(token, way);

  it("gets a user, with the request's id in the header", async () => {
    let header = new Headers();
    const user = await client().getUser({ userId: "user123" }, { onHeader: (h) => (header = h) });
    expect(user).toMatchObject({
      id: "user123",
      name: "Ada Lovelace",
      email: "ada@analytical.example",
      status: UserStatus.ACTIVE,
      roles: ["billing", "editor"],
      locale: "en-GB",
      version: 1n,
    });
    expect(user.createTime).toEqual(timestampFromMs(Date.UTC(2021, 11, 10, 9, 30)));
    expect(header.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("lists, pages and counts", async () => {
    const first = await client().listUsers({ pageSize: 120 });
    const second = await client().listUsers({ pageSize: 200, pageToken: first.nextPageToken });
    expect(new Set([...first.users, ...second.users].map(({ id }) => id)).size).toBe(300);
    expect(first).toMatchObject({ totalSize: 300n, totalSizeEstimated: false });
    expect(second).toMatchObject({ totalSize: 300n, nextPageToken: "" });
    expect((await client().listUsers({ query: "lovelace" })).users[0]?.id).toBe("user123");
  });

  it("looks many up at once", async () => {
    const keys = ["grace@navy.example", "user123", "nobody", "ADA@analytical.example"];
    const found = await client().batchGetUsers({ keys });
    expect(found.users.map(({ id }) => id)).toEqual(["user124", "user123"]);
    expect(found.notFound).toEqual(["nobody"]);
  });

  it("says NOT_FOUND with reason and request id", async () => {
    const error = await failure(client().getUser({ userId: "nobody" }));
    expect(error.code).toBe(Code.NotFound);
    expect(error.findDetails(ErrorInfoSchema)).toMatchObject([
      { reason: "USER_NOT_FOUND", domain: "connectrpc-oauth.dev", metadata: { user_id: "nobody" } },
    ]);
    const [info] = error.findDetails(RequestInfoSchema);
    expect(info?.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(error.metadata.get("x-request-id")).toBe(info?.requestId);
  });

  it("lets nobody in without a token, and keeps contact details to those who may see them", async () => {
    const stranger = await failure(backend.client(undefined, way).getUser({ userId: "user123" }));
    expect(stranger.code).toBe(Code.Unauthenticated);
    expect(stranger.metadata.get("www-authenticate")).toContain("Bearer");
    expect(stranger.findDetails(RequestInfoSchema)).toHaveLength(1);
    const contact = await failure(client().getUserContact({ userId: "user123" }));
    expect(contact.code).toBe(Code.PermissionDenied);
    expect(contact.findDetails(ErrorInfoSchema)[0]?.reason).toBe("ACCESS_TOKEN_SCOPE_INSUFFICIENT");
  });

  it("watches a user", async () => {
    const controller = new AbortController();
    const stream = client().watchUser({ userId: "user123" }, { signal: controller.signal });
    for await (const { event } of stream) {
      expect(event).toMatchObject({ case: "user", value: { id: "user123" } });
      break;
    }
    controller.abort();
    await expect.poll(() => backend.openWatches()).toBe(0);
  });
});

describe("UserService", () => {
  it("shows contact details to a supervisor who has just signed in, and not to support", async () => {
    const supervisor = backend.client(await backend.personToken("supervisor"));
    expect(await supervisor.getUserContact({ userId: "user123" })).toMatchObject({
      userId: "user123",
      phoneNumber: "+447700900123",
      addressLines: ["12 St James's Square", "London SW1Y 4LB", "United Kingdom"],
    });
    expect((await failure(supervisor.getUserContact({ userId: "x" }))).code).toBe(Code.NotFound);
    const support = backend.client(await backend.personToken("support"));
    expect((await failure(support.getUserContact({ userId: "user123" }))).code).toBe(
      Code.PermissionDenied,
    );
    expect((await support.getUser({ userId: "user123" })).name).toBe("Ada Lovelace");
  });

  it("filters by status, role and time", async () => {
    const client = backend.client(token);
    const all = (await client.listUsers({ pageSize: 200 })).users;
    const statuses: UserStatus[] = [UserStatus.SUSPENDED, UserStatus.LOCKED];
    const some = await client.listUsers({ filter: { statuses }, pageSize: 200 });
    expect(some.users.length).toBeGreaterThan(0);
    expect(some.users.every(({ status }) => statuses.includes(status))).toBe(true);
    expect(some.totalSize).toBe(BigInt(some.users.length));
    const never = await client.listUsers({
      filter: { lastSignIn: { case: "neverSignedIn", value: true } },
      pageSize: 200,
    });
    expect(never.users.length).toBeGreaterThan(0);
    expect(never.users.every(({ lastSignInTime }) => lastSignInTime === undefined)).toBe(true);
    expect(all.some(({ status }) => statuses.includes(status))).toBe(true);
    const withAny = { statuses: [UserStatus.UNSPECIFIED, UserStatus.ACTIVE] };
    const everybody = await client.listUsers({ filter: withAny, pageSize: 200 });
    expect(everybody.users).toEqual(all);
    expect(everybody.totalSize).toBe(300n);
  });

  it.each(["", "name", "name desc", "email desc", "create_time", "last_sign_in_time desc"])(
    "pages through everybody once, ordered by %j",
    async (orderBy) => {
      const client = backend.client(token);
      const ids: string[] = [];
      let pageToken = "";
      do {
        const page = await client.listUsers({ orderBy, pageSize: 37, pageToken });
        ids.push(...page.users.map(({ id }) => id));
        pageToken = page.nextPageToken;
      } while (pageToken !== "");
      expect(ids).toHaveLength(300);
      expect(new Set(ids).size).toBe(300);
    },
  );

  it("gives at most 200 on a page, and 50 unless told", async () => {
    const client = backend.client(token);
    expect((await client.listUsers({ pageSize: 100_000 })).users).toHaveLength(200);
    expect((await client.listUsers({})).users).toHaveLength(50);
  });
});

describe("bad input", () => {
  const client = () => backend.client(token);
  const calls: [string, string, () => Promise<unknown>][] = [
    ["an empty id", "user_id", () => client().getUser({ userId: "" })],
    ["an id of 129 characters", "user_id", () => client().getUser({ userId: "x".repeat(129) })],
    ["a negative page size", "page_size", () => client().listUsers({ pageSize: -1 })],
    ["a page token nobody made", "page_token", () => client().listUsers({ pageToken: "x" })],
    ["an unknown order", "order_by", () => client().listUsers({ orderBy: "phone" })],
    ["an order with SQL in it", "order_by", () => client().listUsers({ orderBy: "name; DROP" })],
    ["an order in both directions", "order_by", () => client().listUsers({ orderBy: "name asc" })],
    [
      "a field that is none",
      "search_field",
      () => client().listUsers({ query: "a", searchField: 9 as SearchField }),
    ],
    ["a query of 201 characters", "query", () => client().listUsers({ query: "x".repeat(201) })],
    [
      "a status that is none",
      "filter.statuses",
      () => client().listUsers({ filter: { statuses: [9 as UserStatus] } }),
    ],
    [
      "a time that is none",
      "filter.created_after",
      () => client().listUsers({ filter: { createdAfter: { seconds: 2n ** 62n, nanos: 0 } } }),
    ],
    ["1,001 keys", "keys", () => client().batchGetUsers({ keys: Array(1_001).fill("user1") })],
    ["an empty key", "keys", () => client().batchGetUsers({ keys: ["user1", ""] })],
    [
      "a negative version",
      "after_version",
      () => drain(client().watchUser({ userId: "user1", afterVersion: -1n })),
    ],
    ["an empty id to watch", "user_id", () => drain(client().watchUser({ userId: "" }))],
  ];

  it.each(calls)("refuses %s, naming %s", async (_, field, call) => {
    const error = await failure(call());
    expect(error.code).toBe(Code.InvalidArgument);
    expect(error.findDetails(ErrorInfoSchema)).toMatchObject([{ metadata: { field } }]);
    expect(error.findDetails(RequestInfoSchema)).toHaveLength(1);
  });

  it("refuses a page token with another query, filter or order", async () => {
    const { nextPageToken } = await client().listUsers({ query: "a", pageSize: 1 });
    const other = [
      { query: "b" },
      { query: "a", orderBy: "name" },
      { query: "a", searchField: SearchField.NAME },
      { query: "a", filter: { roles: ["admin"] } },
    ];
    for (const request of other) {
      const error = await failure(client().listUsers({ ...request, pageToken: nextPageToken }));
      expect(error.findDetails(ErrorInfoSchema)[0]?.reason).toBe("PAGE_TOKEN_INVALID");
    }
    expect(
      (await client().listUsers({ query: "a", pageToken: nextPageToken })).users.length,
    ).toBeGreaterThan(0);
  });

  it("takes 1,000 keys, and an id and a query of the greatest length", async () => {
    const keys = Array.from({ length: 1_000 }, (_, index) => `user${index}`);
    const found = await client().batchGetUsers({ keys });
    expect(found.users.length + found.notFound.length).toBe(1_000);
    expect((await failure(client().getUser({ userId: "x".repeat(128) }))).code).toBe(Code.NotFound);
    expect((await client().listUsers({ query: "x".repeat(200) })).users).toEqual([]);
  });

  it("never shows an error that is its own", async () => {
    const broken = await startTestBackend({ seedUsers: 5 });
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(broken.databaseFile);
    database.exec("PRAGMA ignore_check_constraints = 1");
    database.exec("UPDATE users SET roles = 'secret text' WHERE id = 'user123'");
    database.close();
    const error = await failure(
      broken.client(await broken.serviceToken()).getUser({ userId: "user123" }),
    );
    expect(error.code).toBe(Code.Internal);
    expect(error.message).not.toContain("secret");
    expect(error.findDetails(ErrorInfoSchema)[0]?.reason).toBe("INTERNAL");
    expect(error.findDetails(RequestInfoSchema)[0]?.requestId).not.toBe("");
    expect(broken.failures).toHaveLength(1);
    await broken.remove();
  });
});
