import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyMigrations } from "../../../../src/backend/database/apply-migrations.ts";
import { openDatabase } from "../../../../src/backend/database/index.ts";
import { migrations } from "../../../../src/backend/database/migrations.ts";
import { fillUsers } from "../../../../src/backend/users/fill-users.ts";
import { createUserStore } from "../../../../src/backend/users/store.ts";
import type { UserStore } from "../../../../src/backend/users/store.ts";
import { listAll, listPage, listPages, newUser } from "../../../support/users.ts";

let folder: string;
let own: DatabaseSync;
let other: DatabaseSync;
let store: UserStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "users-"));
  own = openDatabase(join(folder, "users.sqlite"));
  fillUsers(own, [newUser({ id: "1", name: "Ada Lovelace" }), newUser({ id: "2", name: "Otto" })]);
  store = createUserStore(own);
  other = new DatabaseSync(join(folder, "users.sqlite"));
});

afterEach(() => {
  other.close();
  own.close();
  rmSync(folder, { recursive: true, force: true });
});

async function idsFor(query: string): Promise<string[]> {
  return (await listAll(store, { query })).map(({ id }) => id);
}

/** Adds so many, with numbers from `first` on. */
function addUsers(count: number, name: string, first = 3): void {
  other.exec(
    `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1}) ` +
      "INSERT INTO users (seq, id, name, email) " +
      `SELECT ${first} + i, 'n' || (${first} + i), '${name}', '0' || (${first} + i) || '@example.com' FROM n`,
  );
}

describe("users that another connection writes with plain SQL", () => {
  it("are found by their new name and no more by the old one", async () => {
    other.exec("UPDATE users SET name = 'Zoë Ångström' WHERE id = '1'");
    expect(await idsFor("angstrom")).toEqual(["1"]);
    expect(await idsFor("ngst")).toEqual(["1"]);
    expect(await idsFor("z")).toEqual(["1"]);
    expect(await idsFor("lovelace")).toEqual([]);
    expect(await idsFor("lov")).toEqual([]);
  });

  it("are found after they were added, and gone after they were deleted", async () => {
    other.exec("INSERT INTO users (id, name, email) VALUES ('3', 'Élodie', 'e@example.com')");
    expect(await idsFor("elodie")).toEqual(["3"]);
    expect(await idsFor("")).toHaveLength(3);
    other.exec("DELETE FROM users WHERE id = '3'");
    expect(await idsFor("elodie")).toEqual([]);
    expect(await idsFor("")).toHaveLength(2);
  });

  it("have nothing of those whose number they got, nor take anything from them", async () => {
    const insert = "INSERT INTO users (seq, id, name, email) VALUES";
    const order = { field: "name", descending: false } as const;
    other.exec("DELETE FROM users WHERE id = '1'");
    other.exec(`${insert} (1, '3', 'Zoe', 'zoe@example.com')`);
    expect(await listAll(store, { query: "l", order })).toEqual([]);
    other.exec(`DELETE FROM users WHERE id = '3'; ${insert} (1, '4', 'Zoe', 'z@example.com')`);
    expect(await listAll(store, { query: "z", order })).toMatchObject([{ id: "4" }]);
    other.exec(
      `UPDATE users SET seq = 9 WHERE id = '4'; ${insert} (1, '5', 'Bo', 'b@example.com')`,
    );
    expect(await listAll(store, { query: "z", order })).toMatchObject([{ id: "4" }]);
    expect(await listAll(store, { query: "b", order })).toMatchObject([{ id: "5" }]);
  });

  it("are counted without those who were deleted", async () => {
    const order = { field: "name", descending: false } as const;
    other.exec("UPDATE users SET name = 'Ada Olson' WHERE id = '1'");
    other.exec("INSERT INTO users (id, name, email) VALUES ('3', 'Ona', 'ona@example.com')");
    expect(await listPages(store, { query: "o", order, pageSize: 1 })).toHaveLength(3);
    other.exec("DELETE FROM users WHERE id = '3'");
    const [page] = await listPages(store, { query: "o", order, pageSize: 1 });
    expect(page?.total).toEqual({ size: 2, isEstimated: false });
  });

  it("have nothing of those who were deleted before the database took note of it", async () => {
    const database = new DatabaseSync(":memory:");
    applyMigrations(database, migrations.slice(0, 2));
    database.exec("INSERT INTO user_words (word, name_key, seq) VALUES ('quentin', 'quentin', 1)");
    database.exec(
      "INSERT INTO users (seq, id, name, email) VALUES (1, '1', 'Zoe', 'z@example.com')",
    );
    applyMigrations(database, migrations);
    const order = { field: "name", descending: false } as const;
    expect(await listAll(createUserStore(database), { query: "q", order })).toEqual([]);
    expect(await listAll(createUserStore(database), { query: "z", order })).toHaveLength(1);
  });

  it("are listed and counted once, however far apart their numbers are", async () => {
    const insert = "INSERT INTO users (seq, id, name, email) VALUES";
    other.exec(`${insert} (5000000000, 'qa', 'Qadir Qamar', 'qadir@example.com')`);
    other.exec(`${insert} (700000, 'qb', 'Qadan Qureshi', 'qadan@example.com')`);
    const order = { field: "name", descending: false } as const;
    const pages = await listPages(store, { query: "q", order, pageSize: 1 });
    expect(pages.map(({ users }) => users.map(({ id }) => id))).toEqual([["qb"], ["qa"]]);
    expect(pages[0]?.total).toEqual({ size: 2, isEstimated: false });
    other.exec(`${insert} (-7, 'za', 'Zita Zuse', 'zita@example.com')`);
    expect(await listAll(store, { query: "z", order })).toMatchObject([{ id: "za" }]);
    const [page, ...others] = await listPages(store, { pageSize: 1 });
    expect(page?.total).toEqual({ size: others.length + 1, isEstimated: false });
    addUsers(100, "Crowd", -1_000);
    expect(await idsFor("rowd")).toHaveLength(100);
  });

  it("are counted anew as the many who were added or deleted come into the index", async () => {
    const order = { field: "name", descending: false } as const;
    const total = async () =>
      (await listPages(store, { query: "z", order, pageSize: 1 }))[0]?.total;
    addUsers(500, "Zed");
    for (let search = 0; search < 3; search++) await total();
    expect((await total())?.size).toBe(500);
    other.exec("DELETE FROM users WHERE seq > 50");
    for (let search = 0; search < 4; search++) expect((await total())?.size).toBe(48);
  });

  it("are not taken for the many who were deleted and whose numbers they got", async () => {
    const order = { field: "name", descending: false } as const;
    addUsers(500, "Zed");
    for (let search = 0; search < 3; search++) await idsFor("z");
    other.exec("BEGIN; DELETE FROM users WHERE name = 'Zed'");
    addUsers(500, "Bo");
    other.exec("COMMIT");
    for (let search = 0; search < 4; search++) {
      expect(await listPage(store, { query: "z", order })).toMatchObject({
        users: [],
        total: { size: 0 },
      });
    }
    expect(await idsFor("b")).toHaveLength(500);
  });

  it("keep their words when the one of the same name and number is forgotten later", async () => {
    const order = { field: "name", descending: false } as const;
    addUsers(300, "Zed");
    for (let search = 0; search < 2; search++) await idsFor("z");
    other.exec("DELETE FROM users WHERE name = 'Zed'");
    addUsers(1, "Zed", 302);
    for (let search = 0; search < 3; search++) {
      expect(await listAll(store, { query: "z", order })).toMatchObject([{ name: "Zed" }]);
    }
  });

  it("are found again when they come back as they were, with their keys", async () => {
    const order = { field: "name", descending: false } as const;
    other.exec("INSERT INTO users (id, name, email) VALUES ('7', 'Zed', 'x@example.com')");
    for (const isForgotten of [false, true]) {
      expect(await listAll(store, { query: "z", order })).toMatchObject([{ id: "7" }]);
      other.exec("CREATE TABLE saved AS SELECT * FROM users WHERE id = '7'");
      other.exec("DELETE FROM users WHERE id = '7'");
      if (isForgotten) expect(await idsFor("z")).toEqual([]);
      other.exec("INSERT INTO users SELECT * FROM saved; DROP TABLE saved");
    }
    expect(await listAll(store, { query: "z", order })).toMatchObject([{ id: "7" }]);
  });

  it("are found by the name that they are given together with its keys", async () => {
    const order = { field: "name", descending: false } as const;
    const sizes = async () => {
      const pages = ["z", "b"].map((query) => listPage(store, { query, order, pageSize: 1 }));
      return (await Promise.all(pages)).map(({ total }) => total.size);
    };
    addUsers(2, "Zo");
    addUsers(2, "Bob", 5);
    other.exec("INSERT INTO users (id, name, email) VALUES ('7', 'Zed', 'x@example.com')");
    expect(await sizes()).toEqual([3, 2]);
    other.exec("CREATE TABLE saved AS SELECT * FROM users WHERE id = '7'");
    other.exec("UPDATE users SET name = 'Bo' WHERE id = '7'");
    expect(await sizes()).toEqual([2, 3]);
    const keys = ["name", "name_key", "search_key"].map((key) => `${key} = excluded.${key}`);
    other.exec(
      `INSERT INTO users SELECT * FROM saved WHERE TRUE ON CONFLICT (id) DO UPDATE SET ${keys.join(", ")}`,
    );
    expect(await sizes()).toEqual([3, 2]);
  });

  it("are found when all numbers are below zero", async () => {
    other.exec("UPDATE users SET seq = -10 * seq");
    const order = { field: "name", descending: true } as const;
    expect(await listAll(store, { query: "o", order })).toMatchObject([{ id: "2" }]);
    const [page] = await listPages(store, { pageSize: 1 });
    expect(page?.total).toEqual({ size: 2, isEstimated: false });
  });

  it("can be updated by an import that inserts or updates", async () => {
    const upsert =
      "INSERT INTO users (id, name, email) VALUES ('2', 'Ottilie', 'o@example.com') " +
      "ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email";
    other.exec(upsert);
    other.exec(upsert);
    expect(await idsFor("ottilie")).toEqual(["2"]);
    expect(await idsFor("o@example")).toEqual(["2"]);
  });

  it("get a larger version and a new time, whether the writer thinks of it or not", () => {
    other.exec("UPDATE users SET status = 2 WHERE id = '1'");
    expect(store.get("1")).toMatchObject({ status: 2, version: 2 });
    expect(store.get("1")?.updateTimeMs).toBeGreaterThan(1_000);
    other.exec("UPDATE users SET roles = '[\"x\"]', version = 9 WHERE id = '1'");
    expect(store.get("1")).toMatchObject({ roles: ["x"], version: 9 });
    expect(store.get("2")).toMatchObject({ version: 1 });
  });

  it("keep their version when only the search index is brought up to date", async () => {
    other.exec("UPDATE users SET name = 'Grace' WHERE id = '1'");
    await idsFor("grace");
    expect(store.get("1")).toMatchObject({ version: 2 });
  });

  it("change the stamp, as do those of this connection", () => {
    const first = store.changeStamp();
    expect(store.changeStamp()).toBe(first);
    other.exec("UPDATE users SET status = 2 WHERE id = '1'");
    const second = store.changeStamp();
    expect(second).not.toBe(first);
    own.exec("UPDATE users SET status = 1 WHERE id = '1'");
    expect(store.changeStamp()).not.toBe(second);
  });

  it("hold nobody up while they are being written", async () => {
    other.exec("UPDATE users SET name = 'Grace' WHERE id = '1'");
    other.exec("BEGIN IMMEDIATE");
    const beganAt = performance.now();
    expect(await idsFor("otto")).toEqual(["2"]);
    expect(performance.now() - beganAt).toBeLessThan(1_000);
    other.exec("COMMIT");
    expect(await idsFor("grace")).toEqual(["1"]);
    expect(own.prepare("PRAGMA busy_timeout").get()).toEqual({ timeout: 5_000 });
  });

  it("are refused when they are no users", () => {
    for (const set of ["status = 7", "roles = 'x'", "email = '2@example.com'", "name = NULL"]) {
      expect(() => other.exec(`UPDATE users SET ${set} WHERE id = '1'`)).toThrow(
        "constraint failed",
      );
    }
  });
});
