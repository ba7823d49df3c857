import type { Clock } from "../core/ports.ts";

/** The object stores of our database: keys and encrypted records, by name. */
export const keyStore = "keys";
/** See {@link keyStore}. */
export const recordStore = "records";

/** Where and how long. */
export interface DatabaseOptions {
  readonly databaseName: string;
  readonly clock: Clock;
  /** How long one transaction, including the opening, may take. */
  readonly timeoutMs: number;
  /** Called each time; may throw. */
  readonly factory: () => IDBFactory;
}

/**
 * Runs `work` in one transaction of its own connection, which is closed
 * afterwards: a connection that is kept would block the deletion of the
 * database, and break when the browser evicts it. Resolves with what `work`
 * passed to `done`, once the transaction is complete. Rejects when anything
 * fails or takes too long; then the transaction is aborted.
 */
export async function transact<T>(
  options: DatabaseOptions,
  mode: IDBTransactionMode,
  work: (transaction: IDBTransaction, done: (result: T) => void) => void,
): Promise<T> {
  const limit = createLimit(options);
  try {
    const database = await openDatabase(options, limit);
    try {
      return await runTransaction(database, mode, work, limit);
    } finally {
      database.close();
    }
  } finally {
    limit.stop();
  }
}

interface Limit {
  readonly stop: () => void;
  /** Rejects when the time is over. */
  readonly over: Promise<never>;
}

function createLimit({ clock, timeoutMs }: DatabaseOptions): Limit {
  let stop = (): void => undefined;
  const over = new Promise<never>((_, reject) => {
    stop = clock.after(timeoutMs, () =>
      reject(new Error(`IndexedDB did not answer within ${timeoutMs} ms.`)),
    );
  });
  over.catch(() => undefined);
  return { stop, over };
}

function openDatabase(options: DatabaseOptions, limit: Limit): Promise<IDBDatabase> {
  const opened = new Promise<IDBDatabase>((resolve, reject) => {
    const request = options.factory().open(options.databaseName, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(keyStore);
      request.result.createObjectStore(recordStore);
    };
    request.onsuccess = () => {
      const database = request.result;
      database.onversionchange = () => database.close();
      // After the time is over nobody takes it, and it must not block others.
      limit.over.catch(() => database.close());
      resolve(database);
    };
    request.onerror = () => reject(request.error ?? new Error("IndexedDB could not be opened."));
  });
  return Promise.race([opened, limit.over]);
}

function runTransaction<T>(
  database: IDBDatabase,
  mode: IDBTransactionMode,
  work: (transaction: IDBTransaction, done: (result: T) => void) => void,
  limit: Limit,
): Promise<T> {
  const finished = new Promise<T>((resolve, reject) => {
    const transaction = database.transaction([keyStore, recordStore], mode);
    let outcome: { readonly result: T } | undefined;
    const fail = () =>
      reject(transaction.error ?? new Error("The IndexedDB transaction was aborted."));
    transaction.oncomplete = () => (outcome === undefined ? fail() : resolve(outcome.result));
    transaction.onabort = fail;
    limit.over.catch(() => abort(transaction));
    work(transaction, (result) => {
      outcome = { result };
    });
  });
  return Promise.race([finished, limit.over]);
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It had already come to its end.
  }
}
