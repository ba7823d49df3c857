import type { DatabaseSync } from "node:sqlite";
import type { Migration } from "./migrations.ts";
import { inTransaction } from "./in-transaction.ts";

/**
 * Runs what `migrations` has and the database has not, in order, each in a transaction of its own, and records it in
 * the table `schema_migrations`. Safe when two processes start at once: the write lock is taken before looking.
 *
 * @throws Error when the database has recorded a migration that `migrations` does not know, or one fails
 */
export function applyMigrations(database: DatabaseSync, migrations: readonly Migration[]): void {
  database.exec(
    "CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT",
  );
  refuseNewer(database, migrations);
  for (const migration of migrations) apply(database, migration);
}

function refuseNewer(database: DatabaseSync, migrations: readonly Migration[]): void {
  const known = new Set(migrations.map(({ name }) => name));
  for (const { name } of database.prepare("SELECT name FROM schema_migrations").iterate()) {
    if (typeof name === "string" && !known.has(name)) {
      throw new Error(
        `it has the migration "${name}", which this version does not know. It was written by a newer version: ` +
          "start that version, or point this one at another database",
      );
    }
  }
}

function apply(database: DatabaseSync, migration: Migration): void {
  const isApplied = database.prepare("SELECT 1 FROM schema_migrations WHERE name = ?");
  if (isApplied.get(migration.name) !== undefined) return;
  inTransaction(database, () => {
    if (isApplied.get(migration.name) !== undefined) return;
    database.exec(migration.sql);
    database
      .prepare("INSERT INTO schema_migrations (name, applied_at) VALUES (?, ?)")
      .run(migration.name, Date.now());
  });
}
