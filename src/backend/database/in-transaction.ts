import type { DatabaseSync } from "node:sqlite";

/**
 * Runs `work` in one transaction that holds the write lock from its start (`BEGIN IMMEDIATE`), so that what it reads
 * cannot change before it writes. Rolls back and rethrows when `work` throws.
 */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
