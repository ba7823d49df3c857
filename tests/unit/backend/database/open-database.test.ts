import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inTransaction, openDatabase } from "../../../../src/backend/database/index.ts";

const indexModule = new URL("../../../../src/backend/database/index.ts", import.meta.url).href;
const run = promisify(execFile);

describe("openDatabase", () => {
  let dir = "";
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "database-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("opens a fresh file in WAL mode with foreign keys on and every migration recorded", () => {
    const database = openDatabase(join(dir, "a.db"));
    expect(database.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    expect(database.prepare("PRAGMA foreign_keys").get()).toEqual({ foreign_keys: 1 });
    const names = database.prepare("SELECT name FROM schema_migrations ORDER BY name").all();
    expect(names.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["0001-issuer", "0002-users"]),
    );
    database.close();
  });

  it("keeps what was written when it is opened again", () => {
    const file = join(dir, "a.db");
    const first = openDatabase(file);
    first.exec(`INSERT INTO issuer_clients VALUES ('a', 'b')`);
    first.close();
    const second = openDatabase(file);
    expect(second.prepare("SELECT count(*) AS n FROM issuer_clients").get()).toEqual({ n: 1 });
    second.close();
  });

  it("lets six processes open one new file at the same moment", async () => {
    const file = join(dir, "a.db");
    const script = `import(${JSON.stringify(indexModule)}).then(m => m.openDatabase(${JSON.stringify(file)}).close())`;
    await Promise.all(
      Array.from({ length: 6 }, () => run(process.execPath, ["--no-warnings", "-e", script])),
    );
    const database = new DatabaseSync(file);
    expect(database.prepare("SELECT count(*) AS n FROM schema_migrations").get()).toEqual({
      n: new Set(
        database
          .prepare("SELECT name FROM schema_migrations")
          .all()
          .map((row) => row["name"]),
      ).size,
    });
    database.close();
  });

  it("refuses a database of a newer version, in words", () => {
    const file = join(dir, "a.db");
    const newer = openDatabase(file);
    newer.exec("INSERT INTO schema_migrations VALUES ('9999-from-the-future', 0)");
    newer.close();
    expect(() => openDatabase(file)).toThrow(/9999-from-the-future.*newer version/s);
  });

  it("names a file that cannot be opened", () => {
    const file = join(dir, "missing", "a.db");
    expect(() => openDatabase(file)).toThrow(`The database ${file} could not be opened`);
  });
});

describe("inTransaction", () => {
  it("rolls back everything when the work throws", () => {
    const database = openDatabase(":memory:");
    expect(() =>
      inTransaction(database, () => {
        database.exec(`INSERT INTO issuer_clients VALUES ('a', 'b')`);
        throw new Error("stop");
      }),
    ).toThrow("stop");
    expect(database.prepare("SELECT count(*) AS n FROM issuer_clients").get()).toEqual({ n: 0 });
    database.close();
  });

  it("lets nobody else write from its start, before it has written itself", () => {
    const dir = mkdtempSync(join(tmpdir(), "database-"));
    const file = join(dir, "a.db");
    const database = openDatabase(file);
    const other = new DatabaseSync(file, { timeout: 0 });
    const write = () => other.exec("INSERT INTO issuer_clients VALUES ('a', 'b')");
    expect(() => inTransaction(database, write)).toThrow("database is locked");
    write();
    other.close();
    database.close();
    rmSync(dir, { recursive: true });
  });
});
