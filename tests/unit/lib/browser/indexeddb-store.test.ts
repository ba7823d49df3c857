import { IDBDatabase, IDBFactory, IDBObjectStore } from "fake-indexeddb";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createIndexedDbStore } from "../../../../src/lib/browser/indexeddb-store.ts";
import { UnreadableRecordError } from "../../../../src/lib/browser/record-cipher.ts";
import { createDeferred } from "../../../support/deferred.ts";
import { createManualClock } from "../../../support/server/manual-clock.ts";
import { waitFor } from "../../../support/wait-for.ts";

const databaseName = "store-test";

function createStore(
  factory: IDBFactory | (() => IDBFactory) = new IDBFactory(),
  name = "session",
) {
  const clock = createManualClock();
  const open = typeof factory === "function" ? factory : () => factory;
  const store = createIndexedDbStore(name, {
    databaseName,
    clock,
    timeoutMs: 2_000,
    factory: open,
  });
  return { store, clock };
}

/** Everything in the database, or a change to it, as another script would see it. */
async function inside<T>(factory: IDBFactory, work: (database: IDBDatabase) => T): Promise<T> {
  const opened = createDeferred<IDBDatabase>();
  const request = factory.open(databaseName);
  request.onsuccess = () => opened.resolve(request.result);
  const database = await opened.promise;
  const result = work(database);
  database.close();
  return result;
}

function contents(factory: IDBFactory, store: string): Promise<unknown[]> {
  return inside(factory, (database) => {
    const found = createDeferred<unknown[]>();
    const request = database.transaction(store).objectStore(store).getAll();
    request.onsuccess = () => found.resolve(request.result);
    return found.promise;
  }).then((all) => all);
}

function overwrite(factory: IDBFactory, store: string, value: unknown): Promise<void> {
  return inside(factory, (database) => {
    const done = createDeferred();
    const transaction = database.transaction(store, "readwrite");
    transaction.objectStore(store).put(value, "session");
    transaction.oncomplete = () => done.resolve();
    return done.promise;
  }).then((all) => all);
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("what lies in the database", () => {
  test("holds neither the value nor a key that a script could take away", async () => {
    const factory = new IDBFactory();
    await createStore(factory).store.write(undefined, { revision: "r1", value: "secret-token" });
    const [record] = await contents(factory, "records");
    expect(JSON.stringify(record)).not.toContain("secret");
    const bytes = Buffer.from((record as { sealed: { data: ArrayBuffer } }).sealed.data);
    expect(bytes.includes("secret")).toBe(false);
    const [key] = (await contents(factory, "keys")) as { key: CryptoKey }[];
    expect(key?.key.extractable).toBe(false);
    expect(key?.key.algorithm).toEqual({ name: "AES-GCM", length: 256 });
  });

  test("is encrypted anew each time, so that equal values look different", async () => {
    const factory = new IDBFactory();
    const { store } = createStore(factory);
    await store.write(undefined, { revision: "r1", value: "same" });
    const before = await contents(factory, "records");
    await store.write("r1", { revision: "r2", value: "same" });
    expect(await contents(factory, "records")).not.toEqual(before);
  });

  test("keeps sessions of other issuers and clients apart", async () => {
    const factory = new IDBFactory();
    const one = createStore(factory, "one").store;
    const other = createStore(factory, "other").store;
    await one.write(undefined, { revision: "r1", value: "1" });
    expect(await other.read()).toBeUndefined();
    expect(await other.write(undefined, { revision: "r1", value: "2" })).toBe(true);
    expect(await one.read()).toEqual({ revision: "r1", value: "1" });
  });

  test("is not held open, so that it can be deleted", async () => {
    const factory = new IDBFactory();
    const { store } = createStore(factory);
    await store.write(undefined, { revision: "r1", value: "1" });
    const deleted = createDeferred<string>();
    const request = factory.deleteDatabase(databaseName);
    request.onsuccess = () => deleted.resolve("deleted");
    request.onblocked = () => deleted.resolve("blocked");
    expect(await deleted.promise).toBe("deleted");
    expect(await store.read()).toBeUndefined();
    expect(await store.write(undefined, { revision: "r2", value: "2" })).toBe(true);
    expect(await store.read()).toEqual({ revision: "r2", value: "2" });
  });
});

describe("a connection", () => {
  test("is closed after every operation, also one that fails", async () => {
    const factory = new IDBFactory();
    const open = vi.spyOn(factory, "open");
    const close = vi.spyOn(IDBDatabase.prototype, "close");
    const { store } = createStore(factory);
    await store.write(undefined, { revision: "r1", value: "1" });
    vi.spyOn(IDBObjectStore.prototype, "get").mockImplementation(() => {
      throw new DOMException("broken", "UnknownError");
    });
    await expect(store.read()).rejects.toThrow("broken");
    expect(close).toHaveBeenCalledTimes(open.mock.calls.length);
  });

  test("may be cut by a deletion in the middle of a write, which then begins anew", async () => {
    const factory = new IDBFactory();
    const { store } = createStore(factory);
    await store.write(undefined, { revision: "r1", value: "1" });
    const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
    vi.spyOn(crypto.subtle, "encrypt").mockImplementationOnce(async (...call) => {
      await emptied(factory);
      return encrypt(...call);
    });
    expect(await store.write(undefined, { revision: "r2", value: "2" })).toBe(true);
    expect(await store.read()).toEqual({ revision: "r2", value: "2" });
  });
});

function emptied(factory: IDBFactory): Promise<void> {
  const done = createDeferred();
  const request = factory.deleteDatabase(databaseName);
  request.onsuccess = () => done.resolve();
  return done.promise;
}

describe("a record that was damaged", () => {
  const damages: [string, (factory: IDBFactory) => Promise<void>][] = [
    ["a value of another shape", (factory) => overwrite(factory, "records", "rubbish")],
    ["a record without a revision", (factory) => overwrite(factory, "records", { sealed: {} })],
    [
      "a value that is not encrypted",
      (factory) => overwrite(factory, "records", { revision: "r1", sealed: "plain" }),
    ],
    [
      "a ciphertext that was changed",
      async (factory) => {
        const [record] = (await contents(factory, "records")) as {
          sealed: { iv: Uint8Array; data: ArrayBuffer };
        }[];
        if (record === undefined) throw new Error("there is no record");
        const data = record.sealed.data.slice();
        new Uint8Array(data).fill(0, 0, 4);
        await overwrite(factory, "records", { ...record, sealed: { ...record.sealed, data } });
      },
    ],
    [
      "an old ciphertext under a new revision",
      async (factory) => {
        const [record] = await contents(factory, "records");
        await overwrite(factory, "records", { ...(record as object), revision: "r9" });
      },
    ],
    ["a key of another shape", (factory) => overwrite(factory, "keys", { id: 1 })],
  ];

  test.each(damages)("is reported as unreadable and can be replaced: %s", async (_, damage) => {
    const factory = new IDBFactory();
    const { store } = createStore(factory);
    await store.write(undefined, { revision: "r1", value: "tokens" });
    await damage(factory);
    const error = await store.read().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnreadableRecordError);
    expect(String(error)).not.toContain("tokens");
    const { revision } = error as UnreadableRecordError;
    expect(await store.write(revision, { revision: "r2", value: "new" })).toBe(true);
    expect(await store.read()).toEqual({ revision: "r2", value: "new" });
  });
});

describe("a database that does not work", () => {
  test("fails when the browser forbids it", async () => {
    const forbidden = new DOMException("no", "SecurityError");
    const { store, clock } = createStore(() => {
      throw forbidden;
    });
    await expect(store.read()).rejects.toBe(forbidden);
    await expect(store.write(undefined, { revision: "r", value: "1" })).rejects.toBe(forbidden);
    expect(clock.timers).toBe(0);
  });

  test("fails after its time when opening never ends, and lets go of a late connection", async () => {
    const factory = new IDBFactory();
    const late = createDeferred();
    const close = vi.fn();
    const request = { result: { close, onversionchange: null } } as unknown as IDBOpenDBRequest;
    vi.spyOn(factory, "open").mockReturnValue(request);
    const { store, clock } = createStore(factory);
    const reading = store.read();
    const outcome = expect(reading).rejects.toThrow("2000 ms");
    clock.advance(2_000);
    await outcome;
    request.onsuccess?.(new Event("success"));
    late.resolve();
    await late.promise;
    await waitFor(() => expect(close).toHaveBeenCalled());
  });

  test("fails when it is full, and keeps what was there", async () => {
    const factory = new IDBFactory();
    const { store } = createStore(factory);
    await store.write(undefined, { revision: "r1", value: "1" });
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function put(
      this: IDBObjectStore,
    ) {
      this.transaction.abort();
      throw new DOMException("full", "QuotaExceededError");
    });
    await expect(store.write("r1", { revision: "r2", value: "2" })).rejects.toThrow();
    vi.restoreAllMocks();
    expect(await store.read()).toEqual({ revision: "r1", value: "1" });
  });
});

describe("two tabs with a fresh database", () => {
  test("agree on one key", async () => {
    const factory = new IDBFactory();
    const here = createStore(factory).store;
    const there = createStore(factory).store;
    const written = await Promise.all([
      here.write(undefined, { revision: "a", value: "a" }),
      there.write(undefined, { revision: "b", value: "b" }),
    ]);
    expect(written.filter(Boolean)).toHaveLength(1);
    expect(await here.read()).toEqual(await there.read());
    expect(await contents(factory, "keys")).toHaveLength(1);
  });
});
