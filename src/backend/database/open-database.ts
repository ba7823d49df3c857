import { DatabaseSync } from "node:sqlite";
import { applyMigrations } from "./apply-migrations.ts";
import { migrations } from "./migrations.ts";

const BUSY_TIMEOUT_MS = 5_000;
// Reading mapped pages halves what a search over many users costs; SQLite maps 2 GB at most.
const PRAGMAS =
  "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA mmap_size = 2147418112";

/**
 * Opens the embedded database and brings its schema up to date. Several processes may hold the same file at once.
 *
 * @param file a path, or ":memory:"
 * @throws Error when the file cannot be opened, is no database, or was written by a newer version of this program
 */
export function openDatabase(file: string): DatabaseSync {
  const database = connect(file);
  try {
    database.exec(PRAGMAS);
    applyMigrations(database, migrations);
    return database;
  } catch (error) {
    database.close();
    throw new Error(`The database ${file} could not be made ready: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function connect(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  } catch (error) {
    throw new Error(
      `The database ${file} could not be opened: ${messageOf(error)}. Check that its folder exists and may be written to.`,
      { cause: error },
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
