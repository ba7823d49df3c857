import { describe, expect, it } from "vitest";
import { openDatabase } from "../../../../src/backend/database/index.ts";
import { seedUsers } from "../../../../src/backend/users/seed.ts";
import { createUserStore } from "../../../../src/backend/users/store.ts";
import type { UserStore } from "../../../../src/backend/users/store.ts";
import { listAll } from "../../../support/users.ts";

const nowMs = Date.UTC(2026, 0, 1);

function seeded(count: number): UserStore {
  const database = openDatabase(":memory:");
  seedUsers(database, count, nowMs);
  return createUserStore(database);
}

describe("seeding users", () => {
  it("makes as many as asked for, the same every time", async () => {
    const users = await listAll(seeded(500), { pageSize: 200 });
    expect(users).toHaveLength(500);
    expect(await listAll(seeded(500), { pageSize: 200 })).toEqual(users);
  });

  it("gives the first 95 percent counted ids and the others UUIDs", () => {
    const store = seeded(500);
    expect(store.get("user1")).toBeDefined();
    expect(store.get("user475")).toBeDefined();
    expect(store.get("user476")).toBeUndefined();
  });

  it.each([1, 2, 50, 500])("knows Ada Lovelace as user123 among %d", (count) => {
    expect(seeded(count).get("user123")).toMatchObject({
      name: "Ada Lovelace",
      email: "ada@analytical.example",
      roles: ["billing", "editor"],
      locale: "en-GB",
    });
  });

  it("makes none when none are wanted", async () => {
    expect(await listAll(seeded(0))).toEqual([]);
  });

  it("leaves a database alone that has users", async () => {
    const database = openDatabase(":memory:");
    seedUsers(database, 20, nowMs);
    database.exec("UPDATE users SET name = 'Changed' WHERE id = 'user123'");
    seedUsers(database, 500, nowMs);
    const users = await listAll(createUserStore(database), { pageSize: 200 });
    expect(users).toHaveLength(20);
    expect(users.some(({ name }) => name === "Changed")).toBe(true);
  });

  it("makes a lifelike crowd", async () => {
    const users = await listAll(seeded(2_000), { pageSize: 200 });
    const share = (holds: (user: (typeof users)[number]) => boolean) =>
      users.filter(holds).length / users.length;
    expect(share(({ status }) => status === 1)).toBeGreaterThan(0.8);
    for (const status of [2, 3, 4])
      expect(share((user) => user.status === status)).toBeGreaterThan(0.01);
    expect(share(({ lastSignInTimeMs }) => lastSignInTimeMs === 0)).toBeGreaterThan(0.03);
    expect(share((user) => user.lastSignInTimeMs < nowMs - 90 * 86_400_000)).toBeGreaterThan(0.1);
    expect(share(({ name }) => /[^ -~]/.test(name))).toBeGreaterThan(0.4);
    expect(new Set(users.map(({ locale }) => locale)).size).toBeGreaterThan(15);
    expect(
      users.every(({ email }) =>
        /^[a-z0-9.-]+@([a-z]+\.)?[a-z]+\.?(com|org|net|example)$/.test(email),
      ),
    ).toBe(true);
    expect(users.every((user) => user.createTimeMs < nowMs && user.lastSignInTimeMs <= nowMs)).toBe(
      true,
    );
    expect(
      users.every(
        (user) => user.lastSignInTimeMs === 0 || user.lastSignInTimeMs >= user.createTimeMs,
      ),
    ).toBe(true);
  });
});
