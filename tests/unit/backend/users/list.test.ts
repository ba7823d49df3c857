import { describe, expect, it } from "vitest";
import { fold } from "../../../../src/backend/users/fold.ts";
import { seedUser } from "../../../../src/backend/users/seed-user.ts";
import type { OrderField } from "../../../../src/backend/users/user-order.ts";
import type { UserFilter } from "../../../../src/backend/users/user-filter.ts";
import type { NewUser } from "../../../../src/backend/users/fill-users.ts";
import { everybody, listAll, listPage, newUser, storeOf } from "../../../support/users.ts";

const nowMs = Date.UTC(2026, 0, 1);
const people = Array.from({ length: 3_300 }, (_, index) =>
  seedUser(index + 1, `user${index + 1}`, nowMs),
);
const { store } = storeOf(people);
const none: UserFilter = { statuses: [], roles: [] };
const yearMs = 365 * 86_400_000;

const keys: Record<OrderField, (user: NewUser) => string | number> = {
  name: (user) => fold(user.name),
  email: (user) => fold(user.email),
  create_time: (user) => user.createTimeMs,
  last_sign_in_time: (user) => user.lastSignInTimeMs,
};

function compare(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

function sorted(users: readonly NewUser[], field: OrderField, descending: boolean): string[] {
  const key = keys[field];
  const ascending = users.toSorted((a, b) => compare(key(a), key(b)) || compare(a.id, b.id));
  return (descending ? ascending.toReversed() : ascending).map(({ id }) => id);
}

describe("listing users", () => {
  const orders = (["name", "email", "create_time", "last_sign_in_time"] as const).flatMap((field) =>
    [false, true].map((descending) => ({ field, descending })),
  );

  it.each(orders)(
    "pages through all by $field (descending: $descending), each once",
    async (order) => {
      const listed = await listAll(store, { order, pageSize: 117 });
      expect(listed.map(({ id }) => id)).toEqual(sorted(people, order.field, order.descending));
    },
  );

  it.each(orders)("orders matches by $field (descending: $descending)", async (order) => {
    const listed = await listAll(store, { order, query: "exa", pageSize: 90 });
    const found = new Set(
      (await listAll(store, { query: "exa", pageSize: 200 })).map(({ id }) => id),
    );
    const expected = people.filter(({ id }) => found.has(id));
    expect(listed.map(({ id }) => id)).toEqual(sorted(expected, order.field, order.descending));
  });

  it("orders by name when nothing is said", async () => {
    const listed = await listAll(store, { pageSize: 200 });
    expect(listed.map(({ id }) => id)).toEqual(sorted(people, "name", false));
  });

  const filters: [string, UserFilter, (user: NewUser) => boolean][] = [
    ["one status", { ...none, statuses: [2] }, ({ status }) => status === 2],
    ["two statuses", { ...none, statuses: [3, 4] }, ({ status }) => status === 3 || status === 4],
    ["a role", { ...none, roles: ["billing"] }, ({ roles }) => roles.includes("billing")],
    [
      "any of two roles",
      { ...none, roles: ["admin", "editor"] },
      ({ roles }) => roles.includes("admin") || roles.includes("editor"),
    ],
    ["a part of a role", { ...none, roles: ["bill"] }, () => false],
    [
      "a creation range",
      { ...none, createdFromMs: nowMs - 3 * yearMs, createdBeforeMs: nowMs - yearMs },
      ({ createTimeMs }) => createTimeMs >= nowMs - 3 * yearMs && createTimeMs < nowMs - yearMs,
    ],
    ["never signed in", { ...none, hasNeverSignedIn: true }, (user) => user.lastSignInTimeMs === 0],
    [
      "not signed in for 90 days",
      { ...none, notSignedInSinceMs: nowMs - 90 * 86_400_000 },
      (user) => user.lastSignInTimeMs < nowMs - 90 * 86_400_000,
    ],
    [
      "not signed in since before 1970",
      { ...none, notSignedInSinceMs: -5 },
      (user) => user.lastSignInTimeMs === 0,
    ],
  ];

  it.each(filters)("keeps only %s, in every order, and counts them", async (_, filter, holds) => {
    const expected = people.filter(holds);
    for (const order of orders) {
      const listed = await listAll(store, { filter, order, pageSize: 131 });
      const ids = listed.map(({ id }) => id);
      expect(ids).toEqual(sorted(expected, order.field, order.descending));
    }
    const { total } = await listPage(store, { filter, pageSize: 1 });
    expect(total).toEqual({ size: expected.length, isEstimated: false });
  });

  it("filters what it finds", async () => {
    const filter = { ...none, statuses: [2, 3] };
    const found = await listAll(store, { query: "ma" });
    const expected = found.filter(({ status }) => status === 2 || status === 3);
    expect(await listAll(store, { query: "ma", filter })).toEqual(expected);
  });

  it("estimates a total beyond 10,000, not far off", async () => {
    const many = Array.from({ length: 12_000 }, (_, index) => newUser({ id: `many${index}` }));
    const large = storeOf(many).store;
    for (const query of ["", "many", "m"]) {
      const { total } = await listPage(large, { query, pageSize: 1 });
      expect(total).toEqual({ size: 12_000, isEstimated: true });
    }
  });

  it("refuses the token of another list", async () => {
    const first = await listPage(store, { query: "ma", pageSize: 1 });
    const again = { ...everybody, query: "ma", pageToken: first.nextPageToken };
    expect(await store.list(again)).not.toBe("page-token");
    expect(await store.list({ ...again, query: "m" })).toBe("page-token");
    expect(await store.list({ ...again, filter: { ...none, statuses: [1] } })).toBe("page-token");
    const order = { field: "name", descending: false } as const;
    expect(await store.list({ ...again, order })).toBe("page-token");
  });

  it("stops for a caller who has gone, and gives way to others meanwhile", async () => {
    const gone = AbortSignal.abort(new Error("gone"));
    const request = { ...everybody, filter: { ...none, roles: ["nobody"] } };
    await expect(store.list(request, gone)).rejects.toThrow("gone");
  });
});
