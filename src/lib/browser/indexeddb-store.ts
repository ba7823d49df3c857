import type { StoredRecord } from "../core/ports.ts";
import { keyStore, recordStore, transact } from "./indexeddb.ts";
import type { DatabaseOptions } from "./indexeddb.ts";
import { createKey, isStoredKey, revisionOf, seal, unseal } from "./record-cipher.ts";
import type { SealedRecord, StoredKey } from "./record-cipher.ts";

/** A record that may fail: what a {@link createResilientStore} makes bearable. */
export interface RecordStore {
  /** The record. Rejects when it cannot be read. */
  read(): Promise<StoredRecord | undefined>;
  /** Writes `next` when the revision is still `expected`, in one step. */
  write(expected: string | undefined, next: StoredRecord): Promise<boolean>;
}

/**
 * The schema is part of the database's name, so that an older and a newer
 * build in one browser never see each other's records.
 */
export const databaseName = "connectrpc-oauth-1";

/**
 * One record in IndexedDB, encrypted with AES-GCM under a key that no script
 * can export: a copy of the browser's files, or of the record, is worth
 * nothing. Every operation rejects when it fails or takes too long.
 */
export function createIndexedDbStore(name: string, options: DatabaseOptions): RecordStore {
  return {
    async read() {
      const { record, key } = await transact<{ record: unknown; key: unknown }>(
        options,
        "readonly",
        (tx, done) => {
          const found = tx.objectStore(recordStore).get(name);
          const foundKey = tx.objectStore(keyStore).get(name);
          foundKey.onsuccess = () => done({ record: found.result, key: foundKey.result });
        },
      );
      const revision = revisionOf(record);
      if (revision === undefined) return undefined;
      return { revision, value: await unseal(name, key, record) };
    },
    async write(expected, next) {
      for (let attempt = 0; attempt < 2; attempt++) {
        const key = await loadKey(name, options);
        const record = await seal(name, key, next.revision, next.value);
        const outcome = await replaceRecord(name, options, { expected, key, record });
        if (outcome !== "key-gone") return outcome === "written";
      }
      throw new Error("The database is emptied again and again.");
    },
  };
}

interface Replacement {
  readonly expected: string | undefined;
  readonly key: StoredKey;
  readonly record: SealedRecord;
}

type Outcome = "written" | "changed" | "key-gone";

/** WebCrypto cannot run inside a transaction, so the key is compared again in it. */
function replaceRecord(
  name: string,
  options: DatabaseOptions,
  { expected, key, record }: Replacement,
): Promise<Outcome> {
  return transact<Outcome>(options, "readwrite", (tx, done) => {
    const records = tx.objectStore(recordStore);
    const present = records.get(name);
    const presentKey = tx.objectStore(keyStore).get(name);
    presentKey.onsuccess = () => {
      const current: unknown = presentKey.result;
      if (!isStoredKey(current) || current.id !== key.id) return done("key-gone");
      if (revisionOf(present.result) !== expected) return done("changed");
      records.put(record, name);
      return done("written");
    };
  });
}

/** The key in the database, or a new one: the first tab to store one wins. */
async function loadKey(name: string, options: DatabaseOptions): Promise<StoredKey> {
  const found = await transact<unknown>(options, "readonly", (tx, done) => {
    const request = tx.objectStore(keyStore).get(name);
    request.onsuccess = () => done(request.result);
  });
  if (isStoredKey(found)) return found;
  const created = await createKey();
  return transact<StoredKey>(options, "readwrite", (tx, done) => {
    const keys = tx.objectStore(keyStore);
    const request = keys.get(name);
    request.onsuccess = () => {
      const present: unknown = request.result;
      if (isStoredKey(present)) return done(present);
      keys.put(created, name);
      return done(created);
    };
  });
}
